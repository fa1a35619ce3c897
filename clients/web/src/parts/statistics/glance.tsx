import type { RecipeStats, StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { amount } from "../../words/cost";
import { percent } from "../../words/numbers";
import { number } from "../../words/statistics";
import { outcomes, spent, units } from "./figures";

/** The few numbers that people ask for first. */
export function Glance({ recipes, steps }: { recipes: RecipeStats[]; steps: StepStats[] }) {
  const { begun, completed, failed, stopped } = outcomes(recipes);
  const ended = completed + failed + stopped;
  const written = steps.reduce((sum, { outputTokens }) => sum + Number(outputTokens), 0);
  const facts = [
    ["begun", number(begun)],
    ...(ended ? [["of what ended, completed", percent(completed / ended)]] : []),
    ...(written ? [["tokens written", number(written)]] : []),
    ...units(recipes).map((unit) => ["spent", amount(spent(recipes, unit), unit)]),
  ];
  return (
    <dl class="glance">
      {facts.map(([what, value]) => (
        <div key={`${what} ${value}`}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
