/** What a tab and the hub say to each other over a MessagePort. Plain data: it is cloned. */

import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Problem } from "../server/problem";

/** Stands for every generation that has not ended, and each that begins later. */
export const ALL = "*";

export type ToHub =
  /** The Web Lock that this tab holds for as long as it lives. */
  | { kind: "hello"; lock: string }
  | { kind: "watch"; name: string }
  | { kind: "leave"; name: string }
  /** The network or the tab is back: do not wait any longer. */
  | { kind: "wake" };

/** What is about one generation. */
export type About =
  /** Comes first for each generation that is watched, and again where events were missed. */
  | { kind: "snapshot"; generation: Generation }
  /** The next event of the log, or an ephemeral one. */
  | { kind: "event"; event: Progress }
  /** There is nothing to watch under this name. */
  | { kind: "refused"; name: string; problem: Problem };

export type ToTab =
  | About
  /** Whether the server is heard; also says to a new tab that the hub is there. */
  | { kind: "link"; up: boolean }
  /** How far the server's clock is ahead of this machine's, in seconds. */
  | { kind: "clock"; ahead: number };
