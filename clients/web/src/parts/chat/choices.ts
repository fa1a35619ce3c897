/** How somebody wants to be answered, which is remembered. */

import { ACTIONS } from "../../words/thinking";
import { useKept } from "../kept";

/** Thinking is shown until the reply is there, always, or never unless asked for. */
export type Showing = "auto" | "open" | "folded";

export interface Choices {
  /** The text model; empty for the default. */
  model: string;
  /** Actions that companions may not take. */
  forbidden: string[];
  thinking: Showing;
}

const USUAL: Choices = { model: "", forbidden: [], thinking: "auto" };

export function useChoices() {
  return useKept<Choices>("local", "chat", USUAL);
}

/** The actions that are allowed, as a request carries them. */
export function allowedBy({ forbidden }: Choices): string[] {
  if (forbidden.length === 0) return [];
  const allowed = Object.keys(ACTIONS).filter((action) => !forbidden.includes(action));
  return allowed.length > 0 ? allowed : ["answer"];
}

/** What is allowed, in a few words. */
export function allowance({ forbidden }: Choices): string {
  const all = Object.keys(ACTIONS);
  const allowed = all.filter((action) => !forbidden.includes(action));
  if (allowed.length === all.length) return "everything allowed";
  return allowed.length > 0 ? `allowed: ${allowed.join(", ")}` : "answers only";
}
