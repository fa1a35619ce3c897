import { ProblemNote } from "../problem";
import type { Outbox, Sending } from "./outbox";

/** What can be done about a message that was refused. */
export function Refused({
  message: { id, problem },
  outbox,
}: {
  message: Sending;
  outbox: Outbox;
}) {
  if (!problem) return null;
  return (
    <ProblemNote problem={problem}>
      <button type="button" class="button-small" onClick={() => outbox.again(id)}>
        Send it again
      </button>
      <button type="button" class="button-small" onClick={() => outbox.remove(id)}>
        Take it back
      </button>
    </ProblemNote>
  );
}
