/** How it went over time: the stretches that are asked for, and all of them in what is told. */

import type { StatsPeriod } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { moment } from "../../words/numbers";

const HOUR = 3600;
const ONE_DAY = 24 * HOUR;
const WEEK = 7 * ONE_DAY;
/** The gateway tells of so many stretches at most. */
const MOST = 400;

export interface Range {
  id: string;
  title: string;
  /** What one stretch is. */
  by: string;
  /** Seconds of one stretch. */
  length: number;
  /** How many there are, the one that goes on included; absent where it is as many as there are. */
  stretches?: number;
}

export const DAY: Range = {
  id: "day",
  title: "Day",
  by: "by hour",
  length: HOUR,
  stretches: 24,
};
export const RANGES: readonly [Range, ...Range[]] = [
  DAY,
  { id: "month", title: "Month", by: "by day, in UTC", length: ONE_DAY, stretches: 30 },
  { id: "year", title: "Year", by: "by week, in UTC", length: WEEK, stretches: 52 },
  { id: "all", title: "All", by: "by week, in UTC", length: WEEK },
];

/** Seconds since 1970 at which a range begins that ends now: that of a whole stretch. */
export function beginning({ length, stretches }: Range, now: number): number | undefined {
  return stretches && (Math.floor(now / length) - stretches + 1) * length;
}

/** Whether a range has all that is told of, and there is something. */
export function allOf(
  range: Range,
  { periods }: { periods: readonly StatsPeriod[] },
  now: number,
): boolean {
  const since = beginning(range, now) ?? 0;
  return periods.length > 0 && periods.every(({ startTime }) => (moment(startTime) ?? 0) >= since);
}

/** A stretch of time, with its names on an axis and in a sentence. */
export interface Stretch {
  name: string;
  title: string;
  /** What happened in it; undefined where nothing did. */
  period: StatsPeriod | undefined;
}

/** Every stretch of a range, the earliest first, also those of which nothing is told. */
export function course(range: Range, periods: readonly StatsPeriod[], now: number): Stretch[] {
  const { length } = range;
  const found = new Map(periods.map((one) => [moment(one.startTime) ?? 0, one]));
  const last = Math.floor(now / length) * length;
  const first = beginning(range, now) ?? Math.min(last, ...found.keys());
  const stretches = Math.min((last - first) / length + 1, MOST);
  return Array.from({ length: stretches }, (_, at) => {
    const start = last - (stretches - 1 - at) * length;
    return { ...named(range, start), period: found.get(start) };
  });
}

/** Hours are those of the reader's clock; days and weeks begin in UTC, as the gateway cuts them. */
function named({ length, stretches }: Range, start: number): { name: string; title: string } {
  const at = new Date(start * 1000);
  const say = (options: Intl.DateTimeFormatOptions) => at.toLocaleString("en-GB", options);
  const day = { day: "numeric", month: "short" } as const;
  const month = { month: "short", year: "numeric" } as const;
  if (length < ONE_DAY) {
    const clock = { hour: "2-digit", minute: "2-digit" } as const;
    return { name: say(clock), title: say({ ...day, ...clock }) };
  }
  const full = say({ ...day, year: "numeric", timeZone: "UTC" });
  return {
    name: say(stretches ? { ...day, timeZone: "UTC" } : { ...month, timeZone: "UTC" }),
    title: length === WEEK ? `Week of ${full}` : full,
  };
}

/** The last stretch in which anything happened; where nothing did, the last. */
export function latest(stretches: readonly Stretch[]): number {
  const found = stretches.findLastIndex(({ period }) => period);
  return found < 0 ? stretches.length - 1 : found;
}
