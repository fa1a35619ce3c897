import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Live } from "../watch/live";
import { useRetry } from "./creating";
import { ProblemNote } from "./problem";

/** What can be done once a text or an app is written, or is not. */
export function AfterWriting({ live: { generation } }: { live: Live }) {
  const { name, state, resource, comparison } = generation;
  const { retry, busy, problem } = useRetry(name);
  const done = state === State.COMPLETED;
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        {done && (
          <a class="button button-main" href={`/${resource}`}>
            Open it
          </a>
        )}
        <button
          type="button"
          class={done ? "button" : "button button-main"}
          disabled={busy}
          onClick={() => (done ? retry("write", true) : retry(""))}
        >
          {done ? "Write it anew" : "Try again"}
        </button>
        {comparison && (
          <a class="button" href={`/${comparison}`}>
            Side by side
          </a>
        )}
        <a class="button" href="/workbench">
          Write something else
        </a>
      </div>
    </>
  );
}
