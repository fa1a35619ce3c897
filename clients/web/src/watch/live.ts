/** What a page shows of a generation: its snapshot, and the ephemeral things that no log keeps. */

import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Preview, Progress, Queued } from "../gen/hatchery/progress/v1/progress_pb";
import { moment, seconds } from "../words/numbers";
import { ended, fold, works } from "./fold";
import { endsPreview } from "./passing";

export interface Live {
  readonly generation: Generation;
  /** The latest event of all, with its fraction and what remains. */
  readonly latest: Progress | undefined;
  /** The latest picture in the making, until its attempt ends. */
  readonly preview: Preview | undefined;
  /** Where it stands in the queue, while it waits and that is known. */
  readonly queued: Queued | undefined;
}

/** Begins with a snapshot. */
export function begun(generation: Generation): Live {
  const event = generation.latest?.event;
  return {
    generation,
    latest: generation.latest,
    preview: undefined,
    queued: event?.case === "queued" ? event.value : undefined,
  };
}

/** Takes in the next event. */
export function heard(live: Live, event: Progress): Live {
  const { case: kind, value } = event.event;
  return {
    generation: event.sequence > 0n ? fold(live.generation, event) : live.generation,
    latest: event,
    preview: kind === "preview" ? value : endsPreview(event) ? undefined : live.preview,
    queued: kind === "queued" ? value : event.sequence > 0n ? undefined : live.queued,
  };
}

/** Seconds since the work began, at `now` by the server's clock; 0 while it has not. */
export function elapsed({ generation }: Live, now: number): number {
  const began = moment(generation.startTime);
  return began === undefined ? 0 : Math.max((moment(generation.endTime) ?? now) - began, 0);
}

/** Seconds for which its steps have worked, at `now` by the server's clock. */
export function worked({ generation }: Live, now: number): number {
  const known = seconds(generation.activeDuration);
  const since = moment(generation.latest?.emitTime);
  return works(generation) && since !== undefined ? known + Math.max(now - since, 0) : known;
}

/**
 * Seconds that are left at `now` by the server's clock, under zero where it takes longer than was
 * expected; undefined where unknown.
 */
export function remaining({ generation, latest }: Live, now: number): number | undefined {
  if (!latest?.remaining || ended(generation)) return undefined;
  return seconds(latest.remaining.expected) - (now - (moment(latest.emitTime) ?? now));
}

/** The share that is done; only a whole one is 1. */
export function fraction({ generation, latest }: Live): number {
  return latest?.fraction ?? generation.latest?.fraction ?? 0;
}
