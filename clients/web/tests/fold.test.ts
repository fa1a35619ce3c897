import { create, createRegistry, equals, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import table from "../../../tests/shared/snapshots.json";
import { file_google_rpc_error_details } from "../src/gen/google/rpc/error_details_pb";
import { GenerationSchema } from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { fold } from "../src/watch/fold";

const registry = createRegistry(file_google_rpc_error_details);
const event = (json: unknown) => fromJson(ProgressSchema, json as JsonValue, { registry });

test.each(table.cases)("$name", ({ events, snapshot }) => {
  const told = events.map(event).reduce(fold, create(GenerationSchema));
  const expected = fromJson(GenerationSchema, snapshot as JsonValue, { registry });
  expect(told).toEqual(expected);
  expect(equals(GenerationSchema, expected, told)).toBe(true);
});

test.each(table.cases)("folding leaves what was folded as it was: $name", ({ events }) => {
  let snapshot = create(GenerationSchema);
  for (const next of events.map(event)) {
    const before = structuredClone(snapshot);
    const after = fold(snapshot, next);
    expect(snapshot).toEqual(before);
    snapshot = after;
  }
});

test.each([0n, 1n, 3n])("event %s does not follow event 1", (sequence) => {
  const snapshot = create(GenerationSchema, { lastSequence: 1n });
  expect(() => fold(snapshot, create(ProgressSchema, { sequence }))).toThrow(RangeError);
});
