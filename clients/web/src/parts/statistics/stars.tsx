import type { RecipeStats, StepStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { liked, number } from "../../words/statistics";
import { recipeTitle } from "../../words/telling";
import { Plot } from "../plots/frame";
import { Stars } from "../plots/stars";
import { doneBy } from "./figures";

/** How satisfied the owner was, with wholes and with steps. */
export function StarsPlot({ recipes, steps }: { recipes: RecipeStats[]; steps: StepStats[] }) {
  const rated = [
    ...recipes.map(({ recipe, satisfaction }) => ({
      label: recipeTitle(recipe),
      detail: "all of it",
      satisfaction,
    })),
    ...steps.map((one) => ({
      label: one.step,
      detail: doneBy(one),
      satisfaction: one.satisfaction,
    })),
  ].filter(({ satisfaction }) => satisfaction?.ratings);
  return (
    <Plot
      title="How it was liked"
      note="The mean of your ratings, of 5 stars."
      empty={rated.length === 0 ? "You have rated nothing yet." : undefined}
      table={{
        head: ["What", "By", "Mean stars", "Ratings"],
        rows: rated.map(({ label, detail, satisfaction }) => [
          label,
          detail,
          satisfaction?.meanStars.toFixed(1),
          number(Number(satisfaction?.ratings)),
        ]),
      }}
    >
      <ul class="rows">
        {rated.map(({ label, detail, satisfaction }, at) => (
          <li key={`${label} ${detail}`}>
            <div class="row-words">
              <span>
                <bdi>{label}</bdi> <small>{detail}</small>
              </span>
              <span class="row-value">{liked(satisfaction)}</span>
            </div>
            <Stars id={`stars-${at}`} stars={satisfaction?.meanStars ?? 0} />
          </li>
        ))}
      </ul>
    </Plot>
  );
}
