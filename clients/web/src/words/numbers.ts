/** Numbers and times as people read them, the same as the `hatchery` command writes them. */

import { type Duration, durationMs, type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";

/** A time that was measured: "4.2 s", "38 s", "2 min 5 s", "1 h 3 min". */
export function duration(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(seconds, 0).toFixed(1)} s` : whole(Math.round(seconds));
}

/** A time that is only expected: never with decimals. */
export function about(seconds: number): string {
  return `about ${whole(Math.max(Math.round(seconds), 1))}`;
}

/** A time as a clock shows it: "0:07", "12:04", "1:00:00". */
export function clock(seconds: number): string {
  const all = Math.max(Math.floor(seconds), 0);
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** A share; only the whole is 100 %. */
export function percent(fraction: number): string {
  return `${Math.floor(Math.min(Math.max(fraction, 0), 1) * 100 + 1e-9)} %`;
}

/** "1 layer", "3 layers"; `things` is the plural. */
export function count(number: number | bigint, things: string): string {
  return `${number.toLocaleString("en")} ${Number(number) === 1 ? things.replace(/s$/, "") : things}`;
}

/** "812 bytes", "4.2 kB". */
export function bytes(number: number): string {
  return number < 1000 ? count(number, "bytes") : `${(number / 1000).toFixed(1)} kB`;
}

export function seconds(value: Duration | undefined): number {
  return value ? durationMs(value) / 1000 : 0;
}

/** Seconds since 1970; undefined where there is no time. */
export function moment(value: Timestamp | undefined): number | undefined {
  return value && timestampMs(value) / 1000;
}

function whole(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}
