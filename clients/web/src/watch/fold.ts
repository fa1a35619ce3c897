/**
 * Folds the log of a generation into its snapshot, as the gateway's reducer does: both are held
 * against one table of logs, tests/shared/snapshots.json.
 *
 * Pure: what was folded before is never changed, and what did not change is shared.
 */

import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import {
  type FieldText,
  FieldTextSchema,
  type Generation,
  Generation_State as State,
  type StepSnapshot,
  StepSnapshotSchema,
  StepSnapshot_State as StepState,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { ActionProgress, Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { type Cost, CostSchema } from "../gen/hatchery/types/v1/cost_pb";

/** Folds the next event of the log into a snapshot. Ephemeral events are none of the log. */
export function fold(snapshot: Generation, event: Progress): Generation {
  if (event.sequence !== snapshot.lastSequence + 1n) {
    throw new RangeError(`event ${event.sequence} does not follow ${snapshot.lastSequence}`);
  }
  return {
    ...folded({ ...snapshot, ...worked(snapshot, event) }, event),
    lastSequence: event.sequence,
    latest: event,
  };
}

/** Whether a step is being worked on, as far as the log tells. */
export function works({ steps, latest }: Generation): boolean {
  return (
    latest?.event.case !== "recovered" && steps.some(({ state }) => state === StepState.RUNNING)
  );
}

/** How long its steps have worked. Nobody did until a lost runner was followed and the next began. */
function worked(snapshot: Generation, { emitTime, event }: Progress): Partial<Generation> {
  const since = snapshot.latest?.emitTime;
  if (!works(snapshot) || !since || !emitTime || event.case === "recovered") return {};
  const { seconds, nanos } = snapshot.activeDuration ?? { seconds: 0n, nanos: 0 };
  const passed = (emitTime.seconds - since.seconds) * GIGA + BigInt(emitTime.nanos - since.nanos);
  // Two runners have two clocks.
  if (passed <= 0n) return {};
  const all = seconds * GIGA + BigInt(nanos) + passed;
  const activeDuration = { seconds: all / GIGA, nanos: Number(all % GIGA) };
  return { activeDuration: create(DurationSchema, activeDuration) };
}

const GIGA = 1_000_000_000n;

/** Whether a generation is over for good. */
export function ended(generation: Generation): boolean {
  return (
    generation.state === State.COMPLETED ||
    generation.state === State.FAILED ||
    generation.state === State.CANCELLED
  );
}

function folded(snapshot: Generation, progress: Progress): Generation {
  const { event, emitTime } = progress;
  switch (event.case) {
    case "queued":
      return { ...snapshot, state: State.QUEUED, ...(emitTime && { createTime: emitTime }) };
    case "started": {
      const planned = event.value.steps.map(({ step, title }) =>
        create(StepSnapshotSchema, { step, title, state: StepState.PENDING }),
      );
      return {
        ...snapshot,
        state: State.RUNNING,
        ...(emitTime && { startTime: emitTime }),
        steps: [...snapshot.steps, ...planned],
      };
    }
    case "completed":
      return end({ ...snapshot, resource: event.value.resource }, State.COMPLETED, progress);
    case "failed":
      return end(
        { ...snapshot, ...(event.value.error && { error: event.value.error }) },
        State.FAILED,
        progress,
      );
    case "cancelled":
      return end(snapshot, State.CANCELLED, progress);
    case "paused":
      return { ...snapshot, state: State.PAUSED, steps: halted(snapshot, StepState.PENDING) };
    case "resumed":
      return { ...snapshot, state: State.QUEUED };
    case "recovered":
      return { ...snapshot, state: State.RUNNING };
    default:
      return progress.step ? foldStep(snapshot, progress) : snapshot;
  }
}

function end(snapshot: Generation, state: State, { emitTime }: Progress): Generation {
  const steps = halted(snapshot, StepState.ENDED);
  return { ...snapshot, state, steps, ...(emitTime && { endTime: emitTime }) };
}

/** The steps, with the one that was under way in another state. */
function halted(snapshot: Generation, state: StepState): StepSnapshot[] {
  return snapshot.steps.map((step) =>
    step.state === StepState.RUNNING || step.state === StepState.RETRYING
      ? { ...step, state }
      : step,
  );
}

function foldStep(snapshot: Generation, progress: Progress): Generation {
  const { event, emitTime } = progress;
  const name = progress.step;
  const before =
    snapshot.steps.find(({ step }) => step === name) ?? create(StepSnapshotSchema, { step: name });
  const step = { ...before, attempt: Math.max(before.attempt, progress.attempt) };
  switch (event.case) {
    case "stepStarted": {
      const { tokens, work: _work, error: _error, ...kept } = step;
      const { title, continues } = event.value;
      const voidedCost = sum([step.voidedCost, tokens?.cost]);
      const begun = {
        ...(continues ? step : { ...kept, actions: [], ...(voidedCost && { voidedCost }) }),
        title,
        state: StepState.RUNNING,
        ...(emitTime && { startTime: emitTime }),
      };
      // A new attempt voids what the earlier ones wrote.
      const texts = continues
        ? snapshot.texts
        : snapshot.texts.filter((text) => text.step !== name);
      return put({ ...snapshot, state: State.RUNNING, texts }, begun);
    }
    case "textDelta":
      return put({ ...snapshot, texts: written(snapshot, name, event.value) }, step);
    case "tokenProgress":
      return put(snapshot, { ...step, tokens: event.value });
    case "stepProgress":
      return put(snapshot, { ...step, work: event.value });
    case "actionProgress":
      return put(snapshot, { ...step, actions: taken(step.actions, event.value) });
    case "stepRetrying":
      return put(snapshot, {
        ...step,
        state: StepState.RETRYING,
        ...(event.value.error && { error: event.value.error }),
      });
    case "stepCompleted":
      return put(snapshot, {
        ...step,
        state: StepState.COMPLETED,
        result: event.value,
        ...(emitTime && { endTime: emitTime }),
        ...(event.value.usage && { usage: event.value.usage }),
      });
    default:
      return put(snapshot, step);
  }
}

function put(snapshot: Generation, step: StepSnapshot): Generation {
  const at = snapshot.steps.findIndex((other) => other.step === step.step);
  const steps = at < 0 ? [...snapshot.steps, step] : snapshot.steps.with(at, step);
  const { cost: _cost, ...rest } = snapshot;
  const cost = costOf(steps);
  return { ...rest, steps, ...(cost && { cost }) };
}

/** The actions with the latest word on one of them, in their order. */
function taken(actions: ActionProgress[], latest: ActionProgress): ActionProgress[] {
  const others = actions.filter(({ index }) => index !== latest.index);
  return [...others, latest].sort((one, other) => one.index - other.index);
}

/** What the steps cost by now, void attempts too; undefined where nothing is priced. */
function costOf(steps: StepSnapshot[]): Cost | undefined {
  return sum(
    steps.flatMap(({ voidedCost, result, tokens }) => [
      voidedCost,
      result ? result.cost : tokens?.cost,
    ]),
  );
}

function sum(parts: (Cost | undefined)[]): Cost | undefined {
  const costs = parts.filter((cost) => cost !== undefined);
  const amountMicros = costs.reduce((total, cost) => total + cost.amountMicros, 0n);
  const unit = costs.at(-1)?.unit;
  return unit === undefined ? undefined : create(CostSchema, { amountMicros, unit });
}

function written(
  snapshot: Generation,
  step: string,
  { field, text }: { field: string; text: string },
): FieldText[] {
  const at = snapshot.texts.findIndex((other) => other.step === step && other.field === field);
  const before = snapshot.texts[at];
  return before
    ? snapshot.texts.with(at, { ...before, text: before.text + text })
    : [...snapshot.texts, create(FieldTextSchema, { step, field, text })];
}
