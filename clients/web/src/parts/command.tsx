import { Copy } from "./copy";

/** A line for a terminal, with a button that copies it. */
export function Command({ line }: { line: string }) {
  return (
    <div class="command">
      <code>{line}</code>
      <Copy text={line} />
    </div>
  );
}
