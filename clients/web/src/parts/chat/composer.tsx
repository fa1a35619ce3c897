import { useEffect, useRef, useState } from "preact/hooks";
import { useHatchery } from "../../hatchery";
import { explain } from "../../server/problem";
import { ACTIONS } from "../../words/thinking";
import { useKept } from "../kept";
import { ModelSelect, textsOf, useOffer } from "../options";
import { allowance, type Choices, type Showing } from "./choices";
import { draftOf } from "./outbox";

const LONGEST = 8000;
const SHOWN: [Showing, string][] = [
  ["auto", "until the reply is there"],
  ["open", "always"],
  ["folded", "only when I ask"],
];

interface Props {
  /** Where it is said, under which a draft is kept. */
  place: string;
  /** Who is spoken to. */
  to: string;
  choices: Choices;
  choose: (change: Partial<Choices>) => void;
  onSend: (text: string) => void;
  /** The run that answers right now, if one does. */
  running: string | undefined;
  /** Puts words into the box; a new object puts them again. */
  idea: { text: string } | undefined;
}

/** Where something is said, and a way to stop the one who answers. */
export function Composer({ place, to, choices, choose, onSend, running, idea }: Props) {
  const [draft, setDraft] = useKept("session", draftOf(place), "");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a phone, the keyboard comes when it is asked for.
    if (matchMedia("(hover: hover)").matches) box.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (!idea) return;
    setDraft(() => idea.text);
    box.current?.focus({ preventScroll: true });
  }, [idea, setDraft]);
  const blank = draft.trim() === "";
  const tooLong = draft.trim().length > LONGEST;
  const send = (event: Event) => {
    event.preventDefault();
    if (blank || tooLong) return;
    onSend(draft.trim());
    setDraft(() => "");
    box.current?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Whoever writes by an input method ends a word with the same key.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  };
  return (
    <form class="composer" onSubmit={send}>
      <div class="composer-line">
        <label class="hidden" for="say">
          Say something to {to}
        </label>
        <textarea
          ref={box}
          id="say"
          rows={1}
          enterkeyhint="send"
          placeholder={`Say something to ${to}`}
          value={draft}
          onInput={({ currentTarget: { value } }) => setDraft(() => value)}
          onKeyDown={onKeyDown}
        />
        {running && <Stop generation={running} />}
        {(!running || !blank) && (
          <button type="submit" class="button-main" disabled={blank || tooLong}>
            Send
          </button>
        )}
      </div>
      {draft.length > LONGEST - 500 && (
        <p class="soft" role="status">
          {draft.trim().length} of {LONGEST} characters{tooLong && ": too long to be sent"}
        </p>
      )}
      <How choices={choices} choose={choose} />
    </form>
  );
}

function Stop({ generation }: { generation: string }) {
  const { server, say } = useHatchery();
  const [asked, setAsked] = useState("");
  const stop = async () => {
    setAsked(generation);
    try {
      await server.generations.cancelGeneration({ name: generation });
    } catch (error) {
      setAsked("");
      say(explain(error).title);
    }
  };
  const stopping = asked === generation;
  return (
    <button type="button" class="button" disabled={stopping} onClick={stop}>
      {stopping ? "Stopping …" : "Stop"}
    </button>
  );
}

/** How it is answered: what may be done besides, by which model, and how much of it is shown. */
function How({
  choices,
  choose,
}: {
  choices: Choices;
  choose: (change: Partial<Choices>) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details class="choices how" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        How it answers <span class="soft">– {allowance(choices)}</span>
      </summary>
      {open && (
        <div class="options">
          <fieldset class="allowed">
            <legend>It may</legend>
            {Object.entries(ACTIONS).map(([action, { title }]) => (
              <label key={action}>
                <input
                  type="checkbox"
                  checked={!choices.forbidden.includes(action)}
                  onChange={({ currentTarget: { checked } }) => {
                    const others = choices.forbidden.filter((one) => one !== action);
                    choose({ forbidden: checked ? others : [...others, action] });
                  }}
                />
                {title}
              </label>
            ))}
          </fieldset>
          <ModelChoice model={choices.model} onChange={(model) => choose({ model })} />
          <label>
            Show its thinking
            <select
              value={choices.thinking}
              onChange={({ currentTarget: { value } }) => choose({ thinking: value as Showing })}
            >
              {SHOWN.map(([showing, words]) => (
                <option key={showing} value={showing}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
    </details>
  );
}

function ModelChoice({ model, onChange }: { model: string; onChange: (model: string) => void }) {
  const { offer, problem } = useOffer();
  const texts = textsOf(offer);
  // A model that was chosen once may be gone.
  const gone = offer !== undefined && model !== "" && !texts.some(({ name }) => name === model);
  useEffect(() => {
    if (gone) onChange("");
  }, [gone, onChange]);
  if (problem) return <p class="problem-line">{problem.title}</p>;
  const chosen = texts.find(({ name }) => name === model) ?? texts[0];
  return (
    <>
      <ModelSelect label="Model" models={texts} value={model} onChange={onChange} />
      {chosen && !chosen.documents && (
        <p class="soft">
          <bdi>{chosen.title || chosen.name}</bdi> is too small to plan: it answers and remembers,
          and does nothing else.
        </p>
      )}
    </>
  );
}
