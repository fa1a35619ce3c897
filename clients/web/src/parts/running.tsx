import {
  type Generation,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { explainStatus } from "../server/problem";
import { ended } from "../watch/fold";
import { fraction, type Live, remaining, worked } from "../watch/live";
import { clock, duration, percent } from "../words/numbers";
import { basis, beginning, headline, joined, left, recipeTitle } from "../words/telling";
import { answer } from "../words/thinking";
import { Announcer } from "./announcer";
import { Bar } from "./bar";
import { Bubble } from "./chat/bubble";
import { Notify, useNotification } from "./notify";
import { useNow } from "./now";
import { ProblemNote } from "./problem";
import { Ratings } from "./rating";
import { Steering, useHeadline } from "./steering";
import { Steps } from "./steps";
import { useTitle } from "./title";

/** A reply, or what a recipe from elsewhere makes: its steps, and what came of each. */
export function Running({ live }: { live: Live }) {
  const { generation } = live;
  const over = ended(generation);
  const share = fraction(live);
  useTitle(over ? `${headline(live)} – Hatchery` : `${percent(share)} – ${headline(live)}`);
  useNotification(live);
  useHeadline(over);
  return (
    <section class="running" aria-labelledby="headline">
      <h1 id="headline" tabIndex={-1}>
        {headline(live)}
      </h1>
      <p class="soft">{recipeTitle(generation.recipe)}</p>
      {generation.description && (
        <p class="description">
          <bdi>“{beginning(generation)}”</bdi>
        </p>
      )}
      {!over && <Meter live={live} />}
      {!over && <Steering live={live} />}
      {generation.state === State.FAILED && (
        <ProblemNote problem={explainStatus(generation.error)} />
      )}
      <Steps live={live} />
      <Said generation={generation} />
      {generation.state === State.COMPLETED && <Ratings generation={generation} />}
      {over && <Steering live={live} />}
      {!over && <Notify />}
      <Announcer live={live} />
    </section>
  );
}

function Meter({ live }: { live: Live }) {
  const running = live.generation.state === State.RUNNING;
  const now = useNow(running);
  const rest = running && !live.queued ? remaining(live, now) : undefined;
  const took = worked(live, now);
  return (
    <div class="meter">
      <Bar fraction={fraction(live)} label="How far it is" still={!running} />
      <p class="meter-line">
        <span>{running ? clock(took) : took > 0 && duration(took)}</span>
        {rest !== undefined && <span>{joined(left(rest), basis(live.latest?.remaining))}</span>}
      </p>
    </div>
  );
}

/** The reply, as far as it is one. */
function Said({ generation }: { generation: Generation }) {
  const { text, whole } = answer(generation);
  if (!text) return null;
  return (
    <Bubble
      by="The companion"
      text={text}
      writing={!whole && generation.state === State.RUNNING}
      half={!whole && ended(generation)}
    />
  );
}
