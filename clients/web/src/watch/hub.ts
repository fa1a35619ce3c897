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
import { moment } from "../words/numbers";
import { Audience, type Tab } from "./audience";
import { Backoff } from "./backoff";
import { ServerClock } from "./clock";
import { ended, fold } from "./fold";
import { listen } from "./listen";
import { ALL, type ToHub } from "./messages";
import { Passing } from "./passing";
import { pause } from "./pause";

/** A heartbeat comes at least every ten seconds: silence of so many milliseconds is a dead stream. */
const SILENCE = 25_000;
/** Who comes back after so many milliseconds of silence does not wait for more of it. */
const DOUBT = 12_000;
/** So many cursors fit into one request. */
const CURSORS = 200;
/** So many that have ended are remembered, since a stream of all begins with what ended just now. */
const ENDED_KEPT = 50;
const UNFINISHED = [State.QUEUED, State.RUNNING, State.PAUSED];

/** A snapshot on its way, and the events that came meanwhile. */
interface Fetching {
  readonly after: Progress[];
  readonly done: Promise<void>;
}

/** The stream that is open or opened again, and what it is of. */
interface Stream {
  readonly all: boolean;
  readonly names: ReadonlySet<string>;
  readonly stopped: AbortController;
  /** Ends the connection, not the stream: it is opened again at once. */
  call: AbortController;
  /** When something was heard last, by this machine's clock. */
  heard: number;
}

export class Hub {
  /** Every generation that is known, folded. */
  readonly #known = new Map<string, Generation>();
  readonly #fetching = new Map<string, Fetching>();
  /** What the server does not give us, until somebody asks for it again. */
  readonly #refused = new Set<string>();
  readonly #passing = new Passing();
  readonly #audience = new Audience();
  readonly #waiting = new Set<() => void>();
  readonly #clock = new ServerClock();
  readonly #backoff: Backoff;
  readonly #silence: number;
  #stream: Stream | undefined;
  #up = true;

  constructor(
    private readonly generations: Client<typeof GenerationService>,
    { backoff = new Backoff(), silence = SILENCE } = {},
  ) {
    this.#backoff = backoff;
    this.#silence = silence;
  }

  /** A tab is there. */
  greet(tab: Tab): void {
    if (!this.#audience.add(tab)) return;
    tab.postMessage({ kind: "link", up: this.#up });
    tab.postMessage({ kind: "clock", ahead: this.#clock.ahead });
  }

  /** A tab says something. */
  hear(tab: Tab, message: ToHub): void {
    this.greet(tab);
    switch (message.kind) {
      case "watch":
        this.#audience.watchedBy(tab).add(message.name);
        this.#introduce(tab, message.name);
        break;
      case "leave":
        this.#audience.watchedBy(tab).delete(message.name);
        break;
      case "wake":
        this.#wake();
        break;
    }
    this.#settle();
  }

  /** A tab is gone. */
  forget(tab: Tab): void {
    this.#audience.delete(tab);
    this.#settle();
  }

  #introduce(tab: Tab, name: string): void {
    this.#refused.delete(name);
    const known =
      name === ALL
        ? [...this.#known.values()].filter((one) => !ended(one))
        : [this.#known.get(name)].filter((one) => one !== undefined);
    for (const generation of known) this.#show(tab, generation);
    if (name !== ALL && known.length === 0) void this.#fetch(name);
  }

  #show(tab: Tab, generation: Generation): void {
    tab.postMessage({ kind: "snapshot", generation });
    for (const event of this.#passing.of(generation.name))
      tab.postMessage({ kind: "event", event });
  }

  /** Lets nobody who is back wait for a pause, or for a stream that may have died in their sleep. */
  #wake(): void {
    for (const now of [...this.#waiting]) now();
    if (this.#stream && Date.now() - this.#stream.heard > DOUBT) this.#stream.call.abort();
  }

  /** Has the stream that is needed, and no other: none where nothing is watched that goes on. */
  #settle(): void {
    const wanted = this.#audience.wanted();
    const all = wanted.has(ALL);
    const unwanted = [...this.#known.values()].filter(({ name }) => !wanted.has(name));
    const gone = all ? unwanted.filter(ended).slice(0, -ENDED_KEPT) : unwanted;
    for (const { name } of gone) this.#known.delete(name);
    this.#passing.keep(this.#known);

    const names = new Set([...this.#unfinished()].map(({ name }) => name));
    const stream = this.#stream;
    const covered =
      stream?.all === all && (all || [...names].every((one) => stream.names.has(one)));
    const needed = all || names.size > 0;
    if (covered && needed) return;
    stream?.stopped.abort();
    stream?.call.abort();
    this.#stream = undefined;
    if (needed) {
      const stopped = new AbortController();
      this.#stream = { all, names, stopped, call: new AbortController(), heard: Date.now() };
      void this.#follow(this.#stream);
    } else {
      // Nothing is tried any more, and so nothing is in the way.
      this.#link(true);
    }
  }

  #unfinished(): Generation[] {
    return [...this.#known.values()].filter((one) => !ended(one));
  }

  /** Watches until nobody wants it any more, over as many connections as it takes. */
  async #follow(stream: Stream): Promise<void> {
    const stopped = stream.stopped.signal;
    while (!stopped.aborted) {
      stream.call = new AbortController();
      try {
        if (stream.all) await this.#discover(stream.call.signal);
        if (!stopped.aborted) await this.#watch(stream);
      } catch (error) {
        if (stopped.aborted) return;
        const lost = lostCursor(error);
        if (lost) this.#known.delete(lost);
        if (lost) void this.#fetch(lost);
      }
      if (stopped.aborted) return;
      this.#link(false);
      await pause(this.#backoff.next(), this.#waiting, stopped);
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

  /** One connection, from where we are. */
  async #watch(stream: Stream): Promise<void> {
    const cursors = this.#unfinished()
      .slice(0, CURSORS)
      .map(({ name, lastSequence }) =>
        create(GenerationCursorSchema, { name, startingAfter: lastSequence }),
      );
    if (cursors.length === 0 && !stream.all) return;
    const heard = (event?: Progress) => {
      stream.heard = Date.now();
      this.#link(true);
      if (!event) return;
      this.#backoff.reset();
      this.#hearClock(event);
      if (event.generation) this.#happened(event);
    };
    const { all, call } = stream;
    await listen(this.generations, { cursors, all, call, silence: this.#silence, heard });
  }

  #hearClock({ emitTime }: Progress): void {
    const emitted = moment(emitTime);
    if (emitted === undefined) return;
    const ahead = this.#clock.hear(emitted, Date.now() / 1000);
    if (ahead === undefined) return;
    this.#audience.tellAll({ kind: "clock", ahead });
  }

  #happened(event: Progress): void {
    const name = event.generation;
    const fetching = this.#fetching.get(name);
    if (fetching) {
      fetching.after.push(event);
      return;
    }
    const known = this.#known.get(name);
    if (known && event.sequence === 0n) {
      this.#passing.hear(event);
      this.#audience.tell(name, { kind: "event", event });
    } else if (known && event.sequence === known.lastSequence + 1n) {
      const next = fold(known, event);
      this.#known.set(name, next);
      this.#passing.hear(event);
      this.#audience.tell(name, { kind: "event", event });
      if (ended(next)) this.#settle();
    } else if (!known || event.sequence > known.lastSequence) {
      // New here; or events are missing, which the server promises not to do: begin anew rather
      // than be wrong.
      void this.#fetch(name, [event]);
    }
  }

  /** Asks for the snapshot of a generation, and goes on with what happened meanwhile. */
  #fetch(name: string, after: Progress[] = []): Promise<void> {
    const earlier = this.#fetching.get(name);
    if (earlier) return earlier.done;
    if (this.#refused.has(name)) return Promise.resolve();
    const done = this.#snapshot(name).then((generation) => {
      this.#fetching.delete(name);
      if (generation) {
        this.#known.set(name, generation);
        for (const tab of this.#audience.of(name)) this.#show(tab, generation);
        // What still does not follow never will: it is the server's word against its own snapshot.
        for (const event of after) if (this.#follows(event)) this.#happened(event);
      }
      this.#settle();
    });
    this.#fetching.set(name, { after, done });
    return done;
  }

  #follows({ generation, sequence }: Progress): boolean {
    return sequence <= (this.#known.get(generation)?.lastSequence ?? 0n) + 1n;
  }

  /** The snapshot as soon as the server gives it; undefined where there is none, or nobody asks any more. */
  async #snapshot(name: string): Promise<Generation | undefined> {
    const backoff = new Backoff();
    while (this.#audience.of(name).length > 0) {
      try {
        const options = { timeoutMs: this.#silence };
        const generation = await this.generations.getGeneration({ name }, options);
        this.#link(true);
        return generation;
      } catch (error) {
        const problem = explain(error);
        if (!problem.passing) {
          this.#refused.add(name);
          this.#audience.tellNamed(name, { kind: "refused", name, problem });
          return undefined;
        }
        this.#link(false);
        await pause(backoff.next(), this.#waiting);
      }
    }
    return undefined;
  }

  #link(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    this.#audience.tellAll({ kind: "link", up });
  }
}
