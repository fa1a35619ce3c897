import { useRoute } from "preact-iso";
import { Curtain } from "../parts/curtain";
import { Egg } from "../parts/egg";
import { Hatching } from "../parts/hatching";
import { ProblemPage } from "../parts/problem";
import { Running } from "../parts/running";
import { useTitle } from "../parts/title";
import { useWatched } from "../parts/watched";
import { Writing } from "../parts/writing";
import { isLive } from "../watch/watching";
import { hatches, redraws } from "../words/telling";
import { kindOf } from "../words/writing";

export function GenerationPage() {
  const { params } = useRoute();
  const name = `generations/${params.id}`;
  // Another generation is another page: nothing of the one before is kept.
  return <Watch key={name} name={name} />;
}

function Watch({ name }: { name: string }) {
  const [watched] = useWatched([name]);
  if (watched === undefined) return <Opening />;
  if (!isLive(watched)) {
    return (
      <ProblemPage problem={watched}>
        <a class="button" href="/">
          Hatch something
        </a>
      </ProblemPage>
    );
  }
  const kind = kindOf(watched.generation);
  return (
    <>
      {kind ? (
        <Writing live={watched} kind={kind} />
      ) : hatches(watched.generation) || redraws(watched.generation) ? (
        <Hatching live={watched} />
      ) : (
        <Running live={watched} />
      )}
      <Curtain live={watched} />
    </>
  );
}

function Opening() {
  useTitle("Hatchery");
  return (
    <section class="lost" aria-busy="true">
      <Egg fraction={0} lively={false} />
      <p>Looking into the nest …</p>
    </section>
  );
}
