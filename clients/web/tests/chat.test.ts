import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import {
  Message_Author as Author,
  type Message,
  MessageSchema,
} from "../src/gen/hatchery/gateway/v1/conversation_service_pb";
import {
  GenerationSchema,
  Generation_State as State,
  StepSnapshotSchema,
  StepSnapshot_State as StepState,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { allowance, allowedBy, type Choices } from "../src/parts/chat/choices";
import { shows } from "../src/parts/chat/thinking";
import { merged, pulse, turnsOf } from "../src/parts/chat/turns";
import { allOf, DAY } from "../src/parts/statistics/course";
import { fold } from "../src/watch/fold";
import { begun } from "../src/watch/live";
import { beginning, headline } from "../src/words/telling";
import { answer, deeds, gist, standing, stepTime, substituteTitle } from "../src/words/thinking";

const TALK = "conversations/1";
const message = (number: number, generation: string): Message =>
  create(MessageSchema, {
    name: `${TALK}/messages/${number}`,
    author: number % 2 ? Author.PERSON : Author.COMPANION,
    text: `message ${number}`,
    generation,
  });

test("messages are turns: what is said with what is answered, in their order", () => {
  const turns = turnsOf([message(1, "a"), message(2, "a"), message(3, "b"), message(5, "c")]);
  expect(
    turns.map(({ number, said, reply, generation }) => [
      number,
      said?.text,
      reply?.text,
      generation,
    ]),
  ).toEqual([
    [1, "message 1", "message 2", "a"],
    [3, "message 3", undefined, "b"],
    [5, "message 5", undefined, "c"],
  ]);
});

test("a page may begin with a reply, which is a turn whose beginning is on another page", () => {
  const [turn] = turnsOf([message(4, "a")]);
  expect([turn?.number, turn?.said, turn?.generation]).toEqual([3, undefined, "a"]);
});

test("the run of a turn is the one that answers now, not the one that wrote the reply before", () => {
  const [turn] = turnsOf([message(1, "again"), message(2, "before")]);
  expect([turn?.generation, turn?.reply?.generation]).toEqual(["again", "before"]);
});

test("what is read again counts, and earlier messages stay", () => {
  const known = [message(1, "a"), message(2, "a"), message(3, "b")];
  const fresh = [message(3, "again"), message(4, "again")];
  expect(merged(known, fresh).map(({ generation }) => generation)).toEqual([
    "a",
    "a",
    "again",
    "again",
  ]);
  expect(merged(known, [])).toEqual(known);
});

const run = (name: string, rest: Parameters<typeof create<typeof GenerationSchema>>[1] = {}) =>
  create(GenerationSchema, { name, conversation: TALK, state: State.RUNNING, ...rest });
const replied = (text: string, actions: { action: string }[] = []) =>
  create(StepSnapshotSchema, {
    step: "execution",
    state: StepState.COMPLETED,
    result: { output: { case: "reply", value: { text, actions } } },
  });

test("the pulse moves when a run begins, answers or ends, and not with each word", () => {
  const writing = { texts: [{ step: "execution", field: "", text: "Oh" }] };
  const written = { steps: [replied("Oh!")] };
  const first = pulse([run("a")], TALK);
  expect(pulse([run("a", writing)], TALK)).toBe(first);
  const others = [
    pulse([], TALK),
    pulse([run("a"), run("b")], TALK),
    pulse([run("a", written)], TALK),
    pulse([run("a", { ...written, state: State.COMPLETED })], TALK),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
});

test("the pulse of one conversation is not moved by another, nor by what is none", () => {
  const others = [run("b", { conversation: "conversations/2" }), run("c", { conversation: "" })];
  expect(pulse([run("a"), ...others], TALK)).toBe(pulse([run("a")], TALK));
});

const choices = (...forbidden: string[]): Choices => ({ model: "", forbidden, thinking: "auto" });

test.each([
  [[], [], "everything allowed"],
  [["portrait"], ["recall", "remember", "change"], "allowed: recall, remember, change"],
  [["recall", "remember", "change", "portrait"], ["answer"], "answers only"],
])("with %j forbidden, a request allows %j", (forbidden, allowed, words) => {
  expect(allowedBy(choices(...forbidden))).toEqual(allowed);
  expect(allowance(choices(...forbidden))).toBe(words);
});

test("thinking is shown until the reply is there, unless somebody likes it otherwise", () => {
  const thinking = begun(run("a"));
  const there = begun(run("a", { steps: [replied("Oh!")] }));
  expect([
    shows("auto", thinking, false),
    shows("auto", there, false),
    shows("auto", undefined, true),
    shows("open", there, true),
    shows("folded", thinking, false),
  ]).toEqual([true, false, false, true, false]);
});

test("an answer is what is written by now, and in the end what is kept", () => {
  const texts = [
    { step: "planning", field: "/reason", text: "because" },
    { step: "execution", field: "", text: "Oh, I" },
  ];
  expect(answer(run("a", { texts }))).toEqual({ text: "Oh, I", whole: false });
  expect(answer(run("a", { texts, steps: [replied("Oh, I do.")] }))).toEqual({
    text: "Oh, I do.",
    whole: true,
  });
});

test("what came of thinking is said in a few words", () => {
  const context = create(StepSnapshotSchema, {
    step: "context",
    result: {
      output: { case: "contextReading", value: { memories: [{ text: "tea" }, { text: "rain" }] } },
    },
  });
  const memory = create(StepSnapshotSchema, {
    step: "memory",
    result: { output: { case: "memoryUpdate", value: { memories: [{ text: "tea" }] } } },
  });
  expect(gist(run("a", { steps: [context, replied("Oh!"), memory] }))).toEqual([
    "2 memories mattered",
    "kept 1 memory",
  ]);
});

test("what a companion did is said once each, its answer left out, a failure as one", () => {
  const acted = [
    { action: "remember" },
    { action: "remember" },
    { action: "sing_along" },
    { action: "portrait", error: { code: 14 } },
    { action: "answer" },
  ];
  const output = create(StepSnapshotSchema, {
    result: { output: { case: "reply", value: { actions: acted } } },
  }).result?.output;
  const actions = output?.case === "reply" ? output.value.actions : [];
  expect(deeds(actions)).toEqual(["remembered something", "did: sing along", "could not portrait"]);
});

test.each([
  [{ state: StepState.PENDING }, "not begun"],
  [{ state: StepState.RUNNING, attempt: 1 }, "under way"],
  [{ state: StepState.RUNNING, attempt: 2 }, "attempt 2"],
  [{ state: StepState.RETRYING }, "is tried again"],
  [{ state: StepState.COMPLETED }, "done"],
  [{ state: StepState.COMPLETED, result: { reused: "generations/1" } }, "kept from the try before"],
  [{ state: StepState.ENDED }, "broken off"],
])("a step %j is %s", (step, expected) => {
  expect(standing(create(StepSnapshotSchema, step))).toBe(expected);
});

test("a step takes as long as it really did, and one that was kept takes no time", () => {
  const at = (seconds: number) => timestampFromMs(seconds * 1000);
  const times = [
    { state: StepState.PENDING },
    { state: StepState.RUNNING, startTime: at(10) },
    { state: StepState.COMPLETED, startTime: at(10), endTime: at(12) },
    { state: StepState.COMPLETED, startTime: at(10), endTime: at(12), result: { reused: "x" } },
    { state: StepState.ENDED, startTime: at(10) },
  ].map((step) => stepTime(create(StepSnapshotSchema, step), 15));
  expect(times).toEqual([undefined, 5, 2, undefined, undefined]);
});

test.each(["rules", "plain answer", "reading", "placeholder"])(
  "a substitute “%s” is told in a sentence",
  (substitute) => {
    const { result } = create(StepSnapshotSchema, { result: { fallback: { substitute } } });
    expect(result?.fallback && substituteTitle(result.fallback)).toMatch(/^[A-Z].*\.$/);
  },
);

test("an action that begins and ends is one action, in its place, and a new attempt has none", () => {
  const event = (
    sequence: number,
    value: NonNullable<Parameters<typeof create<typeof ProgressSchema>>[1]>["event"],
  ) =>
    create(ProgressSchema, {
      sequence: BigInt(sequence),
      step: "execution",
      attempt: 1,
      ...(value && { event: value }),
    });
  const acts = (sequence: number, index: number, state: number) =>
    event(sequence, { case: "actionProgress", value: { index, total: 2, state } });
  const started = (sequence: number) => event(sequence, { case: "stepStarted", value: {} });
  let snapshot = create(GenerationSchema);
  const told = (...events: ReturnType<typeof event>[]) => {
    snapshot = events.reduce(fold, snapshot);
    return snapshot.steps[0]?.actions.map(({ index, state }) => [index, state]);
  };
  expect(told(started(1), acts(2, 2, 1), acts(3, 1, 1), acts(4, 1, 2))).toEqual([
    [1, 2],
    [2, 1],
  ]);
  expect(told(started(5))).toEqual([]);
});

test("a reply that is there is answered, and what has no words is called by its kind", () => {
  expect(headline(begun(run("a", { state: State.COMPLETED })))).toBe("Answered!");
  expect(beginning({ description: "", recipe: "haiku" })).toBe("haiku");
  expect(beginning({ description: "" })).toBe("A companion from a picture");
});

test("a day is shown first where it has everything", () => {
  const now = 1_000_000_000;
  const period = (ago: number) => ({ startTime: timestampFromMs((now - ago * 3600) * 1000) });
  const has = (...hours: number[]) =>
    allOf(DAY, { periods: hours.map(period) } as unknown as Parameters<typeof allOf>[1], now);
  expect([has(2, 20), has(2, 30), has()]).toEqual([true, false, false]);
});
