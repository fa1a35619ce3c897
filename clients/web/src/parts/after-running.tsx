import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Live } from "../watch/live";
import { useRetry } from "./creating";
import { ProblemNote } from "./problem";

/** What can be done once a reply, or what a recipe from elsewhere makes, is there or is not. */
export function AfterRunning({ live: { generation } }: { live: Live }) {
  const { name, state, conversation, message } = generation;
  const { retry, busy, problem } = useRetry(name);
  const done = state === State.COMPLETED;
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        {conversation && (
          <a class="button button-main" href={`/${message || conversation}`}>
            To the conversation
          </a>
        )}
        {(!done || conversation) && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => (done ? retry("execution", true) : retry(""))}
          >
            {done ? "Another answer" : "Try again"}
          </button>
        )}
      </div>
    </>
  );
}
