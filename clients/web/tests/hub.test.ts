import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Progress, ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { Backoff } from "../src/watch/backoff";
import { fold } from "../src/watch/fold";
import { Hub, type Tab } from "../src/watch/hub";
import { ALL, type ToTab } from "../src/watch/messages";
import { completed, delta, House, refusal } from "./house";

/** A tab that keeps what it is told, and holds it against the log. */
class Listener implements Tab {
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

const A = "generations/a";
const B = "generations/b";
let house: House;
let hub: Hub;
let open: Listener[];

beforeEach(() => {
  house = new House();
  hub = new Hub(house.client(), { backoff: new Backoff(5, 20), silence: 300 });
  open = [];
});

afterEach(() => {
  for (const tab of open) hub.forget(tab);
});

function tab(...names: string[]): Listener {
  const listener = new Listener();
  open.push(listener);
  for (const name of names) hub.hear(listener, { kind: "watch", name });
  return listener;
}

async function catchesUp(listener: Listener, name: string): Promise<void> {
  await vi.waitFor(() => expect(listener.known(name)).toEqual(house.snapshot(name)));
}

test("a tab hears the snapshot and then every event once", async () => {
  house.accept(A);
  house.tell(A, delta("a "));
  const listener = tab(A);
  await catchesUp(listener, A);
  for (const text of ["shy ", "dragon"]) house.tell(A, delta(text));
  house.tell(A, completed);
  await catchesUp(listener, A);
  expect(listener.told.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
});

test("a stream that breaks again and again loses nothing and repeats nothing", async () => {
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  for (let round = 0; round < 6; round += 1) {
    house.tell(A, delta(`${round}.`));
    house.cut();
    house.tell(A, delta(`${round}!`));
    await catchesUp(listener, A);
  }
  house.tell(A, completed);
  await catchesUp(listener, A);
  expect(listener.told.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
  expect(house.requests.length).toBeGreaterThan(5);
});

test("tabs share one stream, and the last to leave closes it", async () => {
  for (const name of [A, B]) house.accept(name);
  const tabs = [tab(A), tab(A, B), tab(B, ALL)];
  for (const [at, name] of [A, B, B].entries()) await catchesUp(tabs[at] as Listener, name);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  for (const listener of tabs) hub.forget(listener);
  await vi.waitFor(() => expect(house.open.size).toBe(0));
});

test("what began elsewhere shows up for who watches all, with its description", async () => {
  const listener = tab(ALL);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.accept(A);
  house.tell(A, delta("hello"));
  await catchesUp(listener, A);
  expect(listener.known(A)?.description).toBe(`what ${A} is`);
});

test("what has ended is told without holding a stream for it", async () => {
  house.accept(A);
  house.tell(A, completed);
  const listener = tab(A);
  await catchesUp(listener, A);
  expect(house.requests).toHaveLength(0);
});

test("a stream is left when all that is watched has ended", async () => {
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.tell(A, completed);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(0));
});

test("a name that nobody has is refused", async () => {
  const listener = tab(A);
  await vi.waitFor(() => expect(listener.told.at(-1)?.kind).toBe("refused"));
  expect(listener.told.at(-1)).toMatchObject({
    name: A,
    problem: { reason: "RESOURCE_NOT_FOUND" },
  });
});

test("a server that is away is asked again until it is there", async () => {
  house.accept(A);
  house.away = true;
  const listener = tab(A, ALL);
  await vi.waitFor(() => expect(listener.links().at(-1)).toBe(false));
  house.away = false;
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(listener.links().at(-1)).toBe(true));
});

test("a stream that falls silent is opened again", async () => {
  house.accept(A);
  tab(A);
  await vi.waitFor(() => expect(house.requests).toHaveLength(1));
  await vi.waitFor(() => expect(house.requests.length).toBeGreaterThan(1), { timeout: 3000 });
  expect(house.open.size).toBe(1);
});

test("a cursor that the server does not know any more begins with a snapshot again", async () => {
  house.accept(A);
  house.tell(A, delta("before"));
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.accept(A);
  house.cut();
  await catchesUp(listener, A);
  house.tell(A, delta("after"));
  await catchesUp(listener, A);
});

test("one whose log is gone takes no other's stream down", async () => {
  for (const name of [A, B]) house.accept(name);
  const listener = tab(A, B);
  for (const name of [A, B]) await catchesUp(listener, name);
  house.logs.delete(A);
  house.cut(refusal("SHUTTING_DOWN", Code.Unavailable, {}));
  house.tell(B, delta("still here"));
  await catchesUp(listener, B);
  await vi.waitFor(() =>
    expect(listener.told).toContainEqual(expect.objectContaining({ kind: "refused", name: A })),
  );
});

test("what a server repeats or skips reaches no tab", async () => {
  house.accept(A);
  house.tell(A, delta("one"));
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  const [first] = house.logs.get(A) as Progress[];
  house.send(first as Progress);
  house.send(
    create(ProgressSchema, { generation: A, sequence: 9n, step: "persona", event: delta("?") }),
  );
  house.tell(A, delta("two"));
  await catchesUp(listener, A);
});

test("ephemeral events pass through and change no log", async () => {
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.tell(
    A,
    {
      case: "preview",
      value: {
        $typeName: "hatchery.progress.v1.Preview",
        image: new Uint8Array([1, 2]),
        mediaType: "image/png",
        width: 1,
        height: 1,
        index: 1,
      },
    },
    true,
  );
  await vi.waitFor(() =>
    expect(listener.told.at(-1)).toMatchObject({ kind: "event", event: { sequence: 0n } }),
  );
  await catchesUp(listener, A);
});

test("what ended just before the stream began is asked for once", async () => {
  const listener = tab(ALL);
  await vi.waitFor(() => expect(house.open.size).toBe(1));
  house.accept(A);
  for (let count = 0; count < 20; count += 1) house.tell(A, delta("x"));
  house.tell(A, completed);
  await catchesUp(listener, A);
  expect(house.snapshots).toBeLessThan(3);
});

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
  hub = new Hub(house.client(), { backoff: new Backoff(5, 20) });
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
