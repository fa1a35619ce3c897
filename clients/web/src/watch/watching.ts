/** A tab's end of the hub: what it watches, as signals. */

import { create } from "@bufbuild/protobuf";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { GenerationSchema } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Problem } from "../server/problem";
import { Early } from "./early";
import { ended } from "./fold";
import { begun, heard, type Live } from "./live";
import { type About, ALL, type ToHub, type ToTab } from "./messages";

/** What is known of a generation: nothing yet, how it stands, or why it cannot be watched. */
export type Watched = Live | Problem | undefined;

export function isLive(watched: Watched): watched is Live {
  return watched !== undefined && "generation" in watched;
}

/** So many that have ended stay on the list of all, the latest ones. */
const ENDED_SHOWN = 12;
/** How often a tab that nobody sees brings its signals up to date, in milliseconds. */
const UNSEEN_EVERY = 250;

export class Watching {
  #port: MessagePort;
  /** What is known by now; the signals follow with the next frame, however much happens in one. */
  readonly #known = new Map<string, Watched>();
  readonly #early = new Early();
  readonly #watchers = new Map<string, { state: Signal<Watched>; count: number }>();
  readonly #all = signal<readonly Live[]>([]);
  readonly #up = signal(true);
  #allWatchers = 0;
  #ahead = 0;
  #later: (() => void) | undefined;
  /** Tells the hub that this tab is gone from it. */
  #leave: () => void = () => undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#join();
    addEventListener("online", () => this.#say({ kind: "wake" }));
    document.addEventListener("visibilitychange", () => {
      this.#show();
      if (!document.hidden) this.#say({ kind: "wake" });
    });
  }

  /** Goes to another hub with everything that is watched here. */
  move(port: MessagePort): void {
    // One that wakes up late must not go on for nobody.
    this.#leave();
    this.#port.close();
    this.#port = port;
    this.#join();
    for (const name of this.#watchers.keys()) this.#say({ kind: "watch", name });
    if (this.#allWatchers > 0) this.#say({ kind: "watch", name: ALL });
  }

  /** Seconds since 1970 by the server's clock. */
  now(): number {
    return Date.now() / 1000 + this.#ahead;
  }

  /** Whether the server is heard. */
  get up(): ReadonlySignal<boolean> {
    return this.#up;
  }

  /** Every generation that had not ended when this page first heard of it, the oldest first. */
  get all(): ReadonlySignal<readonly Live[]> {
    return this.#all;
  }

  /** Watches one generation until the returned function is called. */
  watch(name: string): [ReadonlySignal<Watched>, () => void] {
    const watcher = this.#watchers.get(name) ?? { state: signal(this.#known.get(name)), count: 0 };
    this.#watchers.set(name, watcher);
    watcher.count += 1;
    if (watcher.count === 1) this.#say({ kind: "watch", name });
    return [
      watcher.state,
      () => {
        watcher.count -= 1;
        if (watcher.count > 0) return;
        this.#watchers.delete(name);
        this.#prune();
        this.#say({ kind: "leave", name });
      },
    ];
  }

  /** Watches whatever has not ended, until the returned function is called. */
  watchAll(): () => void {
    this.#allWatchers += 1;
    if (this.#allWatchers === 1) this.#say({ kind: "watch", name: ALL });
    return () => {
      this.#allWatchers -= 1;
      if (this.#allWatchers > 0) return;
      this.#say({ kind: "leave", name: ALL });
      this.#prune();
      this.#all.value = [];
    };
  }

  /**
   * Takes in what this tab hears on the stream of a generation that it began, so that nobody waits
   * for the hub to find it; `leave` ends that stream, once the hub tells of it or nobody watches.
   */
  overhear(event: Progress, leave: () => void): void {
    const { generation: name, sequence } = event;
    const known = this.#known.get(name) ?? begun(create(GenerationSchema, { name }));
    const early = this.#early.has(name) || (!this.#known.has(name) && sequence === 1n);
    const follows = isLive(known) && sequence <= known.generation.lastSequence + 1n;
    if (!early || !follows || !this.#watches(name)) leave();
    else if (sequence === 0n || sequence > known.generation.lastSequence) {
      this.#early.hear(event, leave);
      this.#know(name, heard(known, event));
    }
  }

  #say(message: ToHub): void {
    this.#port.postMessage(message);
  }

  #join(): void {
    const port = this.#port;
    port.onmessage = ({ data }: MessageEvent<ToTab>) => this.#hear(data);
    const lock = `hatchery-tab-${Math.random()}`;
    const left = new Promise<void>((resolve) => {
      this.#leave = resolve;
    });
    void navigator.locks?.request(lock, () => {
      port.postMessage({ kind: "hello", lock } satisfies ToHub);
      return left;
    });
  }

  #hear(message: ToTab): void {
    if (message.kind === "link") {
      this.#up.value = message.up;
    } else if (message.kind === "clock") {
      this.#ahead = message.ahead;
    } else {
      const name = nameIn(message);
      if (!this.#watches(name)) return;
      const before = this.#known.get(name);
      const next = this.#next(isLive(before) ? before : undefined, message);
      if (next === undefined || next === before) return;
      this.#know(name, next);
    }
  }

  #watches(name: string): boolean {
    return this.#watchers.has(name) || this.#allWatchers > 0;
  }

  #know(name: string, next: Watched): void {
    // What ends goes to the end, so that the latest ones to end are the last ones to be forgotten.
    if (isLive(next) && ended(next.generation)) this.#known.delete(name);
    this.#known.set(name, next);
    this.#showLater();
  }

  #next(before: Live | undefined, message: About): Watched {
    if (message.kind === "refused") {
      this.#early.leave(message.name);
      return message.problem;
    }
    if (message.kind === "snapshot") return this.#early.join(begun(message.generation));
    const { event } = message;
    const follows = (before?.generation.lastSequence ?? 0n) + 1n;
    if (!before || (event.sequence > 0n && event.sequence < follows)) return before;
    if (event.sequence > follows) {
      // Missed one: the hub gives the snapshot again.
      this.#say({ kind: "watch", name: event.generation });
      return before;
    }
    return heard(before, event);
  }

  #showLater(): void {
    if (this.#later) return;
    if (document.hidden) {
      const timer = setTimeout(() => this.#show(), UNSEEN_EVERY);
      this.#later = () => clearTimeout(timer);
    } else {
      const frame = requestAnimationFrame(() => this.#show());
      this.#later = () => cancelAnimationFrame(frame);
    }
  }

  #show(): void {
    this.#later?.();
    this.#later = undefined;
    this.#prune();
    for (const [name, { state }] of this.#watchers) state.value = this.#known.get(name);
    if (this.#allWatchers === 0) return;
    // What only this tab has heard of says nothing yet of what it is about.
    const told = [...this.#known].filter(([name]) => !this.#early.has(name));
    this.#all.value = told.map(([, one]) => one).filter(isLive);
  }

  /** Forgets what nobody here watches, and of all the ones that ended long ago. */
  #prune(): void {
    const unwatched = [...this.#known].filter(([name]) => !this.#watchers.has(name));
    const over = unwatched.filter(([, one]) => !isLive(one) || ended(one.generation));
    const gone = this.#allWatchers > 0 ? over.slice(0, -ENDED_SHOWN) : unwatched;
    for (const [name] of gone) {
      this.#early.leave(name);
      this.#known.delete(name);
    }
  }
}

function nameIn(message: About): string {
  if (message.kind === "refused") return message.name;
  return message.kind === "snapshot" ? message.generation.name : message.event.generation;
}

/** A worker that has not answered by then never will, in milliseconds. */
const ANSWERED = 5000;

/** Joins the hub of this browser; where no SharedWorker works, `ownHub` makes one of this tab alone. */
export function joinHub(ownHub: (port: MessagePort) => void): Watching {
  const own = () => {
    const { port1, port2 } = new MessageChannel();
    ownHub(port2);
    return port1;
  };
  let worker: SharedWorker;
  try {
    worker = new SharedWorker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "hatchery",
    });
  } catch {
    // There is none, or this browser lets no site keep anything.
    return new Watching(own());
  }
  const watching = new Watching(worker.port);
  let given = false;
  const giveUp = () => {
    clearTimeout(late);
    // A browser may say more than once that it failed, and only after it was late.
    if (given) return;
    given = true;
    watching.move(own());
  };
  const late = setTimeout(giveUp, ANSWERED);
  worker.onerror = giveUp;
  worker.port.addEventListener("message", () => clearTimeout(late), { once: true });
  return watching;
}
