import type { Budget, RecipeStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { amount, cost } from "../../words/cost";
import { duration, percent, seconds } from "../../words/numbers";
import { number } from "../../words/statistics";
import { recipeTitle } from "../../words/telling";
import { Columns } from "../plots/columns";
import { Legend } from "../plots/fills";
import { Plot } from "../plots/frame";
import { Gauge } from "../plots/gauge";
import { Rows } from "../plots/rows";
import { ticks } from "../plots/scale";
import { latest, type Stretch } from "./course";
import { spent } from "./figures";

interface Props {
  recipes: RecipeStats[];
  unit: string;
}

/** What each kind of generation cost in all. */
export function CostsPlot({ recipes, unit }: Props) {
  const paid = recipes.filter((one) => one.cost?.unit === unit);
  const costs = paid.map((one) => spent([one], unit));
  return (
    <Plot
      title={`What it cost, in ${unit}`}
      note="By kind of generation; what has not ended is counted as far as it is."
      table={{
        head: ["Kind", "Generations", "Cost"],
        rows: paid.map((one) => [
          recipeTitle(one.recipe),
          number(Number(one.generations)),
          cost(one.cost),
        ]),
      }}
    >
      <Rows
        rows={paid.map((one, at) => ({
          key: one.recipe,
          label: recipeTitle(one.recipe),
          value: cost(one.cost),
          bars: [[{ from: 0, to: costs[at] ?? 0, fill: "solid" }]],
        }))}
        ticks={ticks(Math.max(0, ...costs))}
        tell={number}
        axis={unit}
      />
    </Plot>
  );
}

/** What generations cost over time. */
export function CostCoursePlot({
  unit,
  stretches,
  by,
}: {
  unit: string;
  stretches: readonly Stretch[];
  by: string;
}) {
  const values = stretches.map(({ period }) => spent(period?.recipes ?? [], unit));
  const told = stretches.map(({ title }, at) => `${title}: ${amount(values[at] ?? 0, unit)}`);
  return (
    <Plot
      title={`What it cost over time, in ${unit}`}
      note="By when generations were begun."
      wide
      table={{
        head: ["Begun", "Cost"],
        rows: stretches.flatMap(({ title }, at) =>
          values[at] ? [[title, amount(values[at], unit)]] : [],
        ),
      }}
    >
      <Columns
        label={`Cost over time, in ${unit}`}
        unit={unit}
        by={by}
        names={stretches.map(({ name }) => name)}
        told={told}
        first={latest(stretches)}
        tell={number}
        series={[{ name: unit, fill: "solid", values }]}
      />
    </Plot>
  );
}

/** What is spent of a budget, what is kept back for what goes on, and what is left. */
export function BudgetPlot({ budget }: { budget: Budget }) {
  const limit = micros(budget.limit);
  const [gone, reserved] = [micros(budget.spent), micros(budget.reserved)];
  const unit = budget.limit?.unit ?? "";
  const left = Math.max(limit - gone - reserved, 0);
  const say = (value: number) => amount(value / 1e6, unit);
  const share = (value: number) => (limit > 0 ? value / limit : value > 0 ? 1 : 0);
  const entries = [
    { name: "Spent", fill: "solid", value: gone },
    { name: "Reserved", fill: "hatch", value: reserved },
    { name: "Left", fill: "empty", value: left },
  ] as const;
  return (
    <Plot
      title="Budget"
      note={`${say(limit)} may be spent within ${duration(seconds(budget.period))}. Reserved is what may still be spent by what has not ended.`}
      table={{
        head: ["What", "Amount", "Of the limit"],
        rows: [...entries, { name: "Limit", value: limit }].map(({ name, value }) => [
          name,
          say(value),
          percent(share(value)),
        ]),
      }}
    >
      <Gauge
        parts={[
          { share: share(gone), fill: "solid" },
          { share: share(reserved), fill: "hatch" },
        ]}
        text={`${percent(share(left))} left`}
        ends={["0", number(limit / 1e6)]}
      />
      <Legend
        entries={entries.map(({ name, fill, value }) => ({ name: `${name}: ${say(value)}`, fill }))}
      />
    </Plot>
  );
}

function micros(told: Budget["limit"]): number {
  return Number(told?.amountMicros ?? 0n);
}
