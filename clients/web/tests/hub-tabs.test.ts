import { expect, test, vi } from "vitest";
import { ALL } from "../src/watch/messages";
import { completed, delta } from "./house";
import { A, B, catchesUp, house, hub, patient, tab } from "./listener";

const preview = {
  case: "preview",
  value: {
    $typeName: "hatchery.progress.v1.Preview",
    image: new Uint8Array([1, 2]),
    mediaType: "image/png",
    width: 1,
    height: 1,
    index: 1,
  },
} as const;

test("who watches one thing is not told of others", async () => {
  for (const name of [A, B]) house.accept(name);
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  expect(house.requests.map(({ all }) => all)).toEqual([false]);
  house.tell(B, delta("of no concern"));
  house.tell(A, delta("of concern"));
  await catchesUp(listener, A);
  expect(
    JSON.stringify(listener.told, (_, one) => (typeof one === "bigint" ? `${one}` : one)),
  ).not.toContain(B);
});

test("who comes to watch all hears of what has long been there and says nothing", async () => {
  for (const name of [A, B]) house.accept(name);
  await catchesUp(tab(A), A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  const second = tab(ALL);
  for (const name of [A, B]) await catchesUp(second, name);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
});

test("who leaves while everything is still being looked up leaves no stream behind", async () => {
  for (const name of [A, B]) house.accept(name);
  house.slow = 30;
  const listener = tab(ALL);
  await vi.waitFor(() => expect(house.snapshots).toBeGreaterThan(0));
  hub.hear(listener, { kind: "watch", name: A });
  hub.hear(listener, { kind: "leave", name: ALL });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(house.open.size).toBe(1);
  hub.forget(listener);
  await vi.waitFor(() => expect(house.open.size).toBe(0));
});

test("a server that was away is heard again when it answers, also where no stream is needed", async () => {
  house.accept(A);
  house.tell(A, completed);
  house.away = true;
  const listener = tab(A);
  await vi.waitFor(() => expect(listener.links().at(-1)).toBe(false));
  house.away = false;
  await catchesUp(listener, A);
  expect(listener.links().at(-1)).toBe(true);
});

test("nothing is in the way where nothing is watched any more", async () => {
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  house.away = true;
  house.cut();
  await vi.waitFor(() => expect(listener.links().at(-1)).toBe(false));
  hub.hear(listener, { kind: "leave", name: A });
  expect(listener.links().at(-1)).toBe(true);
});

test("a second tab sees the picture in the making, until its step ends", async () => {
  house.accept(A);
  await catchesUp(tab(A), A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.tell(A, preview, true);
  const second = tab();
  await vi.waitFor(() => {
    hub.hear(second, { kind: "watch", name: A });
    expect(second.told.at(-1)).toMatchObject({
      kind: "event",
      event: { event: { case: "preview" } },
    });
  });
  house.tell(A, completed);
  await catchesUp(second, A);
  const third = tab(A);
  await catchesUp(third, A);
  expect(third.told.filter(({ kind }) => kind === "event")).toEqual([]);
});

test("what is refused is asked for once, until somebody asks for it again", async () => {
  house.accept(A);
  const listener = tab(ALL);
  await catchesUp(listener, A);
  house.broken.add(B);
  house.accept(B);
  for (let count = 0; count < 20; count += 1) house.tell(B, delta("x"));
  house.tell(A, delta("after it"));
  await catchesUp(listener, A);
  expect(house.snapshots).toBeLessThan(5);
});

test("who wakes up after a silence does not wait for more of it", async () => {
  house.accept(A);
  patient();
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  vi.setSystemTime(Date.now() + 20_000);
  hub.hear(listener, { kind: "wake" });
  await vi.waitFor(() => expect(house.requests).toHaveLength(2));
  vi.useRealTimers();
});

test("each tab is told how far the server's clock is ahead", async () => {
  house.ahead = 90;
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  house.tell(A, delta("now"));
  await catchesUp(listener, A);
  const told = listener.told.findLast(({ kind }) => kind === "clock");
  expect(told).toMatchObject({ ahead: expect.closeTo(90, 0) });
});
