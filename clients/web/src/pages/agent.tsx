import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { useAgent } from "../parts/agent";
import { useCreating } from "../parts/creating";
import { useDeleting } from "../parts/deleting";
import { EditForm } from "../parts/edit";
import { ExportButtons } from "../parts/exporting";
import { FallbackNote } from "../parts/fallback";
import { History } from "../parts/history";
import { DEFAULTS, OptionsForm, portraitOf, seedOf } from "../parts/options";
import { PersonaLines } from "../parts/persona";
import { Portrait, usePicture } from "../parts/portrait";
import { ProblemNote, ProblemPage } from "../parts/problem";
import { useTitle } from "../parts/title";
import { fileName } from "../server/files";
import { explain } from "../server/problem";
import { lines } from "../words/persona";

export function AgentPage() {
  const { params } = useRoute();
  const name = `agents/${params.id}`;
  return <Known key={name} name={name} />;
}

function Known({ name }: { name: string }) {
  const { agent, problem, setAgent } = useAgent(name);
  useTitle(`${agent?.persona?.name || "Companion"} – Hatchery`);
  // What is written on it outlasts a server that is away for a moment.
  if (problem && (!agent || !problem.passing)) {
    return (
      <ProblemPage problem={problem}>
        <a class="button" href="/agents">
          To your companions
        </a>
      </ProblemPage>
    );
  }
  if (!agent) return <section class="lost" aria-busy="true" />;
  return (
    <>
      <Sheet agent={agent} onChange={setAgent} />
      <History agent={agent} />
    </>
  );
}

function Sheet({ agent, onChange }: { agent: Agent; onChange: (agent: Agent) => void }) {
  const [editing, setEditing] = useState(false);
  const { persona, portrait, portraitFallback } = agent;
  const shown = persona ? lines(persona).filter(({ field }) => field !== "/name") : [];
  const close = () => {
    setEditing(false);
    document.getElementById("name")?.focus({ preventScroll: true });
  };
  const { agentsChanged } = useHatchery();
  const save = (changed: Agent) => {
    onChange(changed);
    agentsChanged.value += 1;
    close();
  };
  return (
    <section class="sheet" aria-labelledby="name">
      <div class="stage">
        <Portrait image={portrait} alt={`Portrait of ${persona?.name || "the companion"}`} />
      </div>
      <div class="sheet-words">
        <h1 id="name" tabIndex={-1}>
          <bdi>{persona?.name || "Nameless"}</bdi>
        </h1>
        {agent.description && (
          <p class="description">
            <bdi>“{agent.description}”</bdi>
          </p>
        )}
        {agent.deleteTime && <Deleted agent={agent} onChange={onChange} />}
        {portraitFallback && <FallbackNote fallback={portraitFallback} />}
        {editing ? (
          <EditForm agent={agent} onSave={save} onCancel={close} />
        ) : (
          <PersonaLines lines={shown} />
        )}
        {!agent.deleteTime && !editing && <Actions agent={agent} onEdit={() => setEditing(true)} />}
      </div>
    </section>
  );
}

function Deleted({ agent, onChange }: { agent: Agent; onChange: (agent: Agent) => void }) {
  const { server, say } = useHatchery();
  const back = () =>
    server.agents
      .undeleteAgent({ name: agent.name })
      .then(onChange, (error) => say(explain(error).title));
  return (
    <div class="note">
      <p class="note-title">It is deleted.</p>
      <button type="button" class="button" onClick={back}>
        Bring it back
      </button>
    </div>
  );
}

function Actions({ agent, onEdit }: { agent: Agent; onEdit: () => void }) {
  const { route } = useLocation();
  const remove = useDeleting(() => route("/agents"));
  const [drawing, setDrawing] = useState(false);
  const address = usePicture(agent.portrait);
  const type =
    agent.portrait?.mediaType === "image/svg+xml" ? "svg" : agent.portrait?.mediaType.split("/")[1];
  return (
    <>
      <div class="buttons">
        <a class="button button-main" href={`/${agent.name}/chat`}>
          Talk
        </a>
        <button
          type="button"
          class="button"
          aria-expanded={drawing}
          onClick={() => setDrawing(!drawing)}
        >
          New portrait
        </button>
        <button type="button" class="button" onClick={onEdit}>
          Edit
        </button>
        {address && (
          <a
            class="button"
            href={address}
            download={`${fileName(agent.persona?.name ?? "", "companion")}.${type}`}
          >
            Download portrait
          </a>
        )}
        <ExportButtons name={agent.name} />
        <button type="button" class="button" onClick={() => remove(agent.name)}>
          Delete
        </button>
      </div>
      {drawing && <Drawing agent={agent} />}
    </>
  );
}

function Drawing({ agent }: { agent: Agent }) {
  const { server } = useHatchery();
  const [options, setOptions] = useState(DEFAULTS);
  const { create, busy, problem } = useCreating();
  const draw = (event: Event) => {
    event.preventDefault();
    const request = { name: agent.name, portrait: portraitOf(options), ...seedOf(options) };
    void create(JSON.stringify(request), (requestId, call) =>
      server.agents.regenerateAvatar({ ...request, requestId }, call),
    );
  };
  return (
    <form class="drawing" onSubmit={draw}>
      <OptionsForm options={options} onChange={setOptions} text={false} />
      {problem && <ProblemNote problem={problem} />}
      <p>The old portrait stays until the new one is done.</p>
      <button type="submit" class="button-main" disabled={busy}>
        Draw
      </button>
    </form>
  );
}
