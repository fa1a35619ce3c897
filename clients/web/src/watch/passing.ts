import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";

/** What ends the attempt that a picture in the making belongs to. */
const OVER = new Set<Progress["event"]["case"]>([
  "stepStarted",
  "stepCompleted",
  "stepRetrying",
  "recovered",
  "paused",
  "completed",
  "failed",
  "cancelled",
]);

/** Whether an event ends what a preview showed. */
export function endsPreview({ event }: Progress): boolean {
  return OVER.has(event.case);
}

/** The latest ephemeral events that still hold, for who comes later: no log has them. */
export class Passing {
  readonly #previews = new Map<string, Progress>();
  readonly #places = new Map<string, Progress>();

  /** The next event of a generation, ephemeral or not. */
  hear(event: Progress): void {
    const { generation, sequence } = event;
    if (event.event.case === "preview") this.#previews.set(generation, event);
    else if (endsPreview(event)) this.#previews.delete(generation);
    if (event.event.case === "queued" && sequence === 0n) this.#places.set(generation, event);
    else if (sequence > 0n) this.#places.delete(generation);
  }

  /** What still holds of a generation. */
  of(generation: string): Progress[] {
    const found = [this.#places.get(generation), this.#previews.get(generation)];
    return found.filter((event) => event !== undefined);
  }

  /** Forgets what is about others than these. */
  keep(known: ReadonlyMap<string, unknown>): void {
    for (const of of [this.#previews, this.#places]) {
      for (const name of of.keys()) if (!known.has(name)) of.delete(name);
    }
  }
}
