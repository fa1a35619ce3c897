import type { Status } from "../gen/google/rpc/status_pb";
import {
  Generation_State as State,
  type StepSnapshot,
  StepSnapshot_State as StepState,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { explainStatus } from "../server/problem";
import type { Live } from "../watch/live";
import { duration, moment } from "../words/numbers";
import { time } from "../words/statistics";
import { gauge } from "../words/telling";
import { standing, stepTime, substitutes } from "../words/thinking";
import { ActionsTaken, Made } from "./made";
import { useNow } from "./now";

const MARKS: Partial<Record<StepState, string>> = {
  [StepState.RUNNING]: "●",
  [StepState.RETRYING]: "↻",
  [StepState.COMPLETED]: "✓",
  [StepState.ENDED]: "✕",
};

/** The steps as they really happen: what each does, how long it takes, and what came of it. */
export function Steps({ live }: { live: Live }) {
  const { generation } = live;
  const now = useNow(generation.state === State.RUNNING);
  const said = substitutes(generation, why);
  return (
    <ol class="steps">
      {generation.steps.map((step) => (
        <Step key={step.step} step={step} live={live} now={now} substitute={said.get(step.step)} />
      ))}
    </ol>
  );
}

/** Why something stands in; where another model would do better, that as well. */
function why(status: Status | undefined): string {
  const { reason, title, hint } = explainStatus(status);
  return reason === "MODEL_TOO_SMALL" ? `${title} ${hint}` : title;
}

interface StepProps {
  step: StepSnapshot;
  live: Live;
  now: number;
  /** What stands in for what it should have made, and why. */
  substitute: string | undefined;
}

/** Outputs that tell all of it themselves. */
const TELLING = new Set(["contextReading", "analysis", "plan", "planReview"]);

function Step({ step, live, now, substitute }: StepProps) {
  const { state, title, result, startTime, actions, error } = step;
  const running = state === StepState.RUNNING;
  const kind = StepState[state].toLowerCase();
  const took = stepTime(step, now);
  const began = moment(startTime);
  // Its mark says as much.
  const plain = state === StepState.PENDING || (state === StepState.COMPLETED && !result?.reused);
  // What actions came to stands with each of them.
  const tells = actions.length > 0 || TELLING.has(result?.output.case ?? "");
  const said = running ? detailsOf(live, step) : tells ? "" : result?.details;
  return (
    <li class={`step step-${kind}`} aria-current={running ? "step" : undefined}>
      <span class="step-mark" aria-hidden="true">
        {MARKS[state] ?? "○"}
      </span>
      <div class="step-words">
        <p class="step-head">
          <span>
            <strong>{title}</strong>
            <span class={plain ? "hidden" : "soft"}>{standing(step)}</span>
          </span>
          {took !== undefined && (
            <time
              class="step-time"
              title={began ? `since ${new Date(began * 1000).toLocaleTimeString()}` : ""}
            >
              {running ? duration(took) : took < 0.0005 ? "under 1 ms" : time(took)}
            </time>
          )}
        </p>
        {said && (
          <p class="step-details">
            <bdi>{said}</bdi>
          </p>
        )}
        {error && !result && <p class="problem-line">{explainStatus(error).title}</p>}
        {substitute && <p class="step-fallback">{substitute}</p>}
        {actions.length > 0 && <ActionsTaken actions={actions} />}
        {result && <Made result={result} told={actions.length > 0} />}
      </div>
    </li>
  );
}

/** What a step under way does: its own words, and how far it is. */
function detailsOf({ latest, ...live }: Live, { step }: StepSnapshot): string {
  const event = latest?.step === step ? latest.event : undefined;
  if (event?.case === "stepStarted" && event.value.details) return event.value.details;
  return gauge({ latest, ...live });
}
