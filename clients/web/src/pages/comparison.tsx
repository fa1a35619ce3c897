import { useEffect, useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { Comparison } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { Column } from "../parts/column";
import { Notify, useNotice } from "../parts/notify";
import { textsOf, useOffer } from "../parts/options";
import { ProblemNote, ProblemPage } from "../parts/problem";
import { useTitle } from "../parts/title";
import { useWatched } from "../parts/watched";
import { explain, type Problem } from "../server/problem";
import { ended } from "../watch/fold";
import type { Live } from "../watch/live";
import { isLive } from "../watch/watching";
import { fastest, named } from "../words/comparing";
import { beginning } from "../words/telling";

const AGAIN = 2000;

export function ComparisonPage() {
  const { params } = useRoute();
  const name = `comparisons/${params.id}`;
  return <Known key={name} name={name} />;
}

function Known({ name }: { name: string }) {
  const { server } = useHatchery();
  const [comparison, setComparison] = useState<Comparison>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    const left = new AbortController();
    const read = () =>
      server.artifacts.getComparison({ name }, { signal: left.signal }).then(
        (found) => {
          setComparison(found);
          setProblem(undefined);
        },
        (error) => {
          if (left.signal.aborted) return;
          const failed = explain(error);
          setProblem(failed);
          if (!failed.passing) return;
          const again = setTimeout(read, AGAIN);
          left.signal.addEventListener("abort", () => clearTimeout(again));
        },
      );
    void read();
    return () => left.abort();
  }, [server, name]);
  if (problem) {
    return (
      <ProblemPage problem={problem}>
        <a class="button" href="/workbench">
          To the workbench
        </a>
      </ProblemPage>
    );
  }
  return comparison ? (
    <Columns comparison={comparison} />
  ) : (
    <section class="lost" aria-busy="true" />
  );
}

function Columns({ comparison }: { comparison: Comparison }) {
  const { name, kind, entries } = comparison;
  const { offer } = useOffer();
  const watched = useWatched(entries.map(({ generation }) => generation));
  const lives = watched.map((one) => (isLive(one) ? one : undefined));
  const over = lives.every((live) => live && ended(live.generation));
  const first = fastest(lives.map((live) => live?.generation));
  const prompt = beginning({ description: comparison.prompt });
  const headline = over ? "All of them are done" : "Side by side";
  useTitle(`${headline} – Hatchery`);
  useNotice({ name, over, title: headline, body: prompt });
  return (
    <section class="comparison" aria-labelledby="headline">
      <h1 id="headline" tabIndex={-1}>
        {headline}
      </h1>
      <p class="description">
        <bdi>“{prompt}”</bdi>
      </p>
      {!over && <StopAll lives={lives} />}
      <ul class="columns">
        {named(entries, textsOf(offer)).map((title, at) => (
          <li key={entries[at]?.generation}>
            <Column title={title} kind={kind} watched={watched[at]} fastest={at === first} />
          </li>
        ))}
      </ul>
      <div class="buttons">
        <a class="button" href="/workbench">
          Write something else
        </a>
      </div>
      {!over && <Notify />}
      <p class="hidden" role="status">
        {headline}
      </p>
    </section>
  );
}

function StopAll({ lives }: { lives: (Live | undefined)[] }) {
  const { server } = useHatchery();
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const stop = () => {
    setAsked(true);
    setProblem(undefined);
    const going = lives.filter((live) => live && !ended(live.generation));
    Promise.all(
      going.map((live) =>
        server.generations.cancelGeneration({ name: live?.generation.name ?? "" }),
      ),
    )
      .catch((error) => setProblem(explain(error)))
      .finally(() => setAsked(false));
  };
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="button" class="button" disabled={asked} onClick={stop}>
          Stop all
        </button>
      </div>
    </>
  );
}
