import { create } from "@bufbuild/protobuf";
import { DurationSchema, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import {
  RecipeStatsSchema,
  StatsPeriodSchema,
  StepStatsSchema,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { CostSchema } from "../src/gen/hatchery/types/v1/cost_pb";
import { beginning, course, latest, RANGES } from "../src/parts/statistics/course";
import { doneBy, failures, outcomes, speeds, spent, units } from "../src/parts/statistics/figures";
import { amount, cost } from "../src/words/cost";
import { liked, number, reason, share, time, took } from "../src/words/statistics";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** 25 November 2026, 10:20 in UTC. */
const NOW = Date.UTC(2026, 10, 25, 10, 20) / 1000;

const range = (id: string) => RANGES.find((one) => one.id === id) ?? RANGES[0];
const period = (start: number) =>
  create(StatsPeriodSchema, { startTime: timestampFromMs(start * 1000) });

test.each([
  ["day", Date.UTC(2026, 10, 24, 11) / 1000],
  ["month", Date.UTC(2026, 9, 27) / 1000],
  ["all", undefined],
])("the range %s begins with a whole stretch", (id, expected) => {
  expect(beginning(range(id), NOW)).toBe(expected);
});

test.each(RANGES)("stretches of $id begin where the gateway cuts", (one) => {
  const begun = beginning(one, NOW) ?? 0;
  expect(begun % one.length).toBe(0);
});

test("every stretch of a range is there, also those of which nothing is told", () => {
  const told = period(Math.floor(NOW / DAY) * DAY - 2 * DAY);
  const found = course(range("month"), [told], NOW);
  expect(found).toHaveLength(30);
  expect(found.findIndex((one) => one.period === told)).toBe(27);
  expect(found.filter((one) => one.period)).toHaveLength(1);
  expect(found.at(-1)).toEqual({ name: "25 Nov", title: "25 Nov 2026", period: undefined });
  expect(latest(found)).toBe(27);
});

test("all of it begins with what was first, and is as long as is told at most", () => {
  const week = 7 * DAY;
  const start = Math.floor(NOW / week) * week;
  expect(course(range("all"), [], NOW)).toHaveLength(1);
  expect(latest(course(range("all"), [], NOW))).toBe(0);
  const found = course(range("all"), [period(start - 4 * week)], NOW);
  expect(found.map((one) => one.period !== undefined)).toEqual([true, false, false, false, false]);
  expect(found.at(-1)?.title).toBe("Week of 19 Nov 2026");
  expect(course(range("all"), [period(start - 900 * week)], NOW)).toHaveLength(400);
});

test("a clock of the server that is behind leaves nothing out", () => {
  const ahead = period(Math.floor(NOW / HOUR) * HOUR + HOUR);
  expect(course(range("day"), [ahead], NOW)).toHaveLength(24);
});

test("what has neither ended well nor badly is open", () => {
  const recipes = [
    create(RecipeStatsSchema, { generations: 7n, completed: 3n, failed: 1n, cancelled: 1n }),
    create(RecipeStatsSchema, { generations: 1n, completed: 1n }),
  ];
  expect(outcomes(recipes)).toEqual({ begun: 8, completed: 4, failed: 1, stopped: 1, open: 2 });
  expect(outcomes([])).toEqual({ begun: 0, completed: 0, failed: 0, stopped: 0, open: 0 });
});

test("a model's speed is the mean of its steps by what they wrote, and no other's", () => {
  const step = (model: string, engine: string, medianTokensPerSecond: number, tokens: bigint) =>
    create(StepStatsSchema, { model, engine, medianTokensPerSecond, outputTokens: tokens });
  const found = speeds([
    step("sketch", "sketch", 0, 0n),
    step("small", "llamacpp", 60, 100n),
    step("small", "ollama", 10, 900n),
    step("small", "llamacpp", 40, 300n),
  ]);
  expect(found).toEqual([
    { model: "small", engine: "ollama", rate: 10, tokens: 900 },
    { model: "small", engine: "llamacpp", rate: 45, tokens: 400 },
  ]);
});

test("a reason counts what it ended, the most frequent first", () => {
  const recipes = [
    create(RecipeStatsSchema, { failures: [{ reason: "ENGINE_TIMEOUT", failures: 2n }] }),
  ];
  const steps = [
    create(StepStatsSchema, { failures: [{ reason: "ENGINE_TIMEOUT", failures: 1n }] }),
    create(StepStatsSchema, {
      failures: [
        { reason: "ENGINE_BUSY", failures: 5n },
        { reason: "ENGINE_TIMEOUT", failures: 2n },
      ],
    }),
  ];
  expect(failures(recipes, steps)).toEqual([
    { reason: "ENGINE_BUSY", generations: 0, tries: 5 },
    { reason: "ENGINE_TIMEOUT", generations: 2, tries: 3 },
  ]);
});

test("costs of one unit are added up, and nothing is paid where nothing is priced", () => {
  const paid = (amountMicros: bigint, unit: string) =>
    create(RecipeStatsSchema, { cost: { amountMicros, unit } });
  const recipes = [paid(1_500_000n, "bricks"), paid(250_000n, "bricks"), paid(9n, "EUR")];
  expect(units([...recipes, create(RecipeStatsSchema)])).toEqual(["bricks", "EUR"]);
  expect(spent(recipes, "bricks")).toBe(1.75);
  expect(units([create(RecipeStatsSchema)])).toEqual([]);
});

test.each([
  [{ engine: "llamacpp", model: "small", recipe: "none" }, "small (llamacpp) · none"],
  [{ engine: "sketch", model: "sketch", recipe: "none" }, "sketch · none"],
  [{ engine: "", model: "", recipe: "none" }, "none"],
  [{}, ""],
])("a step %s was done by %s", (step, expected) => {
  expect(doneBy(create(StepStatsSchema, step))).toBe(expected);
});

test.each([
  [time(0.0234), "23 ms"],
  [time(0.9996), "1 s"],
  [time(1.52), "1.5 s"],
  [time(10), "10 s"],
  [time(3600), "1 h"],
  [took(create(DurationSchema, { seconds: 2n })), "2 s"],
  [took(create(DurationSchema, { nanos: 61_000 })), "under 1 ms"],
  [took(create(DurationSchema)), ""],
  [took(undefined), ""],
  [number(9.42), "9.4"],
  [number(1234.5), "1,235"],
  [share(0.081), "8 %"],
  [share(12.5), "1,250 %"],
  [reason("ENGINE_BUSY"), "Engine busy"],
  [reason(""), ""],
  [liked(undefined), ""],
  [amount(0, "bricks"), "0.00 bricks"],
  [amount(1234.5, "bricks"), "1,234.50 bricks"],
  [amount(0.01234, "bricks"), "0.0123 bricks"],
  [amount(0.000001, "bricks"), "0.000001 bricks"],
  [cost(create(CostSchema, { amountMicros: 3_200_000n, unit: "bricks" })), "3.20 bricks"],
  [cost(undefined), ""],
])("%s is %s", (told, expected) => expect(told).toBe(expected));
