import { useEffect, useState } from "preact/hooks";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { Egg } from "../parts/egg";
import { Portrait } from "../parts/portrait";
import { ProblemNote } from "../parts/problem";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";

const PAGE = 60;

export function GalleryPage() {
  const [query, setQuery] = useState("");
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
            placeholder="Search by name, kind or words"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && <ProblemNote problem={problem} />}
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
  const { server } = useHatchery();
  const [agents, setAgents] = useState<Agent[]>();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [pages, setPages] = useState(1);
  // A key that is still being typed asks nothing.
  const asked = useSettled(query.trim(), 200);

  useEffect(() => setPages(1), [asked]);
  useEffect(() => {
    const left = new AbortController();
    const read = async () => {
      const found: Agent[] = [];
      let next = "";
      for (let page = 0; page < pages; page += 1) {
        const answer = await server.agents.listAgents(
          { pageSize: PAGE, pageToken: next, query: asked },
          { signal: left.signal },
        );
        found.push(...answer.agents);
        next = answer.nextPageToken;
        if (!next) break;
      }
      setAgents(found);
      setToken(next);
      setProblem(undefined);
    };
    read().catch((error) => !left.signal.aborted && setProblem(explain(error)));
    return () => left.abort();
  }, [server, asked, pages]);
  return { agents, more: token !== "", problem, next: () => setPages(pages + 1) };
}

function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
