import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { explain, type Problem } from "../../server/problem";
import { count } from "../../words/numbers";
import { Asking } from "../asking";
import { ProblemNote } from "../problem";

interface Props {
  conversation: Conversation;
  onChange: (conversation: Conversation) => void;
  onDelete: () => void;
}

/** What a conversation is called, and what can be done with the whole of it. */
export function Head({ conversation, onChange, onDelete }: Props) {
  const { server, say, conversationsChanged } = useHatchery();
  const { name, title, messages } = conversation;
  const [naming, setNaming] = useState(false);
  const remove = async () => {
    try {
      await server.conversations.deleteConversation({ name });
      say("The conversation is gone.");
      // Nobody looks at what is gone.
      onDelete();
      conversationsChanged.value += 1;
    } catch (error) {
      say(explain(error).title);
    }
  };
  const close = () => {
    setNaming(false);
    document.getElementById("title")?.focus({ preventScroll: true });
  };
  return (
    <div class="talk-head">
      <h1 id="title" tabIndex={-1}>
        <bdi>{title}</bdi>
      </h1>
      {naming ? (
        <Change
          label="What to call it"
          kept={title}
          longest={200}
          conversation={conversation}
          onChange={onChange}
          onClose={close}
          change={(text) => ({ title: text })}
        />
      ) : (
        <div class="talk-buttons">
          <button type="button" class="button-small" onClick={() => setNaming(true)}>
            Rename
          </button>
          <Asking
            small
            label="Delete"
            question={`Delete it for good? Its ${count(messages, "messages")}, what it made your companion remember, and how each reply came to be go with it. Changes of the sheet and new portraits stay.`}
            yes="Delete for good"
            act={remove}
          />
        </div>
      )}
    </div>
  );
}

/** What stands for the earlier part of a conversation, to be read and corrected. */
export function Summary({ conversation, onChange }: Omit<Props, "onDelete">) {
  const { summary, summarizedMessages } = conversation;
  const [correcting, setCorrecting] = useState(false);
  if (!summary && !summarizedMessages) return null;
  return (
    <details class="summary">
      <summary>What was said before, in short</summary>
      <p class="soft">
        Your companion reads this in place of the first {count(summarizedMessages, "messages")}.
      </p>
      {correcting ? (
        <Change
          label="The summary"
          kept={summary}
          longest={8000}
          rows={6}
          conversation={conversation}
          onChange={onChange}
          onClose={() => setCorrecting(false)}
          change={(text) => ({ summary: text })}
        />
      ) : (
        <>
          <p class="summary-text" dir="auto">
            {summary || "Nothing: it is empty."}
          </p>
          <button type="button" class="button-small" onClick={() => setCorrecting(true)}>
            Correct it
          </button>
        </>
      )}
    </details>
  );
}

interface ChangeProps {
  label: string;
  kept: string;
  longest: number;
  /** Lines of a text; a word or a few need none. */
  rows?: number;
  conversation: Conversation;
  onChange: (conversation: Conversation) => void;
  onClose: () => void;
  change: (text: string) => { title: string } | { summary: string };
}

/** Changes words of a conversation; what was changed elsewhere meanwhile is not overwritten unasked. */
function Change({ label, kept, longest, rows, conversation, change, ...props }: ChangeProps) {
  const { server, conversationsChanged } = useHatchery();
  const [text, setText] = useState(kept);
  const [etag, setEtag] = useState(conversation.etag);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { name } = conversation;
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const request = { name, etag, ...change(text.trim()) };
      props.onChange(await server.conversations.updateConversation(request));
      conversationsChanged.value += 1;
      props.onClose();
    } catch (error) {
      const failed = explain(error);
      setProblem(failed);
      if (failed.reason === "ETAG_MISMATCH") {
        const now = await server.conversations.getConversation({ name });
        setEtag(now.etag);
      }
    } finally {
      setBusy(false);
    }
  };
  const field = {
    id: "change",
    ref: box,
    value: text,
    maxLength: longest,
    onInput: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => event.key === "Escape" && props.onClose(),
  };
  return (
    <form class="change" onSubmit={save}>
      <label class="hidden" for="change">
        {label}
      </label>
      {rows ? <textarea rows={rows} {...field} /> : <input required {...field} />}
      {problem && <ProblemNote problem={problem} />}
      <div class="talk-buttons">
        <button type="submit" class="button-small" disabled={busy}>
          Save
        </button>
        <button type="button" class="button-small" onClick={props.onClose}>
          Leave it
        </button>
      </div>
    </form>
  );
}
