import { useState } from "preact/hooks";
import { useHatchery } from "../../hatchery";
import { explain } from "../../server/problem";
import { begin } from "../../server/server";
import { Copy } from "../copy";
import { useAsked } from "../creating";

/** Tries again, from a step on; says what is in the way. */
function useAgain(generation: string, onChange: () => void) {
  const { server, say } = useHatchery();
  const [busy, setBusy] = useState(false);
  const { ask, done } = useAsked();
  const again = async (fromStep: string, anew = false) => {
    setBusy(true);
    const { id, seed } = ask(`${generation} ${fromStep} ${anew}`);
    const request = { name: generation, fromStep, requestId: id, ...(anew && { seed }) };
    try {
      await begin((call) => server.generations.retryGeneration(request, call));
      done();
      onChange();
    } catch (error) {
      const failed = explain(error);
      // Another tab was first: that one is shown.
      if (failed.reason === "RETRY_UNDER_WAY") {
        done();
        onChange();
      } else {
        say(failed.title);
      }
    } finally {
      setBusy(false);
    }
  };
  return { again, busy };
}

/** A button that tries again what was stopped or failed. */
export function Retry({ generation, onChange }: { generation: string; onChange: () => void }) {
  const { again, busy } = useAgain(generation, onChange);
  return (
    <button type="button" class="button-small" disabled={busy} onClick={() => again("")}>
      Try again
    </button>
  );
}

interface AgainProps {
  generation: string;
  text: string;
  latest: boolean;
  onChange: () => void;
}

/** What can be done with a reply. */
export function Again({ generation, text, latest, onChange }: AgainProps) {
  const { again, busy } = useAgain(generation, onChange);
  return (
    <span class="bubble-buttons">
      <Copy text={text} class="button-plain" />
      {latest && (
        <button
          type="button"
          class="button-plain"
          disabled={busy}
          onClick={() => again("execution", true)}
        >
          Another answer
        </button>
      )}
    </span>
  );
}
