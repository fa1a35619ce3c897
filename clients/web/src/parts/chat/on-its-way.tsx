import { ProblemNote } from "../problem";
import { Bubble } from "./bubble";
import type { Sending } from "./outbox";

interface Props {
  message: Sending;
  waits: boolean;
  again: (id: string) => void;
  remove: (id: string) => void;
}

/** What is said and not accepted yet, or was refused. */
export function OnItsWay({ message: { id, text, problem }, waits, again, remove }: Props) {
  return (
    <li class="turn">
      <Bubble by="" mine text={text}>
        {!problem && <span>{waits ? "not sent yet" : "sending …"}</span>}
      </Bubble>
      {problem && (
        <ProblemNote problem={problem}>
          <button type="button" class="button-small" onClick={() => again(id)}>
            Send it again
          </button>
          <button type="button" class="button-small" onClick={() => remove(id)}>
            Take it back
          </button>
        </ProblemNote>
      )}
    </li>
  );
}
