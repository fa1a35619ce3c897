import {
  type Generation,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { ImageRef } from "../gen/hatchery/types/v1/image_pb";
import { explainStatus } from "../server/problem";
import { ended } from "../watch/fold";
import { elapsed, fraction, type Live, remaining } from "../watch/live";
import { clock, percent } from "../words/numbers";
import { lines, written } from "../words/persona";
import { basis, gauge, headline, joined, left, setback } from "../words/telling";
import { Announcer } from "./announcer";
import { Bar } from "./bar";
import { Egg } from "./egg";
import { FallbackNote } from "./fallback";
import { Notify, useNotification } from "./notify";
import { useNow } from "./now";
import { PersonaLines } from "./persona";
import { Portrait, Sketch } from "./portrait";
import { ProblemNote } from "./problem";
import { Steering } from "./steering";
import { useTitle } from "./title";

/** A generation from its egg to what came of it. */
export function Hatching({ live }: { live: Live }) {
  const { generation } = live;
  const over = ended(generation);
  const share = fraction(live);
  const name = nameOf(generation);
  const persona = personaOf(live);
  // In the end its name is the headline.
  const shown = over ? persona.filter(({ field }) => field !== "/name") : persona;
  useTitle(over ? `${name ?? headline(live)} – Hatchery` : `${percent(share)} – ${headline(live)}`);
  useNotification(live);
  return (
    <section class={`hatching${over ? " hatching-over" : ""}`} aria-labelledby="headline">
      <Stage live={live} />
      <div class="hatching-words">
        <h1 id="headline" tabIndex={-1}>
          {over && name ? <bdi>{name}</bdi> : headline(live)}
        </h1>
        <p class="description">
          <bdi>“{generation.description}”</bdi>
        </p>
        {!over && <Meter live={live} />}
        <Outcome live={live} />
        <PersonaLines lines={shown} writing={isWriting(live)} />
        <Steering live={live} />
        {!over && <Notify />}
      </div>
      <Announcer live={live} />
    </section>
  );
}

/** The egg, then the portrait in the making, then the portrait. */
function Stage({ live }: { live: Live }) {
  const { generation, preview } = live;
  const portrait = portraitOf(generation);
  const share = fraction(live);
  const lively = generation.state === State.RUNNING;
  return (
    <div class="stage">
      {portrait ? (
        <Portrait image={portrait} alt={`Portrait of ${nameOf(generation) ?? "the companion"}`} />
      ) : preview ? (
        <Sketch preview={preview} />
      ) : (
        <Egg fraction={share} lively={lively} />
      )}
    </div>
  );
}

function Meter({ live }: { live: Live }) {
  const running = live.generation.state === State.RUNNING;
  const now = useNow(running);
  const rest = running ? remaining(live, now) : undefined;
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
  const fallback = generation.steps.find(({ result }) => result?.fallback)?.result?.fallback;
  return fallback ? <FallbackNote fallback={fallback} /> : null;
}

function personaOf({ generation }: Live) {
  for (const { step, result } of generation.steps) {
    if (result?.output.case === "persona") return lines(result.output.value);
    if (step === "persona") return written(generation.texts, step);
  }
  return [];
}

function isWriting({ generation, latest }: Live): boolean {
  return generation.state === State.RUNNING && latest?.step === "persona";
}

function nameOf(generation: Generation): string | undefined {
  for (const { result } of generation.steps) {
    if (result?.output.case === "persona") return result.output.value.name;
  }
  return undefined;
}

function portraitOf(generation: Generation): ImageRef | undefined {
  for (const { result } of generation.steps) {
    if (result?.output.case === "portrait") return result.output.value;
  }
  return undefined;
}
