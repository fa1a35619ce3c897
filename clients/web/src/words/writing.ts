/** What models write, in words: texts and apps, and what writing them takes. */

import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import type { Generation, StepSnapshot } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { TokenProgress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Price } from "../gen/hatchery/types/v1/cost_pb";
import type { Usage } from "../gen/hatchery/types/v1/usage_pb";
import { count, seconds } from "./numbers";

const MICROS = 1e6;

/** What a generation writes; undefined where it makes a companion. */
export function kindOf({ recipe }: { recipe: string }): Kind | undefined {
  return recipe === "create_text" ? Kind.TEXT : recipe === "create_app" ? Kind.APP : undefined;
}

/** "text" or "app". */
export function kindName(kind: Kind): string {
  return kind === Kind.APP ? "app" : "text";
}

/** The step that writes, if it is planned yet. */
export function writing({ steps }: Generation): StepSnapshot | undefined {
  return steps.find(({ step }) => step === "write");
}

/** What is written by now. */
export function saidBy(generation: Generation): string {
  const output = writing(generation)?.result?.output;
  if (output?.case === "text") return output.value;
  return generation.texts.find(({ step, field }) => step === "write" && !field)?.text ?? "";
}

/** The HTML document in what a model says, without the talk around it, as far as it is there. */
export function documentIn(said: string): string {
  const from = said.search(/<!doctype\s+html|<html[\s>]/i);
  if (from < 0) return "";
  const end = /<\/html\s*>/i.exec(said.slice(from));
  return said.slice(from, end ? from + end.index + end[0].length : undefined);
}

/** "128 of ~400 tokens"; what has "~" before it is estimated. */
export function written({ tokens, estimatedTotal, estimated }: TokenProgress): string {
  const guess = estimated ? "~" : "";
  return estimatedTotal > tokens
    ? `${guess}${tokens.toLocaleString("en")} of ~${count(estimatedTotal, "tokens")}`
    : guess + count(tokens, "tokens");
}

/** "61.2 tokens/s"; nothing before there is a rate. */
export function pace({ tokensPerSecond, estimated }: TokenProgress): string {
  return tokensPerSecond > 0 ? (estimated ? "~" : "") + speed(tokensPerSecond) : "";
}

/** Tokens per second while they were written; 0 where unknown. What was kept took no time then. */
export function rate({ outputTokens, keptTokens, generateDuration }: Usage): number {
  const made = seconds(generateDuration);
  return made > 0 ? Math.max(Number((outputTokens ?? 0n) - (keptTokens ?? 0n)), 0) / made : 0;
}

/** "61.2 tokens/s"; nothing for 0. */
export function speed(tokensPerSecond: number): string {
  return tokensPerSecond > 0 ? `${tokensPerSecond.toFixed(1)} tokens/s` : "";
}

/** What a text model's work costs: "1 in, 2.5 out, bricks per 1,000 tokens"; nothing without a price. */
export function price(told: Price | undefined): string {
  if (!told) return "";
  if (!told.inputMicros && !told.outputMicros) return "free";
  const [read, made] = [told.inputMicros, told.outputMicros].map((micros) =>
    (Number(micros) / MICROS).toLocaleString("en", { maximumFractionDigits: 6 }),
  );
  return `${read} in, ${made} out, ${told.unit} per 1,000 tokens`;
}
