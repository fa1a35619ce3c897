import type { RecipeStats, StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { count } from "../../words/numbers";
import { number, reason } from "../../words/statistics";
import { Legend } from "../plots/fills";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { ticks } from "../plots/scale";
import { type Failures, failures } from "./figures";

/** What failed and why: generations, and tries of steps. */
export function FailuresPlot({ recipes, steps }: { recipes: RecipeStats[]; steps: StepStats[] }) {
  const found = failures(recipes, steps);
  const most = Math.max(0, ...found.flatMap(({ generations, tries }) => [generations, tries]));
  return (
    <Plot
      title="What failed, and why"
      note="A step that fails may be tried again, and its generation still be completed."
      empty={found.length === 0 ? "Nothing failed." : undefined}
      table={{
        head: ["Reason", "Generations that failed", "Tries of steps that failed"],
        rows: found.map((one) => [reason(one.reason), number(one.generations), number(one.tries)]),
      }}
    >
      <Legend
        entries={[
          { name: "Generations", fill: "hatch" },
          { name: "Tries of steps", fill: "dots" },
        ]}
      />
      <Rows
        rows={found.map((one) => ({
          key: one.reason,
          label: reason(one.reason),
          value: said(one),
          bars: [
            { from: 0, to: one.generations, fill: "hatch" } as const,
            { from: 0, to: one.tries, fill: "dots" } as const,
          ].flatMap((piece) => (piece.to > 0 ? [[piece]] : [])),
        }))}
        ticks={ticks(most, { whole: true })}
        tell={number}
        axis="failures"
      />
    </Plot>
  );
}

/** "2 generations, 5 tries". */
function said({ generations, tries }: Failures): string {
  const parts = [
    generations && count(generations, "generations"),
    tries && (tries === 1 ? "1 try" : `${number(tries)} tries`),
  ];
  return parts.filter(Boolean).join(", ");
}
