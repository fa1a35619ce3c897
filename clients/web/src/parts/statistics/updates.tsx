import type { StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { percent, seconds } from "../../words/numbers";
import { number, time, took } from "../../words/statistics";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { logarithmic, ticks, times } from "../plots/scale";
import { doneBy, keyOf } from "./figures";

/** Where the time goes: how long each step worked in all. */
export function TimePlot({ steps }: { steps: StepStats[] }) {
  const told = steps
    .map((of) => ({ of, total: seconds(of.totalDuration) }))
    .filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total);
  const all = told.reduce((sum, { total }) => sum + total, 0);
  return (
    <Plot
      title="Where the time goes"
      note="How long each step worked in all, and its share of the whole."
      empty={told.length === 0 ? "Nothing has worked yet." : undefined}
      table={{
        head: ["Step", "By", "In all", "Share"],
        rows: told.map(({ of, total }) => [of.step, doneBy(of), time(total), percent(total / all)]),
      }}
    >
      <Rows
        rows={told.map(({ of, total }) => ({
          key: keyOf(of),
          label: of.step,
          detail: doneBy(of),
          value: `${time(total)} · ${percent(total / all)}`,
          bars: [[{ from: 0, to: total, fill: "solid" }]],
        }))}
        ticks={ticks(told[0]?.total ?? 1)}
        tell={time}
        axis="time in all"
      />
    </Plot>
  );
}

/** How far apart the updates of a step come. */
export function UpdatesPlot({ steps }: { steps: StepStats[] }) {
  const told = steps
    .map((of) => ({ of, median: seconds(of.medianUpdateGap), longest: seconds(of.maxUpdateGap) }))
    .filter(({ median }) => median > 0);
  const known = told.flatMap(({ median, longest }) => [median, longest]);
  return (
    <Plot
      title="How far apart updates come"
      note="◆ half of a step’s updates came within this time of the one before; the bar ends at the longest silence."
      empty={told.length === 0 ? "Nothing has told of its work yet." : undefined}
      table={{
        head: ["Step", "By", "Updates", "Half within", "Longest silence"],
        rows: told.map(({ of }) => [
          of.step,
          doneBy(of),
          number(Number(of.updates)),
          took(of.medianUpdateGap),
          took(of.maxUpdateGap),
        ]),
      }}
    >
      <Rows
        rows={told.map(({ of, median, longest }) => ({
          key: keyOf(of),
          label: of.step,
          detail: doneBy(of),
          value:
            time(median) === time(longest) ? time(median) : `${time(median)} – ${time(longest)}`,
          bars: [[{ from: median, to: longest, fill: "solid" }]],
          points: [median],
        }))}
        ticks={times(Math.min(...known), Math.max(...known))}
        tell={time}
        axis="time, on a logarithmic scale"
        scale={logarithmic}
      />
    </Plot>
  );
}
