import type { StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { number } from "../../words/statistics";
import { speed } from "../../words/writing";
import { Plot } from "../plots/frame";
import { LINES, Lines } from "../plots/lines";
import { Rows } from "../plots/rows";
import { ticks } from "../plots/scale";
import { latest, type Stretch } from "./course";
import { type Speed, speeds } from "./figures";

const NONE = "Nothing was written yet.";

/** How fast each model wrote. */
export function SpeedsPlot({ steps }: { steps: StepStats[] }) {
  const found = speeds(steps);
  return (
    <Plot
      title="How fast models write"
      note="The median of each; of a model with several steps, their mean by what they wrote."
      empty={found.length === 0 ? NONE : undefined}
      table={{
        head: ["Model", "Engine", "Tokens/s", "Tokens written"],
        rows: found.map(({ model, engine, rate, tokens }) => [
          model,
          engine,
          number(rate),
          number(tokens),
        ]),
      }}
    >
      <Rows
        rows={found.map((one) => ({
          key: keyOf(one),
          label: one.model,
          detail: one.engine,
          value: speed(one.rate),
          bars: [[{ from: 0, to: one.rate, fill: "solid" }]],
        }))}
        ticks={ticks(Math.max(0, ...found.map(({ rate }) => rate)))}
        tell={number}
        axis="tokens/s"
      />
    </Plot>
  );
}

interface CourseProps {
  steps: StepStats[];
  stretches: readonly Stretch[];
  by: string;
}

/** The same over time: a line for each of the models that wrote most. */
export function SpeedCoursePlot({ steps, stretches, by }: CourseProps) {
  const models = speeds(steps);
  const known = stretches.map(({ period }) => speeds(period?.steps ?? []));
  const lines = models.map((model) => ({
    name: models.some((one) => one !== model && one.model === model.model)
      ? `${model.model} (${model.engine})`
      : model.model,
    values: known.map((found) => found.find((one) => keyOf(one) === keyOf(model))?.rate),
  }));
  const drawn = lines.slice(0, LINES);
  const told = stretches.map(({ title }, place) => {
    const parts = drawn.flatMap(({ name, values }) => {
      const value = values[place];
      return value === undefined ? [] : [`${name} ${speed(value)}`];
    });
    return `${title}: ${parts.join(", ") || "nothing was written"}`;
  });
  return (
    <Plot
      title="How fast models write, over time"
      note={lines.length > LINES && `The ${LINES} that wrote most; the rest are in the numbers.`}
      empty={lines.length === 0 ? NONE : undefined}
      wide
      table={{
        head: ["Begun", ...lines.map(({ name }) => `${name}, tokens/s`)],
        rows: stretches.flatMap(({ title }, place) =>
          lines.some(({ values }) => values[place] !== undefined)
            ? [[title, ...lines.map(({ values }) => said(values[place]))]]
            : [],
        ),
      }}
    >
      <Lines
        label="Tokens per second over time"
        unit="tokens/s"
        by={by}
        names={stretches.map(({ name }) => name)}
        told={told}
        first={latest(stretches)}
        tell={number}
        lines={drawn}
      />
    </Plot>
  );
}

function said(value: number | undefined): string {
  return value === undefined ? "" : number(value);
}

function keyOf({ model, engine }: Speed): string {
  return JSON.stringify([model, engine]);
}
