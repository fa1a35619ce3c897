import { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../../hatchery";
import { explain, explainStatus } from "../../server/problem";
import { ended } from "../../watch/fold";
import type { Live } from "../../watch/live";
import { setback } from "../../words/telling";
import { answer } from "../../words/thinking";
import { useNotice } from "../notify";
import { ProblemNote } from "../problem";
import { Again, Retry } from "./again";
import { Bubble } from "./bubble";
import { Deeds } from "./deeds";
import type { Turn } from "./turns";

interface AnswerProps {
  live: Live;
  turn: Turn;
  by: string;
  latest: boolean;
  onChange: () => void;
}

/** The answer as it is written, or as far as it came. */
export function Answer({ live, turn, by, latest, onChange }: AnswerProps) {
  const { generation } = live;
  const { text, whole } = answer(generation);
  const { name, state, error } = generation;
  const done = ended(generation);
  const half = done && !whole;
  const before = half ? turn.reply : undefined;
  useNotice({ name, over: whole, title: `${by} has answered`, body: text.slice(0, 200) });
  const why = setback(live);
  return (
    <>
      {why && <p class="meter-setback">{why}</p>}
      {text && (
        <Bubble by={by} text={text} writing={!whole && state === State.RUNNING} half={half}>
          {half && <span>{state === State.CANCELLED ? "stopped here" : "it broke off here"}</span>}
          {whole && <Again generation={name} text={text} latest={latest} onChange={onChange} />}
        </Bubble>
      )}
      {state === State.FAILED && (
        <ProblemNote problem={explainStatus(error)}>
          <Retry generation={name} onChange={onChange} />
        </ProblemNote>
      )}
      {state === State.CANCELLED && (
        <p class="turn-stopped">
          <span>{text ? "It was stopped." : "It was stopped before it said anything."}</span>
          <Retry generation={name} onChange={onChange} />
        </p>
      )}
      {state === State.PAUSED && <Paused generation={name} />}
      {before && (
        <>
          <p class="turn-stopped">The answer from before stays:</p>
          <Bubble by={by} text={before.text} time={before.createTime}>
            <Deeds actions={before.actions} />
          </Bubble>
        </>
      )}
    </>
  );
}

/** What was halted elsewhere can go on from here as well. */
function Paused({ generation }: { generation: string }) {
  const { server, say } = useHatchery();
  const resume = () =>
    server.generations
      .resumeGeneration({ name: generation })
      .catch((error) => say(explain(error).title));
  return (
    <p class="turn-stopped">
      <span>It is paused.</span>
      <button type="button" class="button-small" onClick={resume}>
        Go on
      </button>
    </p>
  );
}
