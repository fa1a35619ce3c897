import { useId, useState } from "preact/hooks";
import type { Message } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import type { Problem } from "../../server/problem";
import { ended } from "../../watch/fold";
import { type Live, worked } from "../../watch/live";
import { clock, duration } from "../../words/numbers";
import { headline, joined } from "../../words/telling";
import { answer, gist, PLAIN, plain } from "../../words/thinking";
import { keep, recall } from "../kept";
import { useNow } from "../now";
import { Steps } from "../steps";
import type { Showing } from "./choices";

/** Whether the thinking of a turn is open: as somebody left it, or else as they like it. */
export function useFold(generation: string, usual: boolean): [boolean, (open: boolean) => void] {
  const key = `thinking ${generation}`;
  const [left, setLeft] = useState(() => ({ key, open: recall<boolean>("session", key) }));
  const put = (open: boolean) => {
    keep("session", key, open);
    setLeft({ key, open });
  };
  // Another try is another run, which nobody has opened or folded yet.
  const known = left.key === key ? left.open : recall<boolean>("session", key);
  return [known ?? usual, put];
}

/** Whether the thinking is shown unasked: until the reply is there, always or never. */
export function shows(showing: Showing, live: Live | undefined, over: boolean): boolean {
  if (showing !== "auto") return showing === "open";
  return !over && !(live && answer(live.generation).whole);
}

interface Props {
  /** What is known of the run, once it is here. */
  live: Live | undefined;
  problem: Problem | undefined;
  reply: Message | undefined;
  open: boolean;
  onToggle: (open: boolean) => void;
}

/** How a companion thinks, step by step; folded, it is one line. */
export function Thinking({ live, problem, reply, open, onToggle }: Props) {
  const id = useId();
  const running = live?.generation.state === State.RUNNING;
  return (
    <div class={`thinking${open ? " thinking-open" : ""}${running ? " thinking-now" : ""}`}>
      <button
        type="button"
        class="thinking-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onToggle(!open)}
      >
        <span class="thinking-mark" aria-hidden="true" />
        {live ? <Line live={live} /> : <span>{from(reply)}</span>}
      </button>
      <div id={id} hidden={!open}>
        {open && live && <Steps live={live} />}
        {open && live && (
          <p class="thinking-more">
            <a href={`/${live.generation.name}`}>All of it, behind the curtain</a>
          </p>
        )}
        {open && problem && <p class="problem-line">{problem.title}</p>}
      </div>
    </div>
  );
}

function Line({ live }: { live: Live }) {
  const { generation } = live;
  const running = generation.state === State.RUNNING;
  const now = useNow(running);
  const took = worked(live, now);
  if (!ended(generation)) {
    return (
      <>
        <span>{headline(live).replace(/^Step \d+ of \d+: /, "")}</span>
        {running && <span class="thinking-clock">{clock(took)}</span>}
      </>
    );
  }
  return (
    <span>
      {joined(
        `Answered in ${duration(took)}`,
        plain(generation) && "a plain answer",
        ...gist(generation),
      )}
    </span>
  );
}

/** What a reply alone tells of how it came to be. */
function from(reply: Message | undefined): string {
  if (!reply) return "What it thought";
  return joined("What it thought", reply.fallback?.substitute === PLAIN && "a plain answer");
}
