import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { explainStatus } from "../server/problem";
import { ended } from "../watch/fold";
import { fraction, type Live } from "../watch/live";
import { percent } from "../words/numbers";
import { beginning, doing, headline, setback } from "../words/telling";
import { saidBy, writing } from "../words/writing";
import { Announcer } from "./announcer";
import { useArtifact } from "./artifact";
import { Bar } from "./bar";
import { FallbackNote } from "./fallback";
import { Leaf } from "./leaf";
import { Measures } from "./measures";
import { Notify, useNotification } from "./notify";
import { ProblemNote } from "./problem";
import { Ratings } from "./rating";
import { Steering, useHeadline } from "./steering";
import { Taking } from "./taking";
import { useTitle } from "./title";
import { Work } from "./work";

/** A text or an app, from the first word to what is kept of it. */
export function Writing({ live, kind }: { live: Live; kind: Kind }) {
  const { generation } = live;
  const { state, resource, steps } = generation;
  const over = ended(generation);
  const done = state === State.COMPLETED;
  const { artifact: kept } = useArtifact(done ? resource : "");
  // Another draft takes its place; what this one wrote stands in its log.
  const artifact = kept?.generation === generation.name ? kept : undefined;
  const step = writing(generation);
  const said = saidBy(generation);
  const share = fraction(live);
  useTitle(
    over
      ? `${artifact?.title || headline(live)} – Hatchery`
      : `${percent(share)} – ${headline(live)}`,
  );
  useNotification(live);
  useHeadline(over);
  return (
    <section class="writing" aria-labelledby="headline">
      <div class="writing-head">
        <h1 id="headline" tabIndex={-1}>
          {artifact && kind === Kind.APP ? <bdi>{artifact.title}</bdi> : headline(live)}
        </h1>
        <p class="description">
          <bdi>“{beginning(generation)}”</bdi>
        </p>
        {!over && <Bar fraction={share} label="How far it is" still={state !== State.RUNNING} />}
        {!over && <p class="meter-line">{doing(live)}</p>}
        {!over && setback(live) && <p class="meter-setback">{setback(live)}</p>}
        {!over && <Steering live={live} />}
      </div>
      <Measures live={live} />
      <div class="writing-work">
        {said ? (
          <Work
            kind={kind}
            said={said}
            attempt={step?.attempt ?? 0}
            content={artifact?.content}
            open={!over && !step?.result}
            writing={state === State.RUNNING && !step?.result}
          />
        ) : (
          <Leaf kind={kind} fraction={share} />
        )}
      </div>
      <div class="writing-side">
        {state === State.FAILED && <ProblemNote problem={explainStatus(generation.error)} />}
        {steps.map(
          ({ step, result }) =>
            result?.fallback && <FallbackNote key={step} fallback={result.fallback} />,
        )}
        {done && <Ratings generation={generation} />}
        {done && said && (
          <div class="buttons">
            <Taking kind={kind} title={artifact?.title ?? ""} content={artifact?.content ?? said} />
          </div>
        )}
        {over && <Steering live={live} />}
        {!over && <Notify />}
      </div>
      <Announcer live={live} />
    </section>
  );
}
