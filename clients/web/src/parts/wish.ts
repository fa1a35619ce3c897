/** What somebody wants to have written, as the form has it. */

import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { seedOf } from "./options";

export interface Wish {
  prompt: string;
  kind: Kind;
  /** Each writes one; an empty name means the default. */
  models: string[];
  seed: string;
  /** Numbers as they are typed; empty for what is usual. */
  maxTokens: string;
  seconds: string;
}

export const NOTHING: Wish = {
  prompt: "",
  kind: Kind.TEXT,
  models: [""],
  seed: "",
  maxTokens: "",
  seconds: "",
};
/** So many stand side by side at most. */
export const MOST = 8;

/** A wish as a request carries it, without the models. */
export function asked({ prompt, kind, maxTokens, seconds, ...wish }: Wish) {
  const limit = Number.parseFloat(seconds);
  return {
    prompt,
    kind,
    maxTokens: Number.parseInt(maxTokens, 10) || 0,
    ...(limit > 0 && { timeLimit: durationFromMs(Math.round(limit * 1000)) }),
    ...seedOf(wish),
  };
}
