import { useEffect, useState } from "preact/hooks";
import type {
  Satisfaction,
  QueryGenerationStatsResponse as Stats,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { ProblemPage } from "../parts/problem";
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
      <Table
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
      <Table
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

interface TableProps {
  title: string;
  head: string[];
  rows: string[][] | undefined;
}

function Table({ title, head, rows }: TableProps) {
  if (rows?.length === 0) return <p>{title}: none yet.</p>;
  return (
    // Wide tables are scrolled by keyboard as well.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable
    <section class="scroll" tabIndex={0} aria-label={title}>
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map(([first, ...cells]) => (
            <tr key={[first, ...cells].join()}>
              <th scope="row">{first}</th>
              {cells.map((cell, at) => (
                <td key={head[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** "★ 4.5 of 2 ratings". */
function liked(satisfaction: Satisfaction | undefined): string {
  if (!satisfaction?.ratings) return "";
  return `★ ${satisfaction.meanStars.toFixed(1)} of ${count(Number(satisfaction.ratings), "ratings")}`;
}
