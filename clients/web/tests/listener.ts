/** A hub before a house in memory, and tabs that keep what they are told. */

import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Tab } from "../src/watch/audience";
import { Backoff } from "../src/watch/backoff";
import { fold } from "../src/watch/fold";
import { Hub } from "../src/watch/hub";
import type { ToTab } from "../src/watch/messages";
import { House } from "./house";

/** A tab that keeps what it is told, and holds it against the log. */
export class Listener implements Tab {
  readonly told: ToTab[] = [];

  postMessage(message: ToTab): void {
    this.told.push(structuredClone(message));
  }

  /** What it knows of a generation, after the latest snapshot; throws on a gap or a repeat. */
  known(name: string) {
    let snapshot: ReturnType<House["snapshot"]> | undefined;
    for (const message of this.told) {
      if (message.kind === "snapshot" && message.generation.name === name)
        snapshot = message.generation;
      if (
        message.kind === "event" &&
        message.event.generation === name &&
        message.event.sequence > 0n
      ) {
        if (!snapshot) throw new Error("an event before the snapshot");
        snapshot = fold(snapshot, message.event);
      }
    }
    return snapshot;
  }

  links(): boolean[] {
    return this.told.flatMap((message) => (message.kind === "link" ? [message.up] : []));
  }
}

export const A = "generations/a";
export const B = "generations/b";
export let house: House;
export let hub: Hub;
let open: Listener[];

beforeEach(() => {
  house = new House();
  hub = new Hub(house.client(), { backoff: new Backoff(5, 20), silence: 300 });
  open = [];
});

afterEach(() => {
  for (const tab of open) hub.forget(tab);
});

export function tab(...names: string[]): Listener {
  const listener = new Listener();
  open.push(listener);
  for (const name of names) hub.hear(listener, { kind: "watch", name });
  return listener;
}

/** A hub that waits as long as the real one before it calls a stream dead. */
export function patient(): void {
  hub = new Hub(house.client(), { backoff: new Backoff(5, 20) });
}

/** Until a tab knows what the log says. */
export async function catchesUp(listener: Listener, name: string): Promise<void> {
  await vi.waitFor(() => expect(listener.known(name)).toEqual(house.snapshot(name)));
}
