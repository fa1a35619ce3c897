import { create } from "@bufbuild/protobuf";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Agent, AgentSchema } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { PersonaSchema } from "../gen/hatchery/types/v1/persona_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { ProblemNote } from "./problem";

interface Props {
  agent: Agent;
  onSave: (agent: Agent) => void;
  onCancel: () => void;
}

/** Changes who a companion is; what was changed elsewhere meanwhile is not overwritten. */
export function EditForm({ agent, onSave, onCancel }: Props) {
  const { server } = useHatchery();
  const persona = agent.persona ?? create(PersonaSchema);
  const before = {
    name: persona.name,
    species: persona.species,
    traits: persona.traits.join(", "),
    personality: persona.personality,
    backstory: persona.backstory,
    greeting: persona.greeting,
  };
  const [words, setWords] = useState(before);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [etag, setEtag] = useState(agent.etag);
  const put = (change: Partial<typeof words>) => setWords({ ...words, ...change });
  const save = async (event: Event) => {
    event.preventDefault();
    // What was not touched stays as it is, also where a comma stands within a trait.
    const fields = Object.keys(words) as (keyof typeof words)[];
    const changed = fields.filter((field) => words[field] !== before[field]);
    if (changed.length === 0) {
      onCancel();
      return;
    }
    setBusy(true);
    const traits = words.traits
      .split(",")
      .map((trait) => trait.trim())
      .filter(Boolean);
    try {
      const saved = await server.agents.updateAgent({
        agent: create(AgentSchema, {
          name: agent.name,
          etag,
          persona: create(PersonaSchema, { ...words, traits }),
        }),
        updateMask: { paths: changed.map((field) => `persona.${field}`) },
      });
      onSave(saved);
    } catch (error) {
      const failed = explain(error);
      setProblem(failed);
      if (failed.reason === "ETAG_MISMATCH") {
        const { etag: now } = await server.agents.getAgent({ name: agent.name });
        setEtag(now);
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="edit" onSubmit={save}>
      <label>
        Name
        <input
          ref={first}
          value={words.name}
          maxLength={200}
          required
          onInput={(event) => put({ name: event.currentTarget.value })}
        />
      </label>
      <label>
        Species
        <input
          value={words.species}
          maxLength={200}
          onInput={(event) => put({ species: event.currentTarget.value })}
        />
      </label>
      <label>
        Traits, with commas between them
        <input
          value={words.traits}
          onInput={(event) => put({ traits: event.currentTarget.value })}
        />
      </label>
      <label>
        Personality
        <textarea
          rows={3}
          maxLength={8000}
          value={words.personality}
          onInput={(event) => put({ personality: event.currentTarget.value })}
        />
      </label>
      <label>
        Backstory
        <textarea
          rows={6}
          maxLength={8000}
          value={words.backstory}
          onInput={(event) => put({ backstory: event.currentTarget.value })}
        />
      </label>
      <label>
        Greeting
        <textarea
          rows={2}
          maxLength={2000}
          value={words.greeting}
          onInput={(event) => put({ greeting: event.currentTarget.value })}
        />
      </label>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="submit" class="button-main" disabled={busy}>
          Save
        </button>
        <button type="button" class="button" onClick={onCancel}>
          Leave it
        </button>
      </div>
    </form>
  );
}
