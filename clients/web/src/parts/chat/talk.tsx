import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Agent } from "../../gen/hatchery/gateway/v1/agent_service_pb";
import type { Conversation } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { AGAIN } from "../agent";
import { ProblemNote } from "../problem";
import { Announced } from "./announced";
import { Bubble } from "./bubble";
import { allowedBy, type Choices, useChoices } from "./choices";
import { Composer } from "./composer";
import { Earlier } from "./earlier";
import { Head, Summary } from "./head";
import { useMessages } from "./messages";
import { OnItsWay } from "./on-its-way";
import { handOver, useOutbox } from "./outbox";
import { useScrolling } from "./scrolling";
import { useStates } from "./states";
import { TurnView } from "./turn";
import { over, pulse, turnsOf } from "./turns";

const IDEAS = [
  "Tell me about yourself.",
  "What would you do on a rainy day?",
  "Remember that I like tea.",
];

interface Props {
  agent: Agent;
  /** Absent where it is about to begin. */
  conversation: Conversation | undefined;
  onChange: (conversation: Conversation) => void;
  /** The number of a message that is looked for; 0 where the latest is. */
  number: number;
}

/** A conversation, with a place to say something. */
export function Talk({ agent, conversation, onChange, number }: Props) {
  const { server, watching } = useHatchery();
  const { route } = useLocation();
  const [choices, setChoices] = useChoices();
  const place = conversation?.name ?? agent.name;
  const name = conversation?.name ?? "";
  const beat = useComputed(() => {
    const generations = watching.all.value.map(({ generation }) => generation);
    return name && pulse(generations, name);
  }).value;
  const { messages, problem, refresh, earlier } = useMessages(name, beat);
  const turns = useMemo(() => turnsOf(messages ?? []), [messages]);
  const states = useStates(name);
  const open = turns.filter(({ said, generation }) => {
    const state = states.get(generation) ?? said?.state;
    return state !== undefined && !over(state);
  });
  const scrolling = useScrolling(turns[0]?.number);

  const accepted = async (generation: string) => {
    if (conversation) {
      while (!(await refresh())) await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return;
    }
    const begun = await server.generations.getGeneration({ name: generation });
    handOver(agent.name, begun.conversation);
    route(`/${begun.conversation}`, true);
  };
  const outbox = useOutbox(place, accepted);
  const [idea, setIdea] = useState<{ text: string }>();
  const by = agent.persona?.name || "Your companion";
  const greeting = !earlier && (messages !== undefined || !name) && agent.persona?.greeting;
  const send = (text: string) => {
    outbox.send({ text, model: choices.model, allowedActions: allowedBy(choices) });
    scrolling.toEnd();
  };
  const choose = (change: Partial<Choices>) => setChoices((before) => ({ ...before, ...change }));
  const known = new Set(turns.map(({ generation }) => generation));
  const sending = outbox.sending.filter(({ generation }) => !generation || !known.has(generation));
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
      <ol class="turns" ref={scrolling.thread} aria-busy={!!name && messages === undefined}>
        {greeting && (
          <li class="turn">
            <Bubble by={by} text={greeting} />
          </li>
        )}
        {turns.map((turn) => (
          <TurnView
            key={turn.number}
            turn={turn}
            by={by}
            showing={choices.thinking}
            ahead={open.filter((one) => one.number < turn.number).length}
            latest={turn === turns.at(-1) && open.length === 0 && sending.length === 0}
            onChange={refresh}
            onLook={scrolling.stay}
          />
        ))}
        {sending.map((one) => (
          <OnItsWay
            key={one.id}
            message={one}
            waits={outbox.waits !== undefined}
            again={outbox.again}
            remove={outbox.remove}
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
            running={open[0]?.generation}
            idea={idea}
          />
        )}
      </div>
      <Announced generation={open[0]?.generation ?? ""} by={by} waiting={open.length - 1} />
    </section>
  );
}
