/** Words of the statistics. */

import type { Duration } from "@bufbuild/protobuf/wkt";
import type { Satisfaction } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { count, duration, seconds } from "./numbers";

/** A number, "1,234"; with one decimal where it is small. */
export function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** A share that may be more than the whole: "8 %", "120 %". */
export function share(value: number): string {
  return `${Math.round(value * 100).toLocaleString("en")} %`;
}

/** A time that was measured, also a short one: "23 ms", "1.5 s", "10 s". */
export function time(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return duration(seconds).replace(".0 s", " s");
}

/** How long something took; nothing where that was not measured. */
export function took(told: Duration | undefined): string {
  if (!told || (told.seconds === 0n && told.nanos === 0)) return "";
  return seconds(told) > 0 ? time(seconds(told)) : "under 1 ms";
}

/** A value of ErrorReason in words: "Engine busy". */
export function reason(name: string): string {
  const words = name.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "★ 4.5 of 2 ratings"; nothing where there are none. */
export function liked(satisfaction: Satisfaction | undefined): string {
  if (!satisfaction?.ratings) return "";
  return `★ ${satisfaction.meanStars.toFixed(1)} of ${count(satisfaction.ratings, "ratings")}`;
}
