/** What the plots show, out of what the gateway tells. */

import type {
  FailureStats,
  RecipeStats,
  StepStats,
} from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { recipeTitle } from "../../words/telling";

export interface Outcomes {
  begun: number;
  completed: number;
  failed: number;
  stopped: number;
  /** What has not ended. */
  open: number;
}

/** How generations of all recipes ended. */
export function outcomes(recipes: readonly RecipeStats[]): Outcomes {
  const sum = (of: (one: RecipeStats) => bigint) =>
    recipes.reduce((total, one) => total + Number(of(one)), 0);
  const begun = sum((one) => one.generations);
  const completed = sum((one) => one.completed);
  const failed = sum((one) => one.failed);
  const stopped = sum((one) => one.cancelled);
  return { begun, completed, failed, stopped, open: begun - completed - failed - stopped };
}

export interface Speed {
  model: string;
  engine: string;
  /** Tokens/s: where it did several steps, the mean of their medians, by what each wrote. */
  rate: number;
  /** Tokens that were written at it. */
  tokens: number;
}

/** How fast models wrote, those that wrote most first. */
export function speeds(steps: readonly StepStats[]): Speed[] {
  const found = new Map<string, Speed>();
  for (const { model, engine, medianTokensPerSecond, outputTokens } of steps) {
    const tokens = Number(outputTokens);
    if (!(medianTokensPerSecond > 0) || tokens <= 0) continue;
    const key = JSON.stringify([model, engine]);
    const before = found.get(key) ?? { model, engine, rate: 0, tokens: 0 };
    const all = before.tokens + tokens;
    const rate = (before.rate * before.tokens + medianTokensPerSecond * tokens) / all;
    found.set(key, { model, engine, rate, tokens: all });
  }
  return [...found.values()].sort((one, other) => other.tokens - one.tokens);
}

export interface Failures {
  reason: string;
  /** Generations that it ended. */
  generations: number;
  /** Tries of steps that it ended, those that were tried again included. */
  tries: number;
}

/** What failed and why, the most frequent reason first. */
export function failures(recipes: readonly RecipeStats[], steps: readonly StepStats[]): Failures[] {
  const found = new Map<string, Failures>();
  const add = (kind: "generations" | "tries", told: readonly FailureStats[]) => {
    for (const { reason, failures } of told) {
      const before = found.get(reason) ?? { reason, generations: 0, tries: 0 };
      found.set(reason, { ...before, [kind]: before[kind] + Number(failures) });
    }
  };
  for (const one of recipes) add("generations", one.failures);
  for (const one of steps) add("tries", one.failures);
  const most = (one: Failures) => Math.max(one.generations, one.tries);
  return [...found.values()].sort((one, other) => most(other) - most(one));
}

/** Units of the price list in which anything was paid. */
export function units(recipes: readonly RecipeStats[]): string[] {
  return [...new Set(recipes.flatMap(({ cost }) => (cost ? [cost.unit] : [])))];
}

/** What generations cost in all, in one unit. */
export function spent(recipes: readonly RecipeStats[], unit: string): number {
  const micros = recipes.map(({ cost }) => (cost?.unit === unit ? Number(cost.amountMicros) : 0));
  return micros.reduce((sum, one) => sum + one, 0) / 1e6;
}

/** What tells a step from others of its name: who did it, and for what. */
export function doneBy({ engine, model, recipe }: StepStats): string {
  const who = model && engine && model !== engine ? `${model} (${engine})` : model || engine;
  return [who, recipe && recipeTitle(recipe)].filter(Boolean).join(" · ");
}

/** A key of a row about a step. */
export function keyOf({ recipe, step, engine, model }: StepStats): string {
  return JSON.stringify([recipe, step, engine, model]);
}
