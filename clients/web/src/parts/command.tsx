import { useState } from "preact/hooks";

/** A line for a terminal, with a button that copies it. */
export function Command({ line }: { line: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="command">
      <code>{line}</code>
      {/* There is a clipboard on pages that came over TLS or loopback. */}
      {navigator.clipboard && (
        <button type="button" class="button-small" onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
