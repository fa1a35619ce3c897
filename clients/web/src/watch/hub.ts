/**
 * The one stream that all tabs share.
 *
 * Holds a single `WatchGenerations` for as long as anybody watches something that has not ended,
 * goes on from its cursors when the stream breaks, and hands each tab a snapshot of what it watches
 * and then every event after that: no gap, no repeat, whatever happens to the connection.
 */

import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import {
  type Generation,
  GenerationCursorSchema,
  type GenerationService,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { explain, lostCursor } from "../server/problem";
import { Backoff } from "./backoff";
import { ended, fold } from "./fold";
import { ALL, type ToHub, type ToTab } from "./messages";

/** A heartbeat comes at least every ten seconds: silence of so many milliseconds is a dead stream. */
const SILENCE = 25_000;
/** So many cursors fit into one request; what is beyond is told from its beginning again. */
const CURSORS = 200;
/** So many that have ended are remembered, since a stream of all begins with what ended just now. */
const ENDED_KEPT = 50;
const UNFINISHED = [State.QUEUED, State.RUNNING, State.PAUSED];

/** A tab's end: where to say something. */
export interface Tab {
  postMessage(message: ToTab): void;
}

export class Hub {
  /** Every generation that is known, folded. */
  readonly #known = new Map<string, Generation>();
  /** Events that came while the snapshot that they follow is still on its way. */
  readonly #fetching = new Map<string, Progress[]>();
  readonly #watched = new Map<Tab, Set<string>>();
  readonly #backoff: Backoff;
  readonly #silence: number;
  readonly #waiting = new Set<() => void>();
  #stream: AbortController | undefined;
  #up = true;

  constructor(
    private readonly generations: Client<typeof GenerationService>,
    { backoff = new Backoff(), silence = SILENCE } = {},
  ) {
    this.#backoff = backoff;
    this.#silence = silence;
  }

  /** A tab says something. */
  hear(tab: Tab, message: ToHub): void {
    const watched = this.#watched.get(tab) ?? new Set();
    this.#watched.set(tab, watched);
    switch (message.kind) {
      case "watch":
        watched.add(message.name);
        this.#introduce(tab, message.name);
        break;
      case "leave":
        watched.delete(message.name);
        break;
      case "wake":
        for (const now of [...this.#waiting]) now();
        break;
    }
    this.#settle();
  }

  /** A tab is gone. */
  forget(tab: Tab): void {
    this.#watched.delete(tab);
    this.#settle();
  }

  #introduce(tab: Tab, name: string): void {
    tab.postMessage({ kind: "link", up: this.#up });
    if (name === ALL) {
      for (const generation of this.#known.values()) {
        if (!ended(generation)) tab.postMessage({ kind: "snapshot", generation });
      }
    } else {
      const generation = this.#known.get(name);
      if (generation) tab.postMessage({ kind: "snapshot", generation });
      else void this.#fetch(name);
    }
  }

  /** Opens the stream where somebody needs it, and closes it where nobody does. */
  #settle(): void {
    const wanted = new Set([...this.#watched.values()].flatMap((names) => [...names]));
    const unwanted = [...this.#known.values()].filter(({ name }) => !wanted.has(name));
    const gone = wanted.has(ALL) ? unwanted.filter(ended).slice(0, -ENDED_KEPT) : unwanted;
    for (const { name } of gone) this.#known.delete(name);
    const open = [...wanted].some((name) => {
      const generation = this.#known.get(name);
      return name === ALL || (generation !== undefined && !ended(generation));
    });
    if (open && !this.#stream) {
      this.#stream = new AbortController();
      void this.#follow(this.#stream.signal);
    } else if (!open && this.#stream) {
      this.#stream.abort();
      this.#stream = undefined;
    }
  }

  /** Watches until nobody wants it any more, over as many connections as it takes. */
  async #follow(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      try {
        await this.#discover(stopped);
        await this.#watch(stopped);
      } catch (error) {
        if (stopped.aborted) return;
        const lost = lostCursor(error);
        if (lost) this.#forgetCursor(lost);
      }
      this.#tell({ kind: "link", up: false });
      await this.#pause(this.#backoff.next(), stopped);
    }
  }

  /** Asks for what has not ended, so that the stream need not tell it from its beginning. */
  async #discover(signal: AbortSignal): Promise<void> {
    const found = await this.generations.listGenerations(
      { states: UNFINISHED, pageSize: CURSORS },
      { signal, timeoutMs: this.#silence },
    );
    const unknown = found.generations.filter(({ name }) => !this.#known.has(name));
    await Promise.all(unknown.map(({ name }) => this.#fetch(name)));
  }

  async #watch(stopped: AbortSignal): Promise<void> {
    const call = new AbortController();
    const abort = () => call.abort();
    stopped.addEventListener("abort", abort);
    let silent = setTimeout(abort, this.#silence);
    const heard = () => {
      clearTimeout(silent);
      silent = setTimeout(abort, this.#silence);
      this.#backoff.reset();
      this.#tell({ kind: "link", up: true });
    };
    try {
      const unfinished = [...this.#known.values()].filter((generation) => !ended(generation));
      const cursors = unfinished
        .slice(0, CURSORS)
        .map(({ name, lastSequence }) =>
          create(GenerationCursorSchema, { name, startingAfter: lastSequence }),
        );
      const stream = this.generations.watchGenerations(
        { cursors, all: true },
        { signal: call.signal, onHeader: heard },
      );
      for await (const event of stream) {
        heard();
        if (event.generation) this.#happened(event);
      }
    } finally {
      clearTimeout(silent);
      stopped.removeEventListener("abort", abort);
      // Leaving the loop does not end the call.
      call.abort();
    }
  }

  #happened(event: Progress): void {
    const name = event.generation;
    const waiting = this.#fetching.get(name);
    if (waiting) {
      waiting.push(event);
      return;
    }
    const known = this.#known.get(name);
    if (!known) {
      void this.#fetch(name, [event]);
    } else if (event.sequence === 0n) {
      this.#tellWatchers(known, { kind: "event", event });
    } else if (event.sequence === known.lastSequence + 1n) {
      const next = fold(known, event);
      this.#known.set(name, next);
      this.#tellWatchers(next, { kind: "event", event });
      if (ended(next)) this.#settle();
    } else if (event.sequence > known.lastSequence) {
      // Events are missing, which the server promises not to do: begin anew rather than be wrong.
      void this.#fetch(name, [event]);
    }
  }

  #follows({ generation, sequence }: Progress): boolean {
    return sequence <= (this.#known.get(generation)?.lastSequence ?? 0n) + 1n;
  }

  /** Asks for the snapshot of a generation, and goes on with what happened meanwhile. */
  async #fetch(name: string, after: Progress[] = []): Promise<void> {
    if (this.#fetching.has(name)) return;
    this.#fetching.set(name, after);
    const generation = await this.#snapshot(name);
    this.#fetching.delete(name);
    if (generation) {
      this.#known.set(name, generation);
      this.#tellWatchers(generation, { kind: "snapshot", generation });
      // What still does not follow never will: it is the server's word against its own snapshot.
      for (const event of after) if (this.#follows(event)) this.#happened(event);
    }
    this.#settle();
  }

  /** The snapshot as soon as the server gives it; undefined where there is none, or nobody asks any more. */
  async #snapshot(name: string): Promise<Generation | undefined> {
    const backoff = new Backoff();
    while (this.#watchers(name).length > 0) {
      try {
        return await this.generations.getGeneration({ name }, { timeoutMs: this.#silence });
      } catch (error) {
        const problem = explain(error);
        if (!problem.passing) {
          for (const [tab, names] of this.#watched) {
            if (names.has(name)) tab.postMessage({ kind: "refused", name, problem });
          }
          return undefined;
        }
        this.#tell({ kind: "link", up: false });
        await this.#pause(backoff.next());
      }
    }
    return undefined;
  }

  #forgetCursor(name: string): void {
    this.#known.delete(name);
    if (this.#watchers(name).length > 0) void this.#fetch(name);
  }

  #watchers(name: string): Tab[] {
    return [...this.#watched]
      .filter(([, names]) => names.has(name) || names.has(ALL))
      .map(([tab]) => tab);
  }

  #tellWatchers(generation: Generation, message: ToTab): void {
    for (const tab of this.#watchers(generation.name)) tab.postMessage(message);
  }

  #tell(message: ToTab & { kind: "link" }): void {
    if (message.up === this.#up) return;
    this.#up = message.up;
    for (const tab of this.#watched.keys()) tab.postMessage(message);
  }

  /** Waits, unless it is woken up or nobody needs it any more. */
  async #pause(milliseconds: number, stopped?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const now = () => {
        clearTimeout(timer);
        this.#waiting.delete(now);
        stopped?.removeEventListener("abort", now);
        resolve();
      };
      const timer = setTimeout(now, milliseconds);
      this.#waiting.add(now);
      stopped?.addEventListener("abort", now);
    });
  }
}
