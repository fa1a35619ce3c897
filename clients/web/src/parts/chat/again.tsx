import { useState } from "preact/hooks";
import { useHatchery } from "../../hatchery";
import { explain } from "../../server/problem";
import { begin, requestId } from "../../server/server";
import { Copy } from "../copy";
import { anotherSeed } from "../options";

/** Tries again, from a step on; says what is in the way. */
function useAgain(generation: string, onChange: () => void) {
  const { server, say } = useHatchery();
  const [busy, setBusy] = useState(false);
  const again = async (fromStep: string, seed?: number) => {
    setBusy(true);
    try {
      const id = requestId();
      const request = { name: generation, fromStep, requestId: id };
      await begin((call) =>
        server.generations.retryGeneration(
          { ...request, ...(seed !== undefined && { seed }) },
          call,
        ),
      );
      onChange();
    } catch (error) {
      const failed = explain(error);
      // Another tab was first: that one is shown.
      if (failed.reason === "RETRY_UNDER_WAY") onChange();
      else say(failed.title);
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
          onClick={() => again("execution", anotherSeed())}
        >
          Another answer
        </button>
      )}
    </span>
  );
}
