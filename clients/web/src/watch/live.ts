/** What a page shows of a generation: its snapshot, and the ephemeral things that no log keeps. */

import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Preview, Progress, Queued } from "../gen/hatchery/progress/v1/progress_pb";
import { moment, seconds } from "../words/numbers";
import { ended, fold } from "./fold";

export interface Live {
  readonly generation: Generation;
  /** The latest event of all, with its fraction and what remains. */
  readonly latest: Progress | undefined;
  /** The latest picture in the making, until the step that draws it ends. */
  readonly preview: Preview | undefined;
  /** Where it stands in the queue, while it waits. */
  readonly queued: Queued | undefined;
  /** How far the server's clock is ahead of this one, in seconds; undefined while that is unknown. */
  readonly ahead: number | undefined;
}

/** Begins with a snapshot. What is known of the server's clock is kept. */
export function begun(generation: Generation, before?: Live): Live {
  const event = generation.latest?.event;
  return {
    generation,
    latest: generation.latest,
    preview: before?.preview,
    queued: event?.case === "queued" ? event.value : undefined,
    ahead: before?.ahead,
  };
}

/** Takes in the next event, heard at `now`, in seconds since 1970 by this clock. */
export function heard(live: Live, event: Progress, now: number): Live {
  const { case: kind, value } = event.event;
  const emitted = moment(event.emitTime);
  return {
    generation: event.sequence > 0n ? fold(live.generation, event) : live.generation,
    latest: event,
    preview: kind === "preview" ? value : kind === "stepCompleted" ? undefined : live.preview,
    queued: kind === "queued" ? value : kind === "heartbeat" ? live.queued : undefined,
    // An event that took long to come says little: the quickest one says it best.
    ahead: emitted === undefined ? live.ahead : Math.max(emitted - now, live.ahead ?? -Infinity),
  };
}

/** Seconds since the work began, at `now`; 0 while it has not. */
export function elapsed({ generation, ahead = 0 }: Live, now: number): number {
  const began = moment(generation.startTime);
  if (began === undefined) return 0;
  const until = moment(generation.endTime) ?? now + ahead;
  return Math.max(until - began, 0);
}

/** Seconds that are left at `now`, under zero where it takes longer than was expected; undefined where unknown. */
export function remaining(
  { generation, latest, ahead = 0 }: Live,
  now: number,
): number | undefined {
  if (!latest?.remaining || ended(generation)) return undefined;
  return seconds(latest.remaining.expected) - (now + ahead - (moment(latest.emitTime) ?? now));
}

/** The share that is done; only a whole one is 1. */
export function fraction({ generation, latest }: Live): number {
  return latest?.fraction ?? generation.latest?.fraction ?? 0;
}
