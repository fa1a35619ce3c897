/** Pauses between attempts: twice as long each time, up to a limit, and never two the same. */
export class Backoff {
  #failures = 0;

  constructor(
    private readonly first = 250,
    private readonly limit = 8000,
  ) {}

  /** It went well: the next pause is short again. */
  reset(): void {
    this.#failures = 0;
  }

  /** The milliseconds to wait before the next attempt. */
  next(): number {
    const most = Math.min(this.first * 2 ** this.#failures, this.limit);
    this.#failures += 1;
    return most * (0.5 + Math.random() / 2);
  }
}
