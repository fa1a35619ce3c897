import type { StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { seconds } from "../../words/numbers";
import { share } from "../../words/statistics";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { ticks } from "../plots/scale";
import { doneBy, keyOf } from "./figures";

/** How far off the times were that had been expected. */
export function EstimatesPlot({ steps }: { steps: StepStats[] }) {
  const found = steps.filter((one) => one.medianEstimateError > 0);
  // Of what takes no millisecond nobody waits for an estimate.
  const shown = found.filter(({ medianDuration }) => seconds(medianDuration) > 0);
  return (
    <Plot
      title="How good estimates were"
      note="Half of the times that were expected when a step began missed the true one by less than this."
      empty={shown.length === 0 ? "No estimate was measured yet." : undefined}
      table={{
        head: ["Step", "By", "Median error"],
        rows: found.map((one) => [one.step, doneBy(one), share(one.medianEstimateError)]),
      }}
    >
      <Rows
        rows={shown.map((one) => ({
          key: keyOf(one),
          label: one.step,
          detail: doneBy(one),
          value: share(one.medianEstimateError),
          bars: [[{ from: 0, to: one.medianEstimateError, fill: "solid" }]],
        }))}
        ticks={ticks(Math.max(0, ...shown.map((one) => one.medianEstimateError)))}
        tell={share}
        axis="median error, in % of the true time"
      />
    </Plot>
  );
}
