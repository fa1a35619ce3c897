import { useState } from "preact/hooks";

interface Props {
  text: string;
  class?: string;
}

/** A button that copies; there is a clipboard on pages that came over TLS or loopback. */
export function Copy({ text, class: name = "button-small" }: Props) {
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" class={name} onClick={copy}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
