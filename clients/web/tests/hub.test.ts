import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expect, test, vi } from "vitest";
import { type Progress, ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { ALL } from "../src/watch/messages";
import { completed, delta, refusal } from "./house";
import { A, B, catchesUp, house, hub, type Listener, tab } from "./listener";

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
  expect(listener.links()).toContain(false);
  await vi.waitFor(() => expect(listener.links().at(-1)).toBe(true));
  house.tell(A, completed);
  await catchesUp(listener, A);
  expect(listener.told.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
  expect(house.requests.length).toBeGreaterThan(5);
});

test("a stream that ends with its token goes on with the next one", async () => {
  house.accept(A);
  const listener = tab(A);
  await catchesUp(listener, A);
  house.tell(A, delta("a "));
  house.cut(refusal("TOKEN_EXPIRED", Code.Unauthenticated, {}));
  house.tell(A, delta("dragon"));
  house.tell(A, completed);
  await catchesUp(listener, A);
  expect(listener.told.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
  expect(house.requests.length).toBeGreaterThan(1);
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

test("a stream that is never answered is opened again", async () => {
  house.accept(A);
  house.mute = true;
  tab(A);
  await vi.waitFor(() => expect(house.requests.length).toBeGreaterThan(1), { timeout: 3000 });
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
