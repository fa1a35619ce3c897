/** So long a sample counts, in seconds. */
const WINDOW = 60;
/** A change that is smaller is nobody's business, in seconds. */
const STEP = 0.05;

/**
 * How far the server's clock is ahead of this one.
 *
 * An event says when it happened, and was under way for some time: the quickest one of the last
 * minute says it best. A replayed one was under way for very long, and so counts for nothing.
 */
export class ServerClock {
  #samples: { heard: number; ahead: number }[] = [];
  #told = 0;

  /** An event that was emitted at `emitted` is heard at `now`; returns a new offset, if it is one. */
  hear(emitted: number, now: number): number | undefined {
    const ahead = emitted - now;
    // Only what may still become the best one is kept.
    this.#samples = this.#samples.filter(
      (one) => one.ahead > ahead && Math.abs(now - one.heard) < WINDOW,
    );
    this.#samples.push({ heard: now, ahead });
    const best = this.#samples[0]?.ahead ?? ahead;
    if (Math.abs(best - this.#told) < STEP) return undefined;
    this.#told = best;
    return best;
  }

  /** The offset that was told last. */
  get ahead(): number {
    return this.#told;
  }
}
