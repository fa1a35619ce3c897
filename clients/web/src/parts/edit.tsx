import { create } from "@bufbuild/protobuf";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Agent, AgentSchema } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { type Persona, PersonaSchema } from "../gen/hatchery/types/v1/persona_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { ProblemNote } from "./problem";

interface Props {
  agent: Agent;
  onSave: (agent: Agent) => void;
  onCancel: () => void;
}

interface Field {
  /** Its path in a persona. */
  path: string;
  label: string;
  longest: number;
  /** Lines of a text; a word or a few need one. */
  rows?: number;
}

const LOOK = "appearance.";
const FIELDS: Field[] = [
  { path: "name", label: "Name", longest: 200 },
  { path: "species", label: "Species", longest: 200 },
  { path: "age", label: "Age", longest: 200 },
  { path: "gender", label: "Gender", longest: 200 },
  { path: "traits", label: "Traits, with commas between them", longest: 4000 },
  { path: "appearance.mood", label: "Mood", longest: 200 },
  { path: "appearance.coat", label: "Coat", longest: 400 },
  { path: "appearance.eyes", label: "Eyes", longest: 400 },
  { path: "appearance.outfit", label: "Outfit", longest: 400 },
  { path: "personality", label: "Personality", longest: 8000, rows: 3 },
  { path: "backstory", label: "Backstory", longest: 8000, rows: 6 },
  { path: "greeting", label: "Greeting", longest: 2000, rows: 2 },
];

/** Changes who a companion is; what was changed elsewhere meanwhile is not overwritten unasked. */
export function EditForm({ agent, onSave, onCancel }: Props) {
  const { server } = useHatchery();
  const [before] = useState(() => wordsOf(agent.persona ?? create(PersonaSchema)));
  const [words, setWords] = useState(before);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [etag, setEtag] = useState(agent.etag);
  const save = async (event: Event) => {
    event.preventDefault();
    // What was not touched stays as it is, also where a comma stands within a trait.
    const changed = FIELDS.map(({ path }) => path).filter((path) => words[path] !== before[path]);
    if (changed.length === 0) {
      onCancel();
      return;
    }
    setBusy(true);
    try {
      const saved = await server.agents.updateAgent({
        agent: create(AgentSchema, { name: agent.name, etag, persona: personaOf(words) }),
        updateMask: { paths: changed.map((path) => `persona.${path}`) },
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
      {FIELDS.map(({ path, label, longest, rows }, at) => {
        const field = {
          id: `edit-${path}`,
          value: words[path] ?? "",
          maxLength: longest,
          onInput: (event: { currentTarget: { value: string } }) =>
            setWords({ ...words, [path]: event.currentTarget.value }),
        };
        return (
          <label key={path} for={field.id}>
            {label}
            {rows ? (
              <textarea rows={rows} {...field} />
            ) : (
              <input ref={at === 0 ? first : null} required={at === 0} {...field} />
            )}
          </label>
        );
      })}
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

type Words = Record<string, string>;

/** What stands in each field. */
function wordsOf(persona: Persona): Words {
  const { appearance } = persona;
  const { name, species, age, gender, personality, backstory, greeting } = persona;
  return {
    ...{ name, species, age, gender, personality, backstory, greeting },
    traits: persona.traits.join(", "),
    "appearance.mood": appearance?.mood ?? "",
    "appearance.coat": appearance?.coat ?? "",
    "appearance.eyes": appearance?.eyes ?? "",
    "appearance.outfit": appearance?.outfit ?? "",
  };
}

/** The persona that the fields tell of. */
function personaOf(words: Words): Persona {
  const looks = Object.entries(words).filter(([path]) => path.startsWith(LOOK));
  const others = Object.entries(words).filter(([path]) => !path.startsWith(LOOK));
  const traits = (words.traits ?? "")
    .split(",")
    .map((trait) => trait.trim())
    .filter(Boolean);
  return create(PersonaSchema, {
    ...Object.fromEntries(others),
    traits,
    appearance: Object.fromEntries(looks.map(([path, text]) => [path.slice(LOOK.length), text])),
  });
}
