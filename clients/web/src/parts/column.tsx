import type { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { explainStatus } from "../server/problem";
import { ended } from "../watch/fold";
import { fraction, type Live, worked } from "../watch/live";
import { isLive, type Watched } from "../watch/watching";
import { cost } from "../words/cost";
import { clock, count, duration } from "../words/numbers";
import { doing, headline, joined } from "../words/telling";
import { pace, rate, saidBy, speed, writing, written } from "../words/writing";
import { useArtifact } from "./artifact";
import { Bar } from "./bar";
import { Leaf } from "./leaf";
import { useNow } from "./now";
import { Work } from "./work";

interface Props {
  title: string;
  kind: Kind;
  watched: Watched;
  /** Whether it wrote the fastest of all. */
  fastest: boolean;
}

/** One of several that write the same. */
export function Column({ title, kind, watched, fastest }: Props) {
  if (!isLive(watched)) {
    return (
      <article class="column" aria-label={title} aria-busy={watched === undefined}>
        <h2 class="small">
          <bdi>{title}</bdi>
        </h2>
        {watched && <p class="problem-line">{watched.title}</p>}
      </article>
    );
  }
  return <Shown title={title} kind={kind} live={watched} fastest={fastest} />;
}

function Shown({ title, kind, live, fastest }: Omit<Props, "watched"> & { live: Live }) {
  const { generation } = live;
  const { name, state, error } = generation;
  const step = writing(generation);
  const said = saidBy(generation);
  const running = state === State.RUNNING;
  const { artifact } = useArtifact(state === State.COMPLETED ? generation.resource : "");
  const content = artifact?.generation === name ? artifact.content : undefined;
  return (
    <article class={`column${fastest ? " column-fastest" : ""}`} aria-label={title}>
      <h2 class="small">
        <a href={`/${name}`}>
          <bdi>{title}</bdi>
        </a>
        {fastest && <span class="badge">fastest</span>}
      </h2>
      <p class="column-state">{headline(live).replace(/^Step \d+ of \d+: /, "")}</p>
      <Bar fraction={fraction(live)} label={`How far ${title} is`} still={!running} />
      <p class="column-numbers">
        <Numbers live={live} />
      </p>
      {state === State.FAILED && <p class="problem-line">{explainStatus(error).title}</p>}
      {step?.result?.fallback && <p class="problem-line">The beginning only.</p>}
      {said ? (
        <Work
          kind={kind}
          by={title}
          said={said}
          attempt={step?.attempt ?? 0}
          content={content}
          open={!ended(generation) && !step?.result}
          writing={running && !step?.result}
        />
      ) : (
        !ended(generation) && <Leaf kind={kind} fraction={fraction(live)} />
      )}
    </article>
  );
}

/** How much, how fast, for how long and at what cost. */
function Numbers({ live }: { live: Live }) {
  const { generation } = live;
  const running = generation.state === State.RUNNING;
  const now = useNow(running);
  const step = writing(generation);
  const took = worked(live, now);
  const { usage, tokens } = step ?? {};
  if (!usage && !tokens) return <>{doing(live)}</>;
  return (
    <>
      <span>
        {joined(
          usage ? count(usage.outputTokens ?? 0n, "tokens") : tokens && written(tokens),
          usage ? speed(rate(usage)) : tokens && pace(tokens),
        )}
      </span>
      <span>{joined(usage ? duration(took) : clock(took), cost(generation.cost))}</span>
    </>
  );
}
