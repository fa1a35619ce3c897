/** Sentences about a generation as it happens. */

import {
  type Generation,
  Generation_State as State,
  type StepSnapshot,
  StepSnapshot_State as StepState,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { StepProgress, TokenProgress } from "../gen/hatchery/progress/v1/progress_pb";
import { Estimate_Basis as Basis, type Estimate } from "../gen/hatchery/types/v1/estimate_pb";
import type { Usage } from "../gen/hatchery/types/v1/usage_pb";
import { explainStatus } from "../server/problem";
import type { Live } from "../watch/live";
import { about, count, duration, seconds } from "./numbers";
import { kindOf, pace, rate, speed, written } from "./writing";

/** Seconds under zero from which it is said that an estimate was wrong. */
const LATE = -1.5;
/** A description of more characters is a whole page. */
const LONGEST = 300;
const FROM_PICTURE = "A companion from a picture";

const RECIPES: Record<string, string> = {
  create_agent: "Hatched from a sentence",
  create_agent_from_picture: "Hatched from a picture",
  regenerate_avatar: "A new portrait",
  create_text: "A text",
  create_app: "An app",
  send_message: "A reply",
};

/** What people call a kind of generation; what came from a package is called by its own name. */
export function recipeTitle(recipe: string): string {
  return RECIPES[recipe] ?? recipe.replace(/^recipes\//, "").replaceAll("_", " ");
}

/** Whether it makes a companion, and not only a portrait. */
export function hatches({ recipe }: { recipe: string }): boolean {
  return recipe.startsWith("create_agent");
}

/** Whether it draws a portrait of a companion that is there. */
export function redraws({ recipe }: { recipe: string }): boolean {
  return recipe === "regenerate_avatar";
}

/** The sentence that it began with, as far as it is one, or what stands for it. */
export function beginning({
  description,
  recipe = "",
}: {
  description: string;
  recipe?: string;
}): string {
  const said = description.trim();
  if (said.length > LONGEST) return `${said.slice(0, LONGEST).trimEnd()} …`;
  return said || (!recipe || hatches({ recipe }) ? FROM_PICTURE : recipeTitle(recipe));
}

/** The step under way, if any is. */
export function presentStep({ generation }: Live): StepSnapshot | undefined {
  return generation.steps.findLast(
    ({ state }) => state === StepState.RUNNING || state === StepState.RETRYING,
  );
}

/** What happens now, as a headline: "Step 2 of 3: Drawing the portrait". */
export function headline(live: Live): string {
  const { generation } = live;
  switch (generation.state) {
    case State.QUEUED:
      return waiting(live);
    case State.PAUSED:
      return "Paused";
    case State.COMPLETED:
      return ending(generation);
    case State.FAILED:
      return "It did not work out";
    case State.CANCELLED:
      return "Stopped";
  }
  if (live.queued) return waiting(live);
  const step = presentStep(live);
  if (!step) return "Getting ready";
  const place = `Step ${generation.steps.indexOf(step) + 1} of ${generation.steps.length}`;
  return `${place}: ${step.title}${step.attempt > 1 ? `, attempt ${step.attempt}` : ""}`;
}

function ending(generation: Generation): string {
  if (hatches(generation)) return "Hatched!";
  if (generation.conversation) return "Answered!";
  return kindOf(generation) ? "Written!" : "Done!";
}

/** Where it stands in the queue. */
function waiting({ queued }: Live): string {
  if (!queued) return "Waiting";
  if (queued.position <= 0) return "Waiting, next in line";
  return `Waiting, ${queued.position} ahead`;
}

/** How far the present step is, in its own units. */
export function gauge(live: Live): string {
  const said = doing(live);
  if (said !== undefined) return said;
  const step = presentStep(live);
  if (step?.work) return work(step.work);
  return step?.tokens ? tokens(step.tokens) : "";
}

/** What it waits for or prepares; undefined while its work itself goes on. */
export function doing(live: Live): string | undefined {
  if (live.generation.state === State.QUEUED || live.queued) {
    const wait = live.queued?.estimatedWait;
    return wait && live.queued?.position
      ? `${about(seconds(wait.expected))} to wait, as an estimate`
      : "";
  }
  const event = live.latest?.event;
  if (event?.case === "modelLoading") {
    const since = seconds(event.value.elapsed);
    const loading = `Loading ${event.value.model || "the model"}`;
    return since >= 1 ? `${loading} for ${duration(since)}` : loading;
  }
  if (event?.case === "promptProgress") return `Reading ${count(event.value.total, "tokens")}`;
  if (event?.case === "stepRetrying") {
    return retrying(seconds(event.value.backoff), event.value.nextAttempt);
  }
  return undefined;
}

/** "layer 3 of 8 – 38 %". */
export function work({ done, total, unit }: StepProgress): string {
  const things = unit || "steps";
  if (!total) return count(done, things);
  const share = done < total ? Math.min(Math.round((done / total) * 100), 99) : 100;
  return `${things.replace(/s$/, "")} ${done} of ${total} – ${share} %`;
}

/** "128 of ~400 tokens · 61.2 tokens/s". */
function tokens(told: TokenProgress): string {
  return joined(written(told), pace(told));
}

/** What a step took, as its engine counted it. */
export function usage(told: Usage, unit: string): string {
  const { outputTokens, steps } = told;
  return joined(
    outputTokens !== undefined && count(outputTokens, "tokens"),
    speed(rate(told)),
    steps !== undefined && count(steps, unit || "steps"),
  );
}

/** "about 4 s left", honest about an estimate that was too short. */
export function left(value: number | undefined): string {
  if (value === undefined) return "";
  if (value < LATE) return "taking longer than expected";
  return value >= 0.5 ? `${about(value)} left` : "nearly there";
}

/** What an estimate rests on. */
export function basis(estimate: Estimate | undefined): string {
  switch (estimate?.basis) {
    case Basis.HISTORY:
      return `from ${count(estimate.runs, "earlier runs")}`;
    case Basis.RATE:
      return "at the present rate";
    case Basis.DEFAULT:
      return "a first guess";
  }
  return "";
}

/** Why the step under way is tried again. */
export function setback(live: Live): string {
  const step = presentStep(live);
  if (!step) return "";
  if (step.error) return explainStatus(step.error).title;
  return step.attempt > 1 ? "It began this step anew." : "";
}

function retrying(pause: number, attempt: number): string {
  return `Trying again ${pause ? `in ${duration(pause)}` : "at once"}, attempt ${attempt}`;
}

export function joined(...parts: (string | false | 0 | 0n | undefined)[]): string {
  return parts.filter(Boolean).join(" · ");
}
