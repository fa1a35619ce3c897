/** What a log says of each attempt of each step. Pure. */

import type { Fallback, Progress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Usage } from "../gen/hatchery/types/v1/usage_pb";
import { explainStatus } from "../server/problem";
import { moment } from "./numbers";

/** How a step ended well. */
function substitute(fallback: Fallback | undefined): string {
  if (!fallback) return "done";
  if (fallback.substitute === "beginning") return "done, the beginning only";
  if (fallback.substitute === "rules") return "done, by simple rules";
  return `done, with a ${fallback.substitute}`;
}

export interface Attempt {
  step: string;
  title: string;
  attempt: number;
  /** Seconds since 1970. */
  began: number;
  /** Seconds since 1970; undefined while it is under way. */
  ended: number | undefined;
  outcome: string;
  usage: Usage | undefined;
  /** What its engine counts, as in "layers". */
  unit: string;
}

/** The attempts in the order in which they began; steps that were kept from another generation last nothing. */
export function timeline(events: readonly Progress[]): Attempt[] {
  const attempts: Attempt[] = [];
  const close = (outcome: string, at: number) => {
    const open = attempts.findLast(({ ended }) => ended === undefined);
    if (open) Object.assign(open, { outcome, ended: at });
  };
  const titles = new Map<string, string>();
  for (const { step, attempt, emitTime, event } of events) {
    const at = moment(emitTime) ?? 0;
    const present = attempts.findLast((one) => one.step === step);
    switch (event.case) {
      case "started":
        for (const { step, title } of event.value.steps) titles.set(step, title);
        break;
      case "stepStarted":
        close("broken off", at);
        attempts.push({
          step,
          title: event.value.title,
          attempt,
          began: at,
          ended: undefined,
          outcome: "under way",
          usage: undefined,
          unit: "",
        });
        break;
      case "stepProgress":
        if (present) present.unit = event.value.unit;
        break;
      case "stepRetrying":
        close(explainStatus(event.value.error).title, at);
        break;
      case "stepCompleted": {
        const { usage, fallback, reused } = event.value;
        if (reused) {
          const title = titles.get(step) ?? step;
          attempts.push({
            step,
            title,
            attempt,
            began: at,
            ended: at,
            outcome: "kept from an earlier try",
            usage,
            unit: "",
          });
        } else {
          close(substitute(fallback), at);
          if (present) present.usage = usage;
        }
        break;
      }
      case "recovered":
        close("taken over by another gateway", at);
        break;
      case "paused":
        close("paused", at);
        break;
      case "failed":
        close(explainStatus(event.value.error).title, at);
        break;
      case "cancelled":
        close("stopped", at);
        break;
    }
  }
  return attempts;
}
