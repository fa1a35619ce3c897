/** Several models side by side, in words. */

import type { ComparisonEntry } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Model } from "../gen/hatchery/types/v1/model_pb";
import { ended } from "../watch/fold";
import { rate, writing } from "./writing";

/** What each of them is called among `models`; of several drafts of one model, which one it is. */
export function named(
  entries: readonly Pick<ComparisonEntry, "model">[],
  models: readonly Pick<Model, "name" | "title">[],
): string[] {
  const titles = entries.map(({ model }) => {
    // Without a name it is the default, which comes first.
    const found = model ? models.find(({ name }) => name === model) : models[0];
    return found?.title || found?.name || model || "The usual model";
  });
  return titles.map((title, at) => {
    const draft = titles.slice(0, at + 1).filter((other) => other === title).length;
    return titles.indexOf(title) === titles.lastIndexOf(title) ? title : `${title}, draft ${draft}`;
  });
}

/** Which of them wrote the fastest, by the engine's own count, once nobody writes any more. */
export function fastest(generations: readonly (Generation | undefined)[]): number | undefined {
  if (!generations.every((one) => one && ended(one))) return undefined;
  const rates = generations.map((one) => {
    const usage = one && writing(one)?.usage;
    return usage ? rate(usage) : 0;
  });
  const best = Math.max(...rates);
  // Among one there is no first.
  return rates.filter((one) => one > 0).length > 1 ? rates.indexOf(best) : undefined;
}
