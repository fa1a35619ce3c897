import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Agent } from "../../gen/hatchery/gateway/v1/agent_service_pb";
import {
  type Generation,
  Generation_State as State,
} from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../../hatchery";
import { ended } from "../../watch/fold";
import { fraction, type Live } from "../../watch/live";
import { headline } from "../../words/telling";
import { Bar } from "../bar";
import { Portrait, Sketch, useSketch } from "../portrait";

const DRAWS = "regenerate_avatar";

/** Who is spoken to: the portrait, the new one while it is drawn, and the name. */
export function Companion({ agent }: { agent: Agent }) {
  const drawn = useDrawn(agent.name);
  useChanged();
  const sketch = useSketch(drawn?.preview);
  const drawing = drawn !== undefined && !ended(drawn.generation);
  const name = agent.persona?.name || "Nameless";
  return (
    <div class="companion">
      <div class="stage">
        {drawing && sketch ? (
          <Sketch sketch={sketch} />
        ) : (
          <Portrait image={agent.portrait} alt={`Portrait of ${name}`} square />
        )}
      </div>
      <div class="companion-words">
        <p class="companion-name">
          <a href={`/${agent.name}`}>
            <bdi>{name}</bdi>
          </a>
        </p>
        <p class="soft">
          <bdi>{agent.persona?.species}</bdi>
        </p>
        {drawn && <Drawing live={drawn} />}
      </div>
    </div>
  );
}

/** How far the new portrait is, or that there will be none. */
function Drawing({ live }: { live: Live }) {
  const { name, state } = live.generation;
  if (state === State.COMPLETED) return null;
  if (ended(live.generation)) {
    return (
      <p class="problem-line" role="status">
        The new portrait was not drawn. <a href={`/${name}`}>Why?</a>
      </p>
    );
  }
  return (
    <div class="companion-drawing">
      <p role="status">
        A new portrait is being drawn. <a href={`/${name}`}>Watch</a>
      </p>
      <Bar
        fraction={fraction(live)}
        label={`How far the portrait is: ${headline(live)}`}
        still={state !== State.RUNNING}
      />
    </div>
  );
}

/** The latest portrait of an agent that is drawn since the page is open, whoever began it. */
function useDrawn(agent: string): Live | undefined {
  const { watching, agentsChanged } = useHatchery();
  const of = useRef(agent);
  of.current = agent;
  const live = useComputed(() =>
    watching.all.value.findLast(
      ({ generation }) => generation.recipe === DRAWS && generation.agent === of.current,
    ),
  ).value;
  const done = live?.generation.state === State.COMPLETED ? live.generation.name : "";
  useEffect(() => {
    if (done) agentsChanged.value += 1;
  }, [done, agentsChanged]);
  return live;
}

/** Whether a reply is there whose companion has changed its sheet: it is kept together with that. */
function changesSheet({ steps }: Generation): boolean {
  return steps.some(
    ({ actions, result }) => result && actions.some(({ action }) => action?.action === "change"),
  );
}

/** Has an agent read again when it has changed its own sheet. */
function useChanged(): void {
  const { watching, agentsChanged } = useHatchery();
  const changes = useComputed(
    () => watching.all.value.filter(({ generation }) => changesSheet(generation)).length,
  ).value;
  useEffect(() => {
    if (changes > 0) agentsChanged.value += 1;
  }, [changes, agentsChanged]);
}
