import { expect, test, vi } from "vitest";
import { attach } from "../src/watch/attach";
import type { Hub } from "../src/watch/hub";
import { joinHub } from "../src/watch/watching";
import { layOut } from "./paper";

/** Web Locks in memory: each name is held by one at a time. */
function locks() {
  const held = new Map<string, Promise<unknown>>();
  return {
    request: (name: string, callback: () => unknown) => {
      const next = (held.get(name) ?? Promise.resolve()).then(callback);
      held.set(name, next);
      return next;
    },
  };
}

test("a worker that is given up twice leaves one hub, and one that comes late serves nobody", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  layOut("/");
  vi.stubGlobal("navigator", { locks: locks() });
  const { port1, port2 } = new MessageChannel();
  const worker: { port: MessagePort; onerror?: () => void } = { port: port1 };
  vi.stubGlobal("SharedWorker", function SharedWorker() {
    return worker;
  });
  const own = vi.fn();
  const watching = joinHub(own);
  watching.watch("generations/1");
  await vi.advanceTimersByTimeAsync(5000);
  worker.onerror?.();
  await vi.advanceTimersByTimeAsync(5000);
  expect(own).toHaveBeenCalledTimes(1);
  vi.useRealTimers();

  const hub = { greet: vi.fn(), hear: vi.fn(), forget: vi.fn() };
  attach(hub as unknown as Hub, port2);
  await vi.waitFor(() => expect(hub.forget).toHaveBeenCalledTimes(1));
});
