import { useState } from "preact/hooks";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { Egg } from "../parts/egg";
import { CardDrop } from "../parts/importing";
import { usePages } from "../parts/pages";
import { Portrait } from "../parts/portrait";
import { ProblemNote } from "../parts/problem";
import { useSettled } from "../parts/settled";
import { useTitle } from "../parts/title";

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
  const { items: agents, problem, next } = useAgents(query);
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
        {next && (
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
  const name = agent.persona?.name || "Nameless";
  return (
    <div class="agent-card">
      <a class="card" href={`/${agent.name}`}>
        <Portrait image={agent.portrait} alt="" square />
        <div class="card-words">
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <span>
            <bdi>{agent.persona?.species}</bdi>
          </span>
        </div>
      </a>
      <a class="button-small" href={`/${agent.name}/chat`} aria-label={`Talk with ${name}`}>
        Talk
      </a>
    </div>
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

/** The agents that a search finds, the newest first. */
function useAgents(query: string) {
  const { server, agentsChanged } = useHatchery();
  const asked = useSettled(query.trim(), 200);
  return usePages<Agent>(
    async (page, options) => {
      const found = await server.agents.listAgents({ query: asked, ...page }, options);
      return { items: found.agents, nextPageToken: found.nextPageToken };
    },
    JSON.stringify([asked, agentsChanged.value]),
    PAGE,
  );
}
