import { useState } from "preact/hooks";
import type { Memory } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { explain } from "../../server/problem";
import { moment } from "../../words/numbers";
import { Asking } from "../asking";
import { usePages } from "../pages";
import { useSettled } from "../settled";

const PAGE = 30;

interface Props {
  agent: string;
  /** What tells that there may be others. */
  pulse: string;
}

/** What a companion remembers: to look through, to search, and to be forgotten. */
export function Memories({ agent, pulse }: Props) {
  const { server, say, conversationsChanged } = useHatchery();
  const [query, setQuery] = useState("");
  const {
    items: memories,
    problem,
    next,
  } = useMemories(agent, useSettled(query.trim(), 200), pulse);
  const forget = async (name: string) => {
    try {
      await server.conversations.deleteMemory({ name });
      say("It is forgotten.");
    } catch (error) {
      say(explain(error).title);
    }
    conversationsChanged.value += 1;
  };
  return (
    <div class="memories">
      <label>
        <span class="hidden">Search its memories</span>
        <input
          type="search"
          maxLength={500}
          placeholder="Search its memories"
          value={query}
          onInput={({ currentTarget: { value } }) => setQuery(value)}
        />
      </label>
      {problem && <p class="problem-line">{problem.title}</p>}
      <ul aria-busy={memories === undefined}>
        {memories?.map(({ name, text, message, createTime }) => (
          <li key={name} class="memory">
            <p>
              <bdi>{text}</bdi>
            </p>
            <p class="memory-line">
              {message ? <a href={`/${message}`}>{day(createTime)}</a> : day(createTime)}
              <Asking
                small
                label="Forget"
                about={text}
                question="Forget it for good?"
                yes="Forget it"
                act={() => forget(name)}
              />
            </p>
          </li>
        ))}
      </ul>
      {memories?.length === 0 && (
        <p class="soft">
          {query ? "It remembers nothing like that." : "It remembers nothing yet."}
        </p>
      )}
      {next && (
        <button type="button" class="button-small" onClick={next}>
          Show more
        </button>
      )}
    </div>
  );
}

function day(time: Memory["createTime"]): string {
  return new Date((moment(time) ?? 0) * 1000).toLocaleDateString([], {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

/** What an agent remembers, or the best of it by a query; read again with `pulse`. */
function useMemories(agent: string, query: string, pulse: string) {
  const { server, conversationsChanged } = useHatchery();
  return usePages<Memory>(
    async (page, options) => {
      const request = { agent, query, ...page };
      const { memories, nextPageToken } = await server.conversations.listMemories(request, options);
      return { items: memories, nextPageToken };
    },
    JSON.stringify([agent, query, pulse, conversationsChanged.value]),
    PAGE,
  );
}
