import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { useEffect, useState } from "preact/hooks";
import type { QueryGenerationStatsResponse as Stats } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { Egg } from "../parts/egg";
import { Patterns } from "../parts/plots/fills";
import { ProblemNote, ProblemPage } from "../parts/problem";
import { BudgetPlot, CostCoursePlot, CostsPlot } from "../parts/statistics/costs";
import { allOf, beginning, course, DAY, RANGES, type Range } from "../parts/statistics/course";
import { DurationsPlot } from "../parts/statistics/durations";
import { EstimatesPlot } from "../parts/statistics/estimates";
import { FailuresPlot } from "../parts/statistics/failures";
import { FallbacksPlot } from "../parts/statistics/fallbacks";
import { units } from "../parts/statistics/figures";
import { Glance } from "../parts/statistics/glance";
import { OutcomesPlot } from "../parts/statistics/outcomes";
import { SpeedCoursePlot, SpeedsPlot } from "../parts/statistics/speeds";
import { StarsPlot } from "../parts/statistics/stars";
import { StreamsPlot } from "../parts/statistics/streams";
import { TimePlot, UpdatesPlot } from "../parts/statistics/updates";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";

/** What was told, of which range, and when, in seconds since 1970. */
interface Told {
  range: Range;
  stats: Stats;
  now: number;
}

/** How often things were made, how long they took, what it cost, and how they were liked. */
export function StatisticsPage() {
  const { server, watching } = useHatchery();
  const [range, setRange] = useState(asked);
  const [chosen, setChosen] = useState(() => new URLSearchParams(location.search).has("range"));
  const [told, setTold] = useState<Told>();
  const [problem, setProblem] = useState<Problem>();
  useTitle("Statistics – Hatchery");
  useEffect(() => {
    const left = new AbortController();
    const now = watching.now();
    const since = beginning(range, now);
    server.generations
      .queryGenerationStats(
        {
          period: { seconds: BigInt(range.length) },
          ...(since !== undefined && { startTime: timestampFromMs(since * 1000) }),
        },
        { signal: left.signal },
      )
      .then(
        (stats) => {
          setProblem(undefined);
          // Whoever began today would look at a month that is almost empty.
          if (!chosen && range !== DAY && allOf(DAY, stats, now)) setRange(DAY);
          else setTold({ range, stats, now });
        },
        (error) => left.signal.aborted || setProblem(explain(error)),
      );
    return () => left.abort();
  }, [server, watching, range, chosen]);
  const choose = (wanted: Range) => {
    setChosen(true);
    setRange(wanted);
    // So that it is the same again after a reload and a look elsewhere.
    history.replaceState(null, "", `?range=${wanted.id}`);
  };
  if (problem && !told) return <ProblemPage problem={problem} />;
  return (
    <section class="statistics" aria-busy={told?.range !== range}>
      <div class="statistics-head">
        <h1>Statistics</h1>
        <fieldset class="ranges">
          <legend class="hidden">Of the last</legend>
          {RANGES.map((one) => (
            <button
              key={one.id}
              type="button"
              class="chip"
              aria-pressed={one === range}
              onClick={() => choose(one)}
            >
              {one.title}
            </button>
          ))}
        </fieldset>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {told && <Plots {...told} />}
    </section>
  );
}

/** The range that the address names, or the month. */
function asked(): Range {
  const id = new URLSearchParams(location.search).get("range") ?? "month";
  return RANGES.find((one) => one.id === id) ?? DAY;
}

function Plots({ range, stats: { recipes, steps, periods, budget, streams }, now }: Told) {
  const stretches = course(range, periods, now);
  const { by } = range;
  return (
    <>
      <Patterns />
      {recipes.length > 0 ? <Glance recipes={recipes} steps={steps} /> : <Nothing />}
      <div class="plots">
        {recipes.length === 0 ? (
          budget && <BudgetPlot budget={budget} />
        ) : (
          <>
            <OutcomesPlot stretches={stretches} by={by} />
            <DurationsPlot recipes={recipes} steps={steps} />
            <TimePlot steps={steps} />
            <UpdatesPlot steps={steps} />
            {streams && <StreamsPlot streams={streams} />}
            <SpeedCoursePlot steps={steps} stretches={stretches} by={by} />
            <SpeedsPlot steps={steps} />
            <EstimatesPlot steps={steps} />
            <StarsPlot recipes={recipes} steps={steps} />
            <FailuresPlot recipes={recipes} steps={steps} />
            <FallbacksPlot steps={steps} />
            {budget && <BudgetPlot budget={budget} />}
            {units(recipes).map((unit) => (
              <CostsPlot key={unit} recipes={recipes} unit={unit} />
            ))}
            {units(recipes).map((unit) => (
              <CostCoursePlot key={unit} unit={unit} stretches={stretches} by={by} />
            ))}
          </>
        )}
      </div>
    </>
  );
}

function Nothing() {
  return (
    <div class="lost">
      <Egg fraction={0} lively={false} />
      <p>
        Nothing was made in this time. <a href="/">Hatch something.</a>
      </p>
    </div>
  );
}
