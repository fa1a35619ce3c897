import {
  type Generation,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Persona } from "../gen/hatchery/types/v1/persona_pb";
import { explainStatus } from "../server/problem";
import { ended } from "../watch/fold";
import { elapsed, fraction, type Live, remaining } from "../watch/live";
import { clock, percent } from "../words/numbers";
import { type Line, lines, written } from "../words/persona";
import { basis, gauge, hatches, headline, joined, left, setback } from "../words/telling";
import { useAgent } from "./agent";
import { Announcer } from "./announcer";
import { Bar } from "./bar";
import { Brought, output } from "./brought";
import { Egg } from "./egg";
import { FallbackNote } from "./fallback";
import { Notify, useNotification } from "./notify";
import { useNow } from "./now";
import { PersonaLines } from "./persona";
import { Framed, Sketch, usePicture, useSketch } from "./portrait";
import { ProblemNote } from "./problem";
import { Ratings } from "./rating";
import { Steering, useHeadline } from "./steering";
import { useTitle } from "./title";

/** So far a shell is cracked and still whole. */
const UNHATCHED = 0.49;
/** The steps that write who it is. */
const WRITE = ["persona", "details", "history"];

/** A generation from its egg to what came of it. */
export function Hatching({ live }: { live: Live }) {
  const { generation } = live;
  const over = ended(generation);
  const share = fraction(live);
  const companion = useCompanion(live);
  const name = companion?.name;
  const persona = [...(companion ? lines(companion) : []), ...beingWritten(generation)];
  const here = generation.state === State.COMPLETED && name !== undefined;
  // In the end its name is the headline.
  const shown = here ? persona.filter(({ field }) => field !== "/name") : persona;
  useTitle(
    over ? `${here ? name : headline(live)} – Hatchery` : `${percent(share)} – ${headline(live)}`,
  );
  useNotification(live);
  useHeadline(over);
  return (
    <section class={`hatching${over ? " hatching-over" : ""}`} aria-labelledby="headline">
      <Stage live={live} name={name} />
      <div class="hatching-words">
        <h1 id="headline" tabIndex={-1}>
          {here ? <bdi>{name}</bdi> : headline(live)}
        </h1>
        {generation.description && (
          <p class="description">
            <bdi>“{generation.description}”</bdi>
          </p>
        )}
        {!over && <Meter live={live} />}
        {!over && <Steering live={live} />}
        <Outcome live={live} />
        <Brought live={live} />
        <PersonaLines lines={shown} writing={isWriting(live)} />
        {generation.state === State.COMPLETED && <Ratings generation={generation} />}
        {over && <Steering live={live} />}
        {!over && <Notify />}
      </div>
      <Announcer live={live} />
    </section>
  );
}

/** The egg, then the portrait in the making, then the portrait: each until the next is there. */
function Stage({ live, name }: { live: Live; name: string | undefined }) {
  const { generation, preview } = live;
  const portrait = output(generation, "portrait");
  const done = usePicture(portrait);
  const sketch = useSketch(preview);
  const lively = generation.state === State.RUNNING;
  // What was stopped has not hatched.
  const share = ended(generation) ? Math.min(fraction(live), UNHATCHED) : fraction(live);
  return (
    <div class="stage">
      {done ? (
        <Framed image={portrait} address={done} alt={`Portrait of ${name ?? "the companion"}`} />
      ) : sketch ? (
        <Sketch sketch={sketch} />
      ) : (
        <Egg fraction={portrait ? 1 : share} lively={lively} />
      )}
    </div>
  );
}

function Meter({ live }: { live: Live }) {
  const running = live.generation.state === State.RUNNING;
  const now = useNow(running);
  const rest = running && !live.queued ? remaining(live, now) : undefined;
  const why = setback(live);
  return (
    <div class="meter">
      <Bar fraction={fraction(live)} label="How far it is" still={!running} />
      <p class="meter-line">
        <span class="meter-gauge">{gauge(live)}</span>
        <span class="meter-times">
          {running && <span class="elapsed">{clock(elapsed(live, now))}</span>}
          {rest !== undefined && (
            <span class="remaining">{joined(left(rest), basis(live.latest?.remaining))}</span>
          )}
        </span>
      </p>
      {why && <p class="meter-setback">{why}</p>}
    </div>
  );
}

/** How it ended, where that wants a word. */
function Outcome({ live: { generation } }: { live: Live }) {
  if (generation.state === State.FAILED) {
    return <ProblemNote problem={explainStatus(generation.error)} />;
  }
  return (
    <>
      {generation.steps.map(
        ({ step, result }) =>
          result?.fallback && <FallbackNote key={step} fallback={result.fallback} />,
      )}
    </>
  );
}

/** Who it is about, as far as that is written; of a portrait alone, whose it is. */
function useCompanion({ generation }: Live): Persona | undefined {
  const { agent } = useAgent(hatches(generation) ? "" : generation.agent);
  return output(generation, "persona") ?? agent?.persona;
}

/** What the steps that have not finished have written of it. */
function beingWritten({ steps, texts }: Generation): Line[] {
  return steps
    .filter(({ step, result }) => !result && WRITE.includes(step))
    .flatMap(({ step }) => written(texts, step));
}

function isWriting({ generation, latest }: Live): boolean {
  return generation.state === State.RUNNING && WRITE.includes(latest?.step ?? "");
}
