/** What a tab hears of generations that it began, until the hub tells of them. */

import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { heard, type Live } from "./live";

interface Heard {
  /** The log so far, without a gap. */
  readonly log: Progress[];
  /** Ends the stream that it comes from. */
  readonly leave: () => void;
}

export class Early {
  readonly #heard = new Map<string, Heard>();

  /** Whether a generation is known by these streams alone. */
  has(name: string): boolean {
    return this.#heard.has(name);
  }

  /** Takes in the next event of a log, or an ephemeral one, which holds for a moment only. */
  hear(event: Progress, leave: () => void): void {
    const log = this.#heard.get(event.generation)?.log ?? [];
    this.#heard.set(event.generation, { log, leave });
    if (event.sequence > 0n) log.push(event);
  }

  /** Where the hub begins to tell of a generation: with what was heard here beyond its snapshot. */
  join(begun: Live): Live {
    const { name, lastSequence } = begun.generation;
    const log = this.#heard.get(name)?.log ?? [];
    this.leave(name);
    return log.filter(({ sequence }) => sequence > lastSequence).reduce(heard, begun);
  }

  /** Leaves the stream of a generation. */
  leave(name: string): void {
    this.#heard.get(name)?.leave();
    this.#heard.delete(name);
  }
}
