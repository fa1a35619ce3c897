import { create } from "@bufbuild/protobuf";
import { expect, test, vi } from "vitest";
import { MessageSchema } from "../src/gen/hatchery/gateway/v1/conversation_service_pb";
import {
  GenerationSchema,
  Generation_State as State,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { type Progress, ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import type { Sending } from "../src/parts/chat/outbox";
import { rowsOf } from "../src/parts/chat/rows";
import { turnsOf } from "../src/parts/chat/turns";
import { begin } from "../src/server/server";
import { Early } from "../src/watch/early";
import { fold } from "../src/watch/fold";
import { begun } from "../src/watch/live";
import { completed, delta, House } from "./house";

const A = "generations/a";

/** A log of so many words, and its end. */
function log(words: number): Progress[] {
  const house = new House();
  house.accept(A);
  for (let at = 0; at < words; at += 1) house.tell(A, delta(`${at} `));
  house.tell(A, completed);
  return house.logs.get(A) ?? [];
}
const snapshot = (events: readonly Progress[]) =>
  events.reduce(fold, create(GenerationSchema, { name: A, description: "what a is" }));

test.each([0, 1, 3, 5])(
  "what a tab has heard by itself is not unheard when the hub's snapshot is %i events old",
  (behind) => {
    const heard = log(4).slice(0, 5);
    const early = new Early();
    const leave = vi.fn();
    for (const event of heard) early.hear(event, leave);
    expect([early.has(A), leave.mock.calls.length]).toEqual([true, 0]);
    const { generation } = early.join(begun(snapshot(heard.slice(0, 5 - behind))));
    expect(generation).toEqual(snapshot(heard));
    expect([early.has(A), leave.mock.calls.length]).toEqual([false, 1]);
  },
);

test("a snapshot that is ahead of what a tab has heard counts as it is", () => {
  const all = log(4);
  const early = new Early();
  for (const event of all.slice(0, 2)) early.hear(event, () => undefined);
  expect(early.join(begun(snapshot(all))).generation).toEqual(snapshot(all));
});

test("what is ephemeral is not told again after a snapshot", () => {
  const early = new Early();
  const [first] = log(0);
  if (first) early.hear(first, () => undefined);
  early.hear(create(ProgressSchema, { generation: A, sequence: 0n }), () => undefined);
  expect(early.join(begun(snapshot([]))).latest).toEqual(first);
});

/** A call that tells a log, and waits for more until it is aborted. */
function calling(events: readonly Progress[]) {
  const signals: AbortSignal[] = [];
  const call = async function* ({ signal }: { signal: AbortSignal }) {
    signals.push(signal);
    yield create(ProgressSchema);
    yield* events;
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  };
  return { call, left: () => signals.map(({ aborted }) => aborted) };
}

test("a stream that nobody hears is left with its first event", async () => {
  const { call, left } = calling(log(4));
  expect(await begin(call)).toBe(A);
  await vi.waitFor(() => expect(left()).toEqual([true]));
});

test("a stream that is heard goes on after it has begun, until it is left", async () => {
  const { call, left } = calling(log(4));
  const heard: bigint[] = [];
  let leave: () => void = () => undefined;
  const name = await begin(call, (event, leaves) => {
    heard.push(event.sequence);
    leave = leaves;
  });
  expect(name).toBe(A);
  await vi.waitFor(() => expect(heard).toEqual([1n, 2n, 3n, 4n, 5n, 6n]));
  expect(left()).toEqual([false]);
  leave();
  expect(left()).toEqual([true]);
});

test("a stream that ends before it begins says so", async () => {
  await expect(begin(async function* () {})).rejects.toThrow("before it began");
});

const sending = (rest: Partial<Sending> = {}): Sending => ({
  id: "one",
  text: "message 1",
  model: "",
  allowedActions: [],
  ...rest,
});
const listed = (generation: string, state = State.RUNNING) =>
  turnsOf([
    create(MessageSchema, {
      name: "conversations/1/messages/1",
      author: 1,
      text: "message 1",
      generation,
      state,
    }),
  ]);

test("a message is one row from when it is sent until it is listed, and after it is tried again", () => {
  const keys = new Map<number, string>();
  const none = new Map();
  const told = new Map([[A, { state: State.RUNNING, message: "conversations/1/messages/1" }]]);
  const accepted = sending({ generation: A });
  const shown = [
    rowsOf([], [sending()], none, keys),
    rowsOf([], [accepted], none, keys),
    rowsOf([], [accepted], told, keys),
    rowsOf(listed(A), [accepted], told, keys),
    rowsOf(listed(A), [], told, keys),
    rowsOf(listed("generations/again"), [], told, keys),
  ];
  expect(
    shown.map((rows) =>
      rows.map(({ key, turn, open }) => [key, turn.number, turn.generation, open]),
    ),
  ).toEqual([
    [["one", 0, "", false]],
    [["one", 0, A, true]],
    [["one", 1, A, true]],
    [["one", 1, A, true]],
    [["one", 1, A, true]],
    [["one", 1, "generations/again", true]],
  ]);
});

test("a message that was tried again before it is listed is not shown twice", () => {
  const told = new Map([[A, { state: State.FAILED, message: "conversations/1/messages/1" }]]);
  const rows = rowsOf(listed("generations/again"), [sending({ generation: A })], told, new Map());
  expect(rows.map(({ key, turn }) => [key, turn.generation])).toEqual([
    ["one", "generations/again"],
  ]);
});

test("a row that is shown keeps its key, whatever is known later", () => {
  const keys = new Map<number, string>();
  const [before] = rowsOf(listed(A), [sending()], new Map(), keys);
  const [after] = rowsOf(listed(A), [sending({ generation: A })], new Map(), keys);
  expect(after?.key).toBe(before?.key);
});
