import { useEffect, useState } from "preact/hooks";
import type {
  Satisfaction,
  QueryGenerationStatsResponse as Stats,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { ProblemPage } from "../parts/problem";
import { Table } from "../parts/table";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";
import { count, duration, seconds } from "../words/numbers";
import { recipeTitle } from "../words/telling";

/** How often things were made, how long they took, and how they were liked. */
export function StatisticsPage() {
  const { server } = useHatchery();
  const [stats, setStats] = useState<Stats>();
  const [problem, setProblem] = useState<Problem>();
  useTitle("Statistics – Hatchery");
  useEffect(() => {
    server.generations
      .queryGenerationStats({})
      .then(setStats, (error) => setProblem(explain(error)));
  }, [server]);
  if (problem) return <ProblemPage problem={problem} />;
  return (
    <section class="behind" aria-busy={stats === undefined}>
      <h1>Statistics</h1>
      <Facts
        title="Generations"
        head={["Recipe", "Begun", "Completed", "Failed", "Stopped", "Liked"]}
        rows={stats?.recipes.map((one) => [
          recipeTitle(one.recipe),
          String(one.generations),
          String(one.completed),
          String(one.failed),
          String(one.cancelled),
          liked(one.satisfaction),
        ])}
      />
      <Facts
        title="Steps, by engine and model"
        head={["Step", "By", "Done", "Half within", "Nine in ten within", "Liked"]}
        rows={stats?.steps.map((one) => [
          one.step,
          one.engine && `${one.model} (${one.engine})`,
          String(one.completed),
          one.completed ? duration(seconds(one.medianDuration)) : "",
          one.completed ? duration(seconds(one.p90Duration)) : "",
          liked(one.satisfaction),
        ])}
      />
    </section>
  );
}

/** A table, once it is known, or a word where there is nothing to tell. */
function Facts({
  title,
  head,
  rows,
}: {
  title: string;
  head: string[];
  rows?: string[][] | undefined;
}) {
  if (!rows) return null;
  return rows.length > 0 ? (
    <Table title={title} head={head} rows={rows} />
  ) : (
    <p>{title}: none yet.</p>
  );
}

/** "★ 4.5 of 2 ratings". */
function liked(satisfaction: Satisfaction | undefined): string {
  if (!satisfaction?.ratings) return "";
  return `★ ${satisfaction.meanStars.toFixed(1)} of ${count(Number(satisfaction.ratings), "ratings")}`;
}
