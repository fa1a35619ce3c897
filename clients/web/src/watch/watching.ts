/** A tab's end of the hub: what it watches, as signals. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Problem } from "../server/problem";
import { begun, heard, type Live } from "./live";
import { ALL, type ToHub, type ToTab } from "./messages";

/** What is known of a generation: nothing yet, how it stands, or why it cannot be watched. */
export type Watched = Live | Problem | undefined;

export function isLive(watched: Watched): watched is Live {
  return watched !== undefined && "generation" in watched;
}

export class Watching {
  readonly #port: MessagePort;
  readonly #all = signal<ReadonlyMap<string, Live>>(new Map());
  readonly #one = new Map<string, { state: Signal<Watched>; watchers: number }>();
  readonly #up = signal(true);
  #allWatchers = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<ToTab>) => this.#hear(data);
    addEventListener("online", () => this.#say({ kind: "wake" }));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#say({ kind: "wake" });
    });
    const lock = `hatchery-tab-${Math.random()}`;
    void navigator.locks?.request(lock, () => {
      this.#say({ kind: "hello", lock });
      return new Promise(() => undefined);
    });
  }

  /** Whether the server is heard. */
  get up(): ReadonlySignal<boolean> {
    return this.#up;
  }

  /** Every generation that this page has heard of and that had not ended then, by name. */
  get all(): ReadonlySignal<ReadonlyMap<string, Live>> {
    return this.#all;
  }

  /** Watches one generation until the returned function is called. */
  watch(name: string): [ReadonlySignal<Watched>, () => void] {
    const entry = this.#one.get(name) ?? { state: signal<Watched>(undefined), watchers: 0 };
    this.#one.set(name, entry);
    entry.watchers += 1;
    if (entry.watchers === 1) this.#say({ kind: "watch", name });
    return [
      entry.state,
      () => {
        entry.watchers -= 1;
        if (entry.watchers > 0) return;
        this.#one.delete(name);
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
      this.#all.value = new Map();
      this.#say({ kind: "leave", name: ALL });
    };
  }

  #say(message: ToHub): void {
    this.#port.postMessage(message);
  }

  #hear(message: ToTab): void {
    switch (message.kind) {
      case "link":
        this.#up.value = message.up;
        break;
      case "refused":
        this.#put(message.name, () => message.problem);
        break;
      case "snapshot":
        this.#put(message.generation.name, (before) => begun(message.generation, before));
        break;
      case "event":
        this.#put(message.event.generation, (before) => this.#next(before, message.event));
        break;
    }
  }

  #next(before: Live | undefined, event: Progress): Live | undefined {
    const follows = (before?.generation.lastSequence ?? 0n) + 1n;
    if (!before || (event.sequence > 0n && event.sequence < follows)) return before;
    if (event.sequence > follows) {
      // Missed one: the hub gives the snapshot again.
      this.#say({ kind: "watch", name: event.generation });
      return before;
    }
    return heard(before, event, Date.now() / 1000);
  }

  #put(name: string, next: (before: Live | undefined) => Watched): void {
    const one = this.#one.get(name);
    if (one) one.state.value = next(isLive(one.state.value) ? one.state.value : undefined);
    if (this.#allWatchers === 0) return;
    const live = one ? one.state.value : next(this.#all.value.get(name));
    if (isLive(live)) this.#all.value = new Map(this.#all.value).set(name, live);
  }
}

/** Joins the hub of this browser; where there is no SharedWorker, a hub of this tab alone. */
export async function joinHub(
  ownHub: () => Promise<(port: MessagePort) => void>,
): Promise<Watching> {
  if (typeof SharedWorker !== "undefined") {
    const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "hatchery",
    });
    return new Watching(worker.port);
  }
  const { port1, port2 } = new MessageChannel();
  (await ownHub())(port2);
  return new Watching(port1);
}
