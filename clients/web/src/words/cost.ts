/** Amounts as people read them, the same as the `hatchery` command writes them. */

import type { Cost } from "../gen/hatchery/types/v1/cost_pb";

const MICROS = 1e6;

/** What something cost: "3.20 bricks", "0.0123 bricks"; nothing where nothing is priced. */
export function cost(told: Cost | undefined): string {
  return told ? amount(Number(told.amountMicros) / MICROS, told.unit) : "";
}

/** An amount of a unit of the price list. */
export function amount(value: number, unit: string): string {
  const places = value >= 1 || value === 0 ? 2 : value >= 0.001 ? 4 : 6;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  return `${value.toLocaleString("en", digits)} ${unit}`;
}
