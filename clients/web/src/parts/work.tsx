import { useState } from "preact/hooks";
import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { documentIn } from "../words/writing";
import { AppFrame } from "./app-frame";
import { Prose } from "./prose";

interface Props {
  kind: Kind;
  /** Who writes it, where others do as well. */
  by?: string;
  /** What the model has said by now. */
  said: string;
  /** The try that says it: another one is another document. */
  attempt: number;
  /** What is kept of it in the end. */
  content?: string | undefined;
  /** Whether more is to come, and whether it comes right now. */
  open: boolean;
  writing: boolean;
}

/** What is written, while it is and afterwards: a text as text, an app as it looks or as source. */
export function Work({ kind, ...rest }: Props) {
  if (kind === Kind.APP) return <App {...rest} />;
  const { by = "", said, content = said, open, writing } = rest;
  return <Prose text={content} label={label("The text", by)} open={open} writing={writing} />;
}

const VIEWS = ["Preview", "Source"];

/** What it is, and whose, where there are several. */
function label(what: string, by: string): string {
  return by ? `${what} of ${by}` : what;
}

function App({ by = "", said, attempt, content, open, writing }: Omit<Props, "kind">) {
  const [chosen, setChosen] = useState("");
  const html = content ?? documentIn(said);
  // Where no page came, what was said instead is all there is.
  const view = chosen || (html || open ? "Preview" : "Source");
  return (
    <div class="app">
      <div class="views">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            class="button-small"
            aria-pressed={view === name}
            onClick={() => setChosen(name)}
          >
            {name}
          </button>
        ))}
        <span class="soft">It runs shut in, without a network.</span>
      </div>
      {view === "Source" ? (
        <Prose
          text={content ?? said}
          label={label("The source", by)}
          open={open}
          writing={writing}
          code
        />
      ) : html ? (
        <AppFrame
          // What is kept is another document than what was said; each begins anew.
          key={content === undefined ? attempt : "kept"}
          html={html}
          whole={content !== undefined || !open}
          title={label(open ? "The app as it is being written" : "The app", by)}
        />
      ) : (
        <p class="app-frame app-waits">
          {open ? "Its page has not begun yet." : "There is no page."}
        </p>
      )}
    </div>
  );
}
