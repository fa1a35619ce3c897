import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Agent } from "../../gen/hatchery/gateway/v1/agent_service_pb";
import type { Conversation } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { isLive } from "../../watch/watching";
import { ProblemNote } from "../problem";
import { useWatched } from "../watched";
import { Announced } from "./announced";
import { Bubble } from "./bubble";
import { allowedBy, type Choices, useChoices } from "./choices";
import { Composer } from "./composer";
import { Earlier } from "./earlier";
import { Head, Summary } from "./head";
import { useMessages } from "./messages";
import { useOutbox } from "./outbox";
import { becomes, rowsOf } from "./rows";
import { useScrolling } from "./scrolling";
import { useStates } from "./states";
import { TurnView } from "./turn";
import { pulse, turnsOf } from "./turns";

const IDEAS = [
  "Tell me about yourself.",
  "What would you do on a rainy day?",
  "Remember that I like tea.",
];

interface Props {
  agent: Agent;
  /** The name of the conversation; empty where it is about to begin. */
  name: string;
  /** Absent where it is not known yet. */
  conversation: Conversation | undefined;
  /** It has begun, and has a name. */
  onBegin: (conversation: string) => void;
  onChange: (conversation: Conversation) => void;
  /** The number of a message that is looked for; 0 where the latest is. */
  number: number;
}

/** A conversation, with a place to say something. */
export function Talk({ agent, name, conversation, onBegin, onChange, number }: Props) {
  const { watching } = useHatchery();
  const { route } = useLocation();
  const [choices, setChoices] = useChoices();
  const place = name || agent.name;
  const [beganHere] = useState(!name);
  const beat = useComputed(() => {
    const generations = watching.all.value.map(({ generation }) => generation);
    return name && pulse(generations, name);
  }).value;
  const { messages, problem, refresh, earlier } = useMessages(name, beat);
  const turns = useMemo(() => turnsOf(messages ?? []), [messages]);
  const states = useStates(name);
  const scrolling = useScrolling(turns[0]?.number);

  const outbox = useOutbox(place);
  const { sending } = outbox;
  const keys = useRef(new Map<number, string>());
  const rows = rowsOf(turns, sending, states, keys.current);
  const open = rows.filter((row) => row.open);
  const answering = open[0]?.turn.generation;
  const arrived = sending.filter((one) => turns.some((turn) => becomes(one, turn, states)));
  useEffect(() => {
    for (const { id } of arrived) outbox.remove(id);
  });
  const [first] = useWatched(!name && answering ? [answering] : []);
  const begins = isLive(first) ? first.generation.conversation : "";
  useEffect(() => {
    if (begins) onBegin(begins);
  }, [begins]);
  // What began is deleted by now: what waits behind it begins another.
  const deleted = first && !isLive(first) && first.reason === "RESOURCE_NOT_FOUND";
  useEffect(() => {
    for (const one of sending) if (deleted && one.generation === answering) outbox.remove(one.id);
  }, [deleted, answering]);
  const [idea, setIdea] = useState<{ text: string }>();
  const by = agent.persona?.name || "Your companion";
  const greeting = !earlier && (messages !== undefined || beganHere) && agent.persona?.greeting;
  const send = (text: string) => {
    outbox.send({ text, model: choices.model, allowedActions: allowedBy(choices) });
    scrolling.toEnd();
  };
  const choose = (change: Partial<Choices>) => setChoices((before) => ({ ...before, ...change }));
  const showEarlier = () => {
    scrolling.holdPlace();
    void earlier?.();
  };
  const looked = useRef(0);
  useEffect(() => {
    // Once, when it is here; on an earlier page it is brought in first.
    if (!number || looked.current === number || turns.length === 0) return;
    const turn = turns.find((one) => one.number === number || one.number + 1 === number);
    if (turn) {
      looked.current = number;
      scrolling.stay();
      document.getElementById(`message-${turn.number}`)?.scrollIntoView({ block: "center" });
    } else if (earlier) {
      void earlier();
    }
  });
  return (
    <section class="talk" aria-labelledby="title">
      {conversation ? (
        <Head
          conversation={conversation}
          onChange={onChange}
          onDelete={() => route(`/${agent.name}/chat`, true)}
        />
      ) : (
        <div class="talk-head">
          <h1 id="title" tabIndex={-1}>
            Talk with <bdi>{by}</bdi>
          </h1>
        </div>
      )}
      {conversation && <Summary conversation={conversation} onChange={onChange} />}
      {problem && !messages && <ProblemNote problem={problem} />}
      {earlier && <Earlier show={showEarlier} />}
      <ol class="turns" ref={scrolling.thread} aria-busy={!beganHere && messages === undefined}>
        {greeting && (
          <li class="turn">
            <Bubble by={by} text={greeting} />
          </li>
        )}
        {rows.map((row, at) => (
          <TurnView
            key={row.key}
            turn={row.turn}
            sending={row.sending}
            outbox={outbox}
            by={by}
            showing={choices.thinking}
            ahead={rows.slice(0, at).filter((one) => one.open).length}
            latest={at === rows.length - 1 && open.length === 0 && !row.sending}
            onChange={refresh}
            onLook={scrolling.stay}
          />
        ))}
      </ol>
      {!name && sending.length === 0 && (
        <ul class="ideas" aria-label="Ideas to begin with">
          {IDEAS.map((text) => (
            <li key={text}>
              <button type="button" class="chip" onClick={() => setIdea({ text })}>
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
      {outbox.waits && (
        <p class="problem-line">{outbox.waits.title} It is sent as soon as it can be.</p>
      )}
      <div class="talk-foot">
        {scrolling.away && (
          <button type="button" class="button-small to-end" onClick={scrolling.toEnd}>
            ↓ To the latest
          </button>
        )}
        {agent.deleteTime ? (
          <p class="soft">
            {by} is deleted. <a href={`/${agent.name}`}>Bring it back</a> to talk on.
          </p>
        ) : (
          <Composer
            place={place}
            to={by}
            choices={choices}
            choose={choose}
            onSend={send}
            running={answering}
            idea={idea}
          />
        )}
      </div>
      <Announced generation={answering ?? ""} by={by} waiting={open.length - 1} />
    </section>
  );
}
