import { expect, test } from "vitest";
import { blocks } from "../src/parts/plots/gauge";
import { apart, named } from "../src/parts/plots/names";
import { runs } from "../src/parts/plots/runs";
import { linear, logarithmic, ticks, times } from "../src/parts/plots/scale";
import { heights, stack } from "../src/parts/plots/stack";

test("a linear scale puts equal steps equally far", () => {
  const scale = linear(0, 10, 100, 200);
  expect([0, 5, 10].map(scale)).toEqual([100, 150, 200]);
  expect([0, 4].map(linear(0, 4, 80, 0))).toEqual([80, 0]);
});

test("a scale of nothing divides by nothing", () => {
  expect(linear(3, 3, 0, 50)(3)).toBe(0);
});

test("a logarithmic scale puts equal ratios equally far, and nothing before its beginning", () => {
  const scale = logarithmic(0.01, 100, 0, 400);
  expect([0.01, 0.1, 1, 100].map((value) => Math.round(scale(value)))).toEqual([0, 100, 200, 400]);
  expect(scale(0)).toBe(0);
});

test.each([
  [0, false, [0, 1]],
  [Number.NaN, false, [0, 1]],
  [Number.NEGATIVE_INFINITY, false, [0, 1]],
  [1, true, [0, 1]],
  [3, true, [0, 1, 2, 3]],
  [5, true, [0, 2, 4, 6]],
  [1, false, [0, 0.5, 1]],
  [0.3, false, [0, 0.1, 0.2, 0.3]],
  [57, true, [0, 20, 40, 60]],
  [1000, false, [0, 500, 1000]],
])("up to %s, whole %s, an axis names %s", (most, whole, expected) => {
  expect(ticks(most, { whole })).toEqual(expected);
});

test("an axis reaches over whatever is shown, in few steps", () => {
  for (let most = 0.001; most < 1e7; most *= 1.37) {
    const found = ticks(most);
    expect(found.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-9));
    expect(found.length).toBeLessThanOrEqual(6);
  }
});

test.each([
  [0.02, 40, [0.01, 0.1, 1, 10, 60]],
  [2, 3, [2, 5]],
  [4, 13, [2, 5, 10, 30]],
  [10, 10, [10, 30]],
  [0.00001, 0.0001, [0.001, 0.002]],
  [500_000, 900_000, [180_000, 360_000]],
])("times from %s to %s lie within %s", (low, high, expected) => {
  expect(times(low, high)).toEqual(expected);
});

test.each([
  [0, 500, []],
  [1, 500, [0]],
  [5, 500, [0, 1, 2, 3, 4]],
  [24, 500, [3, 8, 13, 18, 23]],
  [3, 0, [2]],
])("of %s places on %s pixels these are named", (places, length, expected) => {
  expect(named(places, length, 100)).toEqual(expected);
});

test("names that would be upon another are left out, the ends last", () => {
  const name = (at: number) => ({ at, room: 40 });
  expect(apart([0, 50, 100, 200].map(name))).toEqual([
    { name: 0, anchor: "start" },
    { name: 2, anchor: "middle" },
    { name: 3, anchor: "end" },
  ]);
  expect(apart([0, 60].map(name))).toEqual([{ name: 0, anchor: "start" }]);
  expect(apart([])).toEqual([]);
});

test("what is stacked begins where the one below ends", () => {
  const series = [
    [1, 0, 2],
    [2, 3, 0],
  ];
  expect(stack(series)).toEqual([
    [
      [0, 1],
      [0, 0],
      [0, 2],
    ],
    [
      [1, 3],
      [0, 3],
      [2, 2],
    ],
  ]);
  expect(heights(series)).toEqual([3, 3, 2]);
  expect(heights([])).toEqual([]);
});

test("a line is interrupted where nothing was measured", () => {
  expect(runs([undefined, 1, 0, undefined, 5])).toEqual([
    [
      [1, 1],
      [2, 0],
    ],
    [[4, 5]],
  ]);
  expect(runs([])).toEqual([]);
});

test("a gauge shows each part that is more than nothing, and never more than all", () => {
  const parts = (spent: number, reserved: number) =>
    blocks(
      [
        { share: spent, fill: "solid" },
        { share: reserved, fill: "hatch" },
      ],
      5,
    );
  expect(parts(0, 0)).toEqual(["empty", "empty", "empty", "empty", "empty"]);
  expect(parts(0.4, 0.2)).toEqual(["solid", "solid", "hatch", "empty", "empty"]);
  expect(parts(0.001, 0.001)).toEqual(["solid", "hatch", "empty", "empty", "empty"]);
  expect(parts(0.6, 3)).toEqual(["solid", "solid", "solid", "hatch", "hatch"]);
  expect(parts(7, 1)).toEqual(["solid", "solid", "solid", "solid", "solid"]);
});
