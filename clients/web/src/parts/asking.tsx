import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** What the button says, and what it does to what, for who hears it alone. */
  label: string;
  about?: string;
  /** What is asked before it is done: all that goes. */
  question: string;
  yes: string;
  no?: string;
  small?: boolean;
  act: () => Promise<void>;
}

/** A button for what cannot be undone, and so asks before. */
export function Asking({ label, about, question, yes, no = "Keep it", small, act }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const kept = useRef<HTMLButtonElement>(null);
  const opens = useRef<HTMLButtonElement>(null);
  const style = small ? "button-small" : "button";
  useEffect(() => {
    if (asking) kept.current?.focus();
  }, [asking]);
  const close = () => {
    setAsking(false);
    // The button that asked is there again with the next frame.
    requestAnimationFrame(() => opens.current?.focus());
  };
  const go = async () => {
    setBusy(true);
    await act();
    setBusy(false);
    setAsking(false);
  };
  if (!asking) {
    return (
      <button
        ref={opens}
        type="button"
        class={style}
        aria-label={about && `${label}: ${about}`}
        onClick={() => setAsking(true)}
      >
        {label}
      </button>
    );
  }
  return (
    <fieldset class="asking" disabled={busy}>
      <legend>{question}</legend>
      <button type="button" class={style} onClick={go}>
        {yes}
      </button>
      <button ref={kept} type="button" class={style} onClick={close}>
        {no}
      </button>
    </fieldset>
  );
}
