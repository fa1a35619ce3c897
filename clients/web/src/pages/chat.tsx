import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import type { Conversation } from "../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../hatchery";
import { AGAIN, useAgent } from "../parts/agent";
import { goOnAt } from "../parts/arriving";
import { Companion } from "../parts/chat/companion";
import { Memories } from "../parts/chat/memories";
import { handOver, waiting } from "../parts/chat/outbox";
import { Shelf, useConversations } from "../parts/chat/shelf";
import { Talk } from "../parts/chat/talk";
import { pulse } from "../parts/chat/turns";
import { ProblemPage } from "../parts/problem";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";

/** A chat with a companion: a conversation, or the place where one begins. */
export function ChatPage() {
  const { path, route } = useLocation();
  const { params } = useRoute();
  const { watching } = useHatchery();
  const atAgent = path.startsWith("/agents/");
  const name = atAgent ? "" : `conversations/${params.id}`;
  useEffect(() => watching.watchAll(), [watching]);
  // The conversations that have begun on this page.
  const [begun, setBegun] = useState<readonly { name: string; agent: string }[]>([]);
  const at = begun.findIndex((one) => one.name === name);
  const beat = useBeat();
  const { conversation, problem, setConversation } = useConversation(name, beat);
  // Another conversation with the same companion leaves what stands around it.
  const last = useRef("");
  if (atAgent) last.current = `agents/${params.id}`;
  else last.current = conversation?.agent ?? begun[at]?.agent ?? last.current;
  const { agent, problem: nobody } = useAgent(last.current);
  const here = agent?.name === last.current ? agent : undefined;
  useTitle(`${here?.persona?.name || "A conversation"} – Hatchery`);
  const failed = problem ?? (here ? undefined : nobody);
  if (failed) {
    return (
      <ProblemPage problem={failed}>
        <a class="button" href="/agents">
          To your companions
        </a>
      </ProblemPage>
    );
  }
  if (!here || (name && !conversation && at < 0)) return <section class="lost" aria-busy="true" />;
  const onBegin = (conversation: string) => {
    handOver(here.name, conversation);
    setBegun((before) => [...before, { name: conversation, agent: here.name }]);
    goOnAt(`/${conversation}`);
    route(`/${conversation}`, true);
  };
  // The place where a conversation begins is the conversation, and the next one begins elsewhere.
  const beginning = `${here.name} ${at < 0 ? begun.length : at}`;
  return (
    <Room
      agent={here}
      name={name}
      talk={name && at < 0 ? name : beginning}
      conversation={conversation}
      onBegin={onBegin}
      onChange={setConversation}
      beat={beat}
      fresh={path.endsWith("/new")}
      number={Number(params.number ?? 0)}
    />
  );
}

interface RoomProps {
  agent: Agent;
  /** The name of the conversation; empty where one is about to begin. */
  name: string;
  /** Tells one talk from another, also before it has a name. */
  talk: string;
  conversation: Conversation | undefined;
  onBegin: (conversation: string) => void;
  onChange: (conversation: Conversation) => void;
  beat: string;
  /** Whether a new conversation is asked for, rather than the latest. */
  fresh: boolean;
  number: number;
}

function Room({ agent, name, talk, beat, fresh, ...rest }: RoomProps) {
  const { route } = useLocation();
  const { items: conversations, next } = useConversations(agent.name, beat);
  const latest = conversations?.[0]?.name;
  const goesOn = !name && !fresh && !waiting(agent.name);
  const leads = goesOn ? latest : undefined;
  useEffect(() => {
    if (leads) route(`/${leads}`, true);
  }, [leads, route]);
  const [wide] = useState(() => matchMedia("(min-width: 60rem)").matches);
  const [remembering, setRemembering] = useState(false);
  return (
    <div class="chat">
      <aside class="chat-side" aria-label="About your companion">
        <Companion agent={agent} />
        <details class="chat-shelf" open={wide}>
          <summary>Conversations</summary>
          <Shelf agent={agent.name} here={name} conversations={conversations} next={next} />
        </details>
        <details onToggle={(event) => setRemembering(event.currentTarget.open)}>
          <summary>What it remembers</summary>
          {remembering && <Memories agent={agent.name} pulse={beat} />}
        </details>
      </aside>
      {goesOn && (leads || conversations === undefined) ? (
        <section class="talk" aria-busy="true" />
      ) : (
        <Talk key={talk} agent={agent} name={name} {...rest} />
      )}
    </div>
  );
}

/** Changes whenever a reply begins, is there or ends, in whatever conversation. */
function useBeat(): string {
  const { watching } = useHatchery();
  return useComputed(() =>
    pulse(
      watching.all.value.map(({ generation }) => generation),
      "",
    ),
  ).value;
}

/** A conversation as it is kept, read again with `beat`; nothing where there is no name. */
function useConversation(name: string, beat: string) {
  const { server, conversationsChanged } = useHatchery();
  const [found, setFound] = useState<Conversation>();
  const [problem, setProblem] = useState<{ name: string; problem: Problem }>();
  const changed = conversationsChanged.value;
  // Each of these says that it may be another.
  useEffect(() => {
    if (!name) return undefined;
    const left = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    const read = () =>
      server.conversations.getConversation({ name }, { signal: left.signal }).then(
        (conversation) => {
          setFound(conversation);
          setProblem(undefined);
        },
        (error) => {
          if (left.signal.aborted) return;
          const failed = explain(error);
          if (failed.passing) again = setTimeout(read, AGAIN);
          else setProblem({ name, problem: failed });
        },
      );
    void read();
    return () => {
      left.abort();
      clearTimeout(again);
    };
  }, [server, name, changed, beat]);
  return {
    conversation: found?.name === name ? found : undefined,
    problem: problem?.name === name ? problem.problem : undefined,
    setConversation: setFound,
  };
}
