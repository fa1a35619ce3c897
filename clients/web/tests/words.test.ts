import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import {
  GenerationSchema,
  Generation_State as State,
  StepSnapshot_State as StepState,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import {
  type Progress,
  ProgressSchema,
  QueuedSchema,
} from "../src/gen/hatchery/progress/v1/progress_pb";
import { chick, egg, SIDE } from "../src/parts/pixels";
import { idOf } from "../src/parts/templates";
import { ServerClock } from "../src/watch/clock";
import { begun, elapsed, heard, remaining } from "../src/watch/live";
import { about, clock, count, duration, percent } from "../src/words/numbers";
import { label, written } from "../src/words/persona";
import { headline, left, setback, work } from "../src/words/telling";
import { timeline } from "../src/words/timeline";

test.each([
  [duration(4.24), "4.2 s"],
  [duration(9.96), "10 s"],
  [duration(125), "2 min 5 s"],
  [duration(3780), "1 h 3 min"],
  [about(0.2), "about 1 s"],
  [about(119.7), "about 2 min"],
  [clock(7.9), "0:07"],
  [clock(3600), "1:00:00"],
  [percent(0.38999), "38 %"],
  [percent(0.29), "29 %"],
  [percent(0.9999), "99 %"],
  [percent(1.2), "100 %"],
  [count(1, "layers"), "1 layer"],
  [count(1234n, "tokens"), "1,234 tokens"],
  [left(4.2), "about 4 s left"],
  [left(0.1), "nearly there"],
  [left(-2), "taking longer than expected"],
  [left(undefined), ""],
  [label("/appearance/coat"), "Appearance coat"],
  [label("/traits/0"), "Traits"],
  [label(""), "Text"],
])("%s is %s", (told, expected) => expect(told).toBe(expected));

test("countable work tells its share", () => {
  const told = { done: 3, total: 8, unit: "denoising steps" };
  expect(work(told as Parameters<typeof work>[0])).toBe("denoising step 3 of 8 – 38 %");
});

test("entries of a list stand on one line", () => {
  const text = (field: string, text: string) => ({ step: "persona", field, text });
  const texts = [text("/name", "Tolly"), text("/traits/0", "shy"), text("/traits/1", "kind")];
  const lines = written(texts as Parameters<typeof written>[0], "persona");
  expect(lines.map(({ label, text }) => [label, text])).toEqual([
    ["Name", "Tolly"],
    ["Traits", "shy, kind"],
  ]);
});

const at = (seconds: number) => timestampFromMs(seconds * 1000);
const event = (
  sequence: number,
  seconds: number,
  rest: Parameters<typeof create<typeof ProgressSchema>>[1],
) => create(ProgressSchema, { sequence: BigInt(sequence), emitTime: at(seconds), ...rest });

/** A step of two attempts, the first of which was broken off by a takeover. */
const LOG: Progress[] = [
  event(1, 100, { event: { case: "queued", value: {} } }),
  event(2, 101, {
    event: { case: "started", value: { steps: [{ step: "a", title: "Drawing" }] } },
  }),
  event(3, 102, {
    step: "a",
    attempt: 1,
    event: { case: "stepStarted", value: { title: "Drawing" } },
  }),
  event(4, 105, { event: { case: "recovered", value: { epoch: 2n } } }),
  event(5, 106, {
    step: "a",
    attempt: 2,
    event: { case: "stepStarted", value: { title: "Drawing" } },
  }),
  event(6, 107, {
    step: "a",
    attempt: 2,
    event: { case: "stepProgress", value: { done: 1, total: 2, unit: "layers" } },
  }),
  event(7, 109, {
    step: "a",
    attempt: 2,
    event: { case: "stepCompleted", value: { usage: { steps: 2 } } },
  }),
  event(8, 109, { event: { case: "completed", value: {} } }),
];

test("a timeline has each attempt, how long it took and how it ended", () => {
  const told = timeline(LOG).map(({ attempt, began, ended, outcome, unit }) => [
    attempt,
    (ended ?? 0) - began,
    outcome,
    unit,
  ]);
  expect(told).toEqual([
    [1, 3, "taken over by another gateway", ""],
    [2, 3, "done", "layers"],
  ]);
});

test("the server's clock is that of the quickest event, and an old one says nothing", () => {
  // This clock is 1,000 s behind; an event takes 2 s to come, the next one half a second.
  const server = new ServerClock();
  expect(server.hear(2001, 1003)).toBeCloseTo(998);
  expect(server.hear(2010, 1010.5)).toBeCloseTo(999.5);
  expect(server.hear(1500, 1011)).toBeUndefined();
  expect(server.ahead).toBeCloseTo(999.5);
});

test("a clock that was set is believed again", () => {
  const server = new ServerClock();
  server.hear(2000, 1000);
  // It is right now; the samples from before the change are none.
  expect(server.hear(2010, 2010)).toBeCloseTo(0);
});

test("a slow minute replaces a quick one that is long ago", () => {
  const server = new ServerClock();
  server.hear(2000, 2000);
  expect(server.hear(2050, 2051)).toBeUndefined();
  expect(server.hear(2061, 2062)).toBeCloseTo(-1);
});

test("elapsed counts from the start of the work to its end", () => {
  const running = begun(create(GenerationSchema, { state: State.RUNNING, startTime: at(2000) }));
  expect(elapsed(running, 2007.5)).toBe(7.5);
  const over = create(GenerationSchema, { startTime: at(2000), endTime: at(2004) });
  expect(elapsed(begun(over), 2100)).toBe(4);
});

test("what remains shrinks between events", () => {
  const told = create(ProgressSchema, {
    emitTime: at(50),
    remaining: { expected: durationFromMs(8000) },
    event: { case: "heartbeat", value: {} },
  });
  const live = heard(begun(create(GenerationSchema, { state: State.RUNNING })), told);
  expect([remaining(live, 50), remaining(live, 53), remaining(live, 60)]).toEqual([8, 5, -2]);
});

test("the latest attempt's picture goes when its step ends", () => {
  let live = begun(create(GenerationSchema, { state: State.RUNNING, lastSequence: 1n }));
  live = heard(live, event(0, 1, { step: "a", event: { case: "preview", value: { index: 1 } } }));
  expect(live.preview?.index).toBe(1);
  live = heard(live, event(2, 2, { step: "a", event: { case: "stepCompleted", value: {} } }));
  expect(live.preview).toBeUndefined();
});

test.each([
  [State.PAUSED, "Paused"],
  [State.FAILED, "It did not work out"],
  [State.CANCELLED, "Stopped"],
  [State.QUEUED, "Waiting"],
  [State.RUNNING, "Getting ready"],
])("state %s reads %s", (state, expected) => {
  expect(headline(begun(create(GenerationSchema, { state })))).toBe(expected);
});

test("who waits for an engine is told that, also between two steps", () => {
  const running = begun(create(GenerationSchema, { state: State.RUNNING }));
  expect(headline(running)).toBe("Getting ready");
  const queued = create(QueuedSchema, { position: 2, queueSize: 3 });
  expect(headline({ ...running, queued })).toBe("Waiting, 2 ahead");
});

test.each([
  [1, ""],
  [2, "It began this step anew."],
])("attempt %s of a step that met no error says %s", (attempt, expected) => {
  const step = { step: "persona", state: StepState.RUNNING, attempt };
  const live = begun(create(GenerationSchema, { state: State.RUNNING, steps: [step] }));
  expect(setback(live)).toBe(expected);
});

test.each([
  ["The Ship’s Cat!", "the-ship-s-cat"],
  ["Über  Größe 2", "uber-gro-e-2"],
  ["x".repeat(99), "x".repeat(60)],
  ["龙", "template-vix"],
])("a template called %s has the id %s", (title, id) => expect(idOf(title)).toBe(id));

test.each(["-", "龙".repeat(100), "\u{1f409}"])("any title has an id that is one: %s", (title) => {
  expect(idOf(title)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
});

test("the egg cracks as it goes, and the chick is none of the egg's pixels", () => {
  const pixels = (picture: ReturnType<typeof egg>, colour: string) =>
    picture.flat().filter((one) => one === colour).length;
  const cracks = [0, 0.2, 0.3, 0.4, 0.49].map((fraction) => pixels(egg(fraction), "crack"));
  expect(cracks).toEqual([...cracks].sort((one, other) => one - other));
  expect(cracks[0]).toBe(0);
  expect(cracks.at(-1)).toBeGreaterThan(8);
  expect(pixels(chick(), "beak")).toBeGreaterThan(0);
  expect(egg(0)).toHaveLength(SIDE);
});
