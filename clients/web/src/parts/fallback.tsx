import type { Fallback } from "../gen/hatchery/progress/v1/progress_pb";
import { explainStatus } from "../server/problem";
import { substituteTitle } from "../words/thinking";
import { Command } from "./command";

/** Says that something is a substitute, and why. */
export function FallbackNote({ fallback }: { fallback: Fallback }) {
  if (fallback.substitute === "beginning") return <CutOff />;
  const { title, hint, command } = explainStatus(fallback.error);
  return (
    <div class="note">
      <p class="note-title">
        {substituteTitle(fallback) ||
          `A substitute stands in${fallback.substitute && `: ${fallback.substitute}`}.`}
      </p>
      <p>
        {title} {hint}
      </p>
      {command && <Command line={command} />}
    </div>
  );
}

function CutOff() {
  return (
    <div class="note">
      <p class="note-title">This is the beginning only.</p>
      <p>The model reached its limit of tokens; a higher one lets it write more.</p>
    </div>
  );
}
