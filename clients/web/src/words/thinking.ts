/** How a companion thinks, in words. */

import type { Status } from "../gen/google/rpc/status_pb";
import {
  type Generation,
  type StepSnapshot,
  StepSnapshot_State as StepState,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import {
  ActionProgress_State as ActionState,
  type Fallback,
  type StepCompleted,
} from "../gen/hatchery/progress/v1/progress_pb";
import {
  type ActionResult,
  Analysis_Intent as Intent,
  ReviewedAction_Verdict as Verdict,
} from "../gen/hatchery/types/v1/thought_pb";
import { moment } from "./numbers";

/** The step that writes what a companion says. */
const ANSWERS = "execution";

interface Action {
  /** What it is called, to be allowed. */
  title: string;
  /** What a companion did with it. */
  done: string;
}

/** What companions may do besides answering, by name. */
export const ACTIONS: Record<string, Action> = {
  recall: { title: "Look things up in its memory", done: "looked something up" },
  remember: { title: "Remember what you tell it", done: "remembered something" },
  change: { title: "Change its own sheet", done: "changed its sheet" },
  portrait: { title: "Have a new portrait drawn", done: "began a new portrait" },
};

/** "Remember" for "remember", as a plan names it. */
export function actionName(action: string): string {
  const words = action.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const INTENTS: Record<Intent, string> = {
  [Intent.UNSPECIFIED]: "",
  [Intent.CHAT]: "You are chatting",
  [Intent.QUESTION]: "You want to know something",
  [Intent.REQUEST]: "You want something done",
};

/** What becomes of a planned action. */
export const VERDICTS: Record<Verdict, string> = {
  [Verdict.UNSPECIFIED]: "",
  [Verdict.ACCEPTED]: "will be done",
  [Verdict.UNKNOWN]: "no such action",
  [Verdict.NOT_ALLOWED]: "not allowed here",
  [Verdict.NOT_WANTED]: "not asked for",
  [Verdict.NOT_FEASIBLE]: "cannot be done",
};

/** Where an action stands. */
export const DOING: Record<ActionState, string> = {
  [ActionState.UNSPECIFIED]: "",
  [ActionState.RUNNING]: "under way",
  [ActionState.COMPLETED]: "done",
  [ActionState.FAILED]: "did not work out",
};

/** What stands in for what was asked for, as a sentence; "" for what this does not know. */
export function substituteTitle({ substitute }: Fallback): string {
  return SUBSTITUTES[substitute] ?? "";
}

/** What stands in for a plan. */
export const PLAIN = "plain answer";

/** Whether it was answered without a plan. */
export function plain({ steps }: Generation): boolean {
  return steps.some(({ result }) => result?.fallback?.substitute === PLAIN);
}

const SUBSTITUTES: Record<string, string> = {
  reading: "Only the picture’s colours, light and composition were read.",
  placeholder: "This portrait is a placeholder only.",
  rules: "Read off the words by simple rules, not by the model.",
  [PLAIN]: "It answers plainly, without a plan of its own.",
  beginning: "This is the beginning only.",
};

/** What stands in for what each step should have made, and why: what was told of a step before is not told again. */
export function substitutes(
  { steps }: Generation,
  why: (error: Status | undefined) => string,
): Map<string, string> {
  const told = new Set<string>();
  const said = new Map<string, string>();
  for (const { step, result } of steps) {
    if (!result?.fallback) continue;
    const { substitute, error } = result.fallback;
    const sentences = [
      substituteTitle(result.fallback) || `A substitute stands in: ${substitute}.`,
      why(error),
    ];
    const fresh = sentences.filter((sentence) => sentence && !told.has(sentence));
    for (const sentence of fresh) told.add(sentence);
    const name = substitute.charAt(0).toUpperCase() + substitute.slice(1);
    said.set(step, fresh.join(" ") || `${name}, as above.`);
  }
  return said;
}

/** Whether a step is the one that answers. */
export function answers({ step }: { step: string }): boolean {
  return step === ANSWERS;
}

/** What is said by now, and whether that is all of it. */
export function answer({ steps, texts }: Generation): { text: string; whole: boolean } {
  const output = steps.find(answers)?.result?.output;
  if (output?.case === "reply") return { text: output.value.text, whole: true };
  const text = texts.find((one) => answers(one) && !one.field)?.text ?? "";
  return { text, whole: false };
}

/** Where a step stands. */
export function standing({ state, result, attempt }: StepSnapshot): string {
  if (result?.reused) return "kept from the try before";
  switch (state) {
    case StepState.RUNNING:
      return attempt > 1 ? `attempt ${attempt}` : "under way";
    case StepState.RETRYING:
      return "is tried again";
    case StepState.COMPLETED:
      return "done";
    case StepState.ENDED:
      return "broken off";
  }
  return "not begun";
}

/** Seconds that a step took, or takes by `now`; undefined before it begins, and for what was kept. */
export function stepTime(step: StepSnapshot, now: number): number | undefined {
  const { state, startTime, endTime, result } = step;
  const began = moment(startTime);
  if (began === undefined || result?.reused) return undefined;
  const ended = state === StepState.RUNNING ? now : moment(endTime);
  return ended === undefined ? undefined : Math.max(ended - began, 0);
}

/** What came of thinking, in a few words each. */
export function gist({ steps }: Generation): string[] {
  const outputs = steps.flatMap(({ result }) => (result ? [result.output] : []));
  return outputs.flatMap((output) => [...saidOf(output)]).filter((words) => words !== "");
}

function* saidOf(output: StepCompleted["output"]): Generator<string> {
  if (output.case === "contextReading") {
    const { length } = output.value.memories;
    if (length > 0) yield length === 1 ? "1 memory mattered" : `${length} memories mattered`;
  } else if (output.case === "memoryUpdate") {
    const { length } = output.value.memories;
    if (length > 0) yield length === 1 ? "kept 1 memory" : `kept ${length} memories`;
  }
}

/** What a companion did besides answering. */
export function deeds(actions: readonly ActionResult[]): string[] {
  const others = actions.filter(({ action }) => action !== "answer");
  const said = others.map(({ action, error }) =>
    error
      ? `could not ${action.replaceAll("_", " ")}`
      : (ACTIONS[action]?.done ?? `did: ${action.replaceAll("_", " ")}`),
  );
  return [...new Set(said)];
}
