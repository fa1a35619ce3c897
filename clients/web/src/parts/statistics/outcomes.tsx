import { number } from "../../words/statistics";
import { Columns, type Series } from "../plots/columns";
import { Plot } from "../plots/frame";
import { latest, type Stretch } from "./course";
import { outcomes } from "./figures";

const NOTHING = "nothing";

/** How many generations there were over time, and how they ended. */
export function OutcomesPlot({ stretches, by }: { stretches: readonly Stretch[]; by: string }) {
  const counted = stretches.map(({ period }) => outcomes(period?.recipes ?? []));
  const all: Series[] = [
    { name: "Completed", fill: "solid", values: counted.map((one) => one.completed) },
    { name: "Failed", fill: "hatch", values: counted.map((one) => one.failed) },
    { name: "Stopped", fill: "dots", values: counted.map((one) => one.stopped) },
    { name: "Not ended", fill: "empty", values: counted.map((one) => one.open) },
  ];
  const open = counted.some((one) => one.open > 0);
  const series = open ? all : all.slice(0, -1);
  const told = stretches.map(({ title }, place) => {
    const parts = series
      .filter(({ values }) => values[place])
      .map(({ name, values }) => `${number(values[place] ?? 0)} ${name.toLowerCase()}`);
    return `${title}: ${parts.join(", ") || NOTHING}`;
  });
  return (
    <Plot
      title="Generations"
      note="When they were begun, and how they ended."
      wide
      table={{
        head: ["Begun", ...series.map(({ name }) => name)],
        rows: stretches.flatMap(({ title, period }, place) =>
          period ? [[title, ...series.map(({ values }) => number(values[place] ?? 0))]] : [],
        ),
      }}
    >
      <Columns
        label="Generations over time"
        unit="generations"
        by={by}
        names={stretches.map(({ name }) => name)}
        told={told}
        first={latest(stretches)}
        tell={number}
        series={series}
        whole
      />
    </Plot>
  );
}
