import type { Fallback } from "../gen/hatchery/progress/v1/progress_pb";
import { explainStatus } from "../server/problem";
import { Command } from "./command";

/** Says that something is a substitute, and why. */
export function FallbackNote({ fallback }: { fallback: Fallback }) {
  const { title, hint, command } = explainStatus(fallback.error);
  return (
    <div class="note">
      <p class="note-title">
        {fallback.substitute === "reading"
          ? "Only the picture’s colours, light and composition were read."
          : `This portrait is a ${fallback.substitute || "substitute"} only.`}
      </p>
      <p>
        {title} {hint}
      </p>
      {command && <Command line={command} />}
    </div>
  );
}
