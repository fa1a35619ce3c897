import { useEffect, useRef, useState } from "preact/hooks";
import { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../../hatchery";
import { explain } from "../../server/problem";
import { isLive } from "../../watch/watching";
import { useWatched } from "../watched";
import { Again } from "./again";
import { Answer } from "./answer";
import { Bubble } from "./bubble";
import type { Showing } from "./choices";
import { Deeds } from "./deeds";
import type { Outbox, Sending } from "./outbox";
import { Refused } from "./refused";
import { shows, Thinking, useFold } from "./thinking";
import { over, type Turn } from "./turns";

interface Props {
  turn: Turn;
  /** What it is while it is not listed yet. */
  sending: Sending | undefined;
  outbox: Outbox;
  /** Who answers. */
  by: string;
  showing: Showing;
  /** How many before it are not answered yet. */
  ahead: number;
  /** Whether it is the latest one, which can be answered anew. */
  latest: boolean;
  /** Something began that the page does not know yet. */
  onChange: () => void;
  /** Somebody looks at this one, wherever the end of the page goes. */
  onLook: () => void;
}

/** What a person said, how the companion thinks about it, and what it answers. */
export function TurnView(props: Props) {
  const { turn, sending, outbox, by, showing, ahead, latest, onChange, onLook } = props;
  const { number, said, reply, generation } = turn;
  const answered = reply !== undefined && reply.generation === generation;
  const [asked, setAsked] = useState(false);
  // What was seen as it happened stays; of the others, what is asked for.
  const needed = asked || !answered || (said !== undefined && !over(said.state));
  const seen = useRef(false);
  seen.current ||= needed;
  const [watched] = useWatched(seen.current && generation ? [generation] : []);
  const live = isLive(watched) ? watched : undefined;
  const state = live?.generation.state ?? said?.state ?? State.COMPLETED;
  const [open, setOpen] = useFold(generation, shows(showing, live, over(state)));
  useEffect(() => {
    if (open) setAsked(true);
  }, [open]);
  const begun = live !== undefined && live.generation.steps.length > 0;
  // What is answered at once need not say that it waits for a moment.
  const queued = state === State.QUEUED && !begun;
  const waits = sending !== undefined && (!generation || (queued && ahead === 0));
  const time = said?.createTime ?? (waits ? undefined : live?.generation.createTime);
  return (
    <li class="turn" id={number > 0 ? `message-${number}` : undefined}>
      {said && (
        <Bubble by={by} mine text={said.text} time={time}>
          {waits && !sending.problem && <span>{outbox.waits ? "not sent yet" : "sending …"}</span>}
        </Bubble>
      )}
      {waits ? (
        <Refused message={sending} outbox={outbox} />
      ) : queued ? (
        <Queued generation={generation} ahead={ahead} />
      ) : (
        <Thinking
          live={live}
          problem={watched && !isLive(watched) ? watched : undefined}
          reply={reply}
          open={open}
          onToggle={(opens) => {
            if (opens) onLook();
            setOpen(opens);
          }}
        />
      )}
      {live && !answered ? (
        <Answer live={live} turn={turn} by={by} latest={latest} onChange={onChange} />
      ) : (
        reply && (
          <Bubble by={by} text={reply.text} time={reply.createTime}>
            <Deeds actions={reply.actions} />
            {reply.fallback?.substitute === "beginning" && (
              <span>the beginning only: the model reached its limit</span>
            )}
            <Again generation={generation} text={reply.text} latest={latest} onChange={onChange} />
          </Bubble>
        )
      )}
    </li>
  );
}

/** Says that a message waits for those before it, and lets it be left. */
function Queued({ generation, ahead }: { generation: string; ahead: number }) {
  const { server, say } = useHatchery();
  const leave = () =>
    server.generations
      .cancelGeneration({ name: generation })
      .catch((error) => say(explain(error).title));
  return (
    <p class="turn-queued">
      <span>
        {ahead === 0
          ? "Waits for its turn …"
          : ahead === 1
            ? "In line: answered after the one before it"
            : `In line: ${ahead} are answered before it`}
      </span>
      <button type="button" class="button-small" onClick={leave}>
        Leave it unanswered
      </button>
    </p>
  );
}
