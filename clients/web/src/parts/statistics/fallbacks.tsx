import type { StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { number } from "../../words/statistics";
import { Legend } from "../plots/fills";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { ticks } from "../plots/scale";
import { doneBy, keyOf } from "./figures";

/** How often something else stood in for what was asked for. */
export function FallbacksPlot({ steps }: { steps: StepStats[] }) {
  const found = steps.filter(({ fallbacks }) => fallbacks > 0);
  return (
    <Plot
      title="Substitutes"
      note="Steps in which something else had to stand in for what was asked for."
      empty={found.length === 0 ? "Nothing had to stand in for what was asked for." : undefined}
      table={{
        head: ["Step", "By", "Completed", "Substitutes"],
        rows: found.map((one) => [
          one.step,
          doneBy(one),
          number(Number(one.completed)),
          number(Number(one.fallbacks)),
        ]),
      }}
    >
      <Legend
        entries={[
          { name: "As asked for", fill: "solid" },
          { name: "Substitutes", fill: "dots" },
        ]}
      />
      <Rows
        rows={found.map((one) => {
          const [completed, fallbacks] = [Number(one.completed), Number(one.fallbacks)];
          return {
            key: keyOf(one),
            label: one.step,
            detail: doneBy(one),
            value: `${number(fallbacks)} of ${number(completed)}`,
            bars: [
              [
                { from: 0, to: completed - fallbacks, fill: "solid" },
                { from: completed - fallbacks, to: completed, fill: "dots" },
              ],
            ],
          };
        })}
        ticks={ticks(Math.max(0, ...found.map(({ completed }) => Number(completed))), {
          whole: true,
        })}
        tell={number}
        axis="steps completed"
      />
    </Plot>
  );
}
