import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import {
  GenerationSchema,
  Generation_State as State,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { type Progress, ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { chick, egg, SIDE } from "../src/parts/pixels";
import { begun, elapsed, heard, remaining } from "../src/watch/live";
import { about, clock, count, duration, percent } from "../src/words/numbers";
import { label, written } from "../src/words/persona";
import { headline, left, work } from "../src/words/telling";
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
  expect(work(told as Parameters<typeof work>[0])).toBe("denoising step 3 of 8 – 37 %");
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

test("elapsed goes on by this clock, and is corrected by the server's", () => {
  // This clock is 1,000 s behind; an event takes 2 s to come, the next one half a second.
  let live = begun(create(GenerationSchema, { state: State.RUNNING, startTime: at(2000) }));
  const beat = (seconds: number) =>
    create(ProgressSchema, { emitTime: at(seconds), event: { case: "heartbeat", value: {} } });
  live = heard(live, beat(2001), 1003);
  expect(elapsed(live, 1004)).toBeCloseTo(2);
  live = heard(live, beat(2010), 1010.5);
  expect(elapsed(live, 1011)).toBeCloseTo(10.5);
  live = heard(live, beat(2011), 1019);
  expect(elapsed(live, 1020)).toBeCloseTo(19.5);
});

test("what remains shrinks between events", () => {
  const told = create(ProgressSchema, {
    emitTime: at(50),
    remaining: { expected: durationFromMs(8000) },
    event: { case: "heartbeat", value: {} },
  });
  const live = heard(begun(create(GenerationSchema, { state: State.RUNNING })), told, 50);
  expect([remaining(live, 50), remaining(live, 53), remaining(live, 60)]).toEqual([8, 5, -2]);
});

test("the latest attempt's picture goes when its step ends", () => {
  let live = begun(create(GenerationSchema, { state: State.RUNNING, lastSequence: 1n }));
  live = heard(
    live,
    event(0, 1, { step: "a", event: { case: "preview", value: { index: 1 } } }),
    1,
  );
  expect(live.preview?.index).toBe(1);
  live = heard(live, event(2, 2, { step: "a", event: { case: "stepCompleted", value: {} } }), 2);
  expect(live.preview).toBeUndefined();
});

test.each([
  [State.PAUSED, "Paused"],
  [State.FAILED, "It did not work out"],
  [State.CANCELLED, "Stopped"],
  [State.QUEUED, "Waiting, next in line"],
  [State.RUNNING, "Getting ready"],
])("state %s reads %s", (state, expected) => {
  expect(headline(begun(create(GenerationSchema, { state })))).toBe(expected);
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
