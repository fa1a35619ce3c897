/** From values to places, and the round values that an axis names. */

export type Scale = (value: number) => number;

/** Where equal steps are equally far. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** Where equal ratios are equally far; what is under `low`, which is over 0, is at `low`. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const scale = linear(Math.log(low), Math.log(high), from, to);
  return (value) => scale(Math.log(Math.max(value, low)));
}

/** Round values from 0 to the first that is not under `most`; whole ones where things are counted. */
export function ticks(most: number, { wanted = 4, whole = false } = {}): number[] {
  if (!Number.isFinite(most) || most <= 0) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].map((one) => one * power).find((step) => step >= rough * ROUNDING);
  const step = Math.max(round ?? rough, whole ? 1 : 0);
  const steps = Math.ceil((most / step) * ROUNDING);
  return Array.from({ length: steps + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}
/** A step that is missed by a rounding error is none. */
const ROUNDING = 1 - 1e-9;

/** Times that people know, in seconds, and those between them. */
const TIMES = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000];
const FINE = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800,
  3600, 7200, 18_000, 36_000, 72_000, 180_000, 360_000,
];
/** So many names an axis has at most before it does with fewer. */
const ENOUGH = 6;

/** Known times from the last that is not over `low` to the first that is not under `high`, two at least. */
export function times(low: number, high: number): number[] {
  const fine = around(FINE, low, high);
  return fine.length > ENOUGH ? around(TIMES, low, high) : fine;
}

function around(known: readonly number[], low: number, high: number): number[] {
  const from = Math.max(
    known.findLastIndex((time) => time <= low),
    0,
  );
  const over = known.findIndex((time) => time >= high);
  const to = over < 0 ? known.length - 1 : over;
  const first = Math.min(from, known.length - 2);
  return known.slice(first, Math.max(to, first + 1) + 1);
}
