import { useEffect, useRef, useState } from "preact/hooks";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { AGAIN } from "../parts/agent";
import { Egg } from "../parts/egg";
import { CardDrop } from "../parts/importing";
import { Portrait } from "../parts/portrait";
import { ProblemNote } from "../parts/problem";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";

const PAGE = 60;

export function GalleryPage() {
  const [query, setQuery] = useState(() => new URLSearchParams(location.search).get("q") ?? "");
  // Whoever comes back finds what was looked for.
  const search = (words: string) => {
    setQuery(words);
    const address = words
      ? `${location.pathname}?q=${encodeURIComponent(words)}`
      : location.pathname;
    history.replaceState(history.state, "", address);
  };
  const { agents, more, problem, next } = useAgents(query);
  useTitle("Companions – Hatchery");
  const empty = agents?.length === 0 && !problem;
  return (
    <section>
      <div class="gallery-head">
        <h1>Your companions</h1>
        <label>
          <span class="hidden">Search</span>
          <input
            type="search"
            maxLength={200}
            placeholder="Search by name, kind or words"
            value={query}
            onInput={(event) => search(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && <ProblemNote problem={problem} />}
      <CardDrop>
        <ul class="gallery" aria-busy={agents === undefined}>
          {agents?.map((agent) => (
            <li key={agent.name}>
              <AgentCard agent={agent} />
            </li>
          ))}
        </ul>
        {more && (
          <p class="buttons">
            <button type="button" class="button" onClick={next}>
              Show more
            </button>
          </p>
        )}
        {empty && (query ? <p>Nobody like that is here.</p> : <Nobody />)}
      </CardDrop>
    </section>
  );
}

function AgentCard({ agent }: { agent: Agent }) {
  return (
    <a class="card" href={`/${agent.name}`}>
      <Portrait image={agent.portrait} alt="" square />
      <div class="card-words">
        <strong>
          <bdi>{agent.persona?.name || "Nameless"}</bdi>
        </strong>
        <span>
          <bdi>{agent.persona?.species}</bdi>
        </span>
      </div>
    </a>
  );
}

function Nobody() {
  return (
    <div class="lost">
      <Egg fraction={0} lively={false} />
      <p>Nobody has hatched yet.</p>
      <a class="button button-main" href="/">
        Hatch the first
      </a>
    </div>
  );
}

/** The agents that a search finds, a page at a time, the newest first; undefined until they are here. */
function useAgents(query: string) {
  const { server, agentsChanged } = useHatchery();
  const [found, setFound] = useState<{ agents: Agent[]; token: string }>();
  const [problem, setProblem] = useState<Problem>();
  // A key that is still being typed asks nothing.
  const asked = useSettled(query.trim(), 200);
  const changed = agentsChanged.value;

  const asking = useRef(new AbortController());

  const read = (token: string, before: Agent[]) => {
    const { signal } = asking.current;
    server.agents.listAgents({ pageSize: PAGE, pageToken: token, query: asked }, { signal }).then(
      (page) => {
        if (signal.aborted) return;
        setFound({ agents: [...before, ...page.agents], token: page.nextPageToken });
        setProblem(undefined);
      },
      (error) => {
        if (signal.aborted) return;
        const failed = explain(error);
        setProblem(failed);
        if (!failed.passing) return;
        const again = setTimeout(read, AGAIN, token, before);
        signal.addEventListener("abort", () => clearTimeout(again));
      },
    );
  };
  useEffect(() => {
    asking.current = new AbortController();
    read("", []);
    return () => asking.current.abort();
  }, [server, asked, changed]);
  return {
    agents: found?.agents,
    more: found?.token !== undefined && found.token !== "",
    problem,
    next: () => found && read(found.token, found.agents),
  };
}

function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
