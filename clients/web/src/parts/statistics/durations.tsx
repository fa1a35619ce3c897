import type { RecipeStats, StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { seconds } from "../../words/numbers";
import { number, time, took } from "../../words/statistics";
import { recipeTitle } from "../../words/telling";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { logarithmic, times } from "../plots/scale";
import { doneBy, keyOf } from "./figures";

interface Told {
  key: string;
  label: string;
  detail: string;
  of: RecipeStats | StepStats;
}

/** How long steps took, and whole generations. */
export function DurationsPlot({ recipes, steps }: { recipes: RecipeStats[]; steps: StepStats[] }) {
  const told: Told[] = [
    ...recipes.map((of) => ({
      key: of.recipe,
      label: recipeTitle(of.recipe),
      detail: "all of it, waits included",
      of,
    })),
    ...steps.map((of) => ({ key: keyOf(of), label: of.step, detail: doneBy(of), of })),
  ].filter(({ of }) => of.completed > 0);
  // What took no millisecond is nothing to see, and what is only a substitute does not count.
  const shown = told
    .map((one) => ({
      ...one,
      median: seconds(one.of.medianDuration),
      p90: seconds(one.of.p90Duration),
    }))
    .filter(({ median }) => median > 0);
  const known = shown.flatMap(({ median, p90 }) => [median, p90]);
  return (
    <Plot
      title="How long it took"
      note="◆ half were done within this time, and nine in ten by the end of the bar."
      empty={shown.length === 0 ? "Nothing was completed yet." : undefined}
      wide
      table={{
        head: ["What", "By", "Completed", "Half within", "Nine in ten within"],
        rows: told.map(({ label, detail, of }) => [
          label,
          detail,
          number(Number(of.completed)),
          took(of.medianDuration),
          took(of.p90Duration),
        ]),
      }}
    >
      <Rows
        rows={shown.map(({ key, label, detail, median, p90 }) => ({
          key,
          label,
          detail,
          value: time(median) === time(p90) ? time(median) : `${time(median)} – ${time(p90)}`,
          bars: [[{ from: median, to: p90, fill: "solid" }]],
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
