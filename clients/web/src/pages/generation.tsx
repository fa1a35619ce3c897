import { useEffect, useMemo } from "preact/hooks";
import { useRoute } from "preact-iso";
import { useHatchery } from "../hatchery";
import { Curtain } from "../parts/curtain";
import { Egg } from "../parts/egg";
import { Hatching } from "../parts/hatching";
import { ProblemPage } from "../parts/problem";
import { useTitle } from "../parts/title";
import { isLive, type Watched } from "../watch/watching";

export function GenerationPage() {
  const { params } = useRoute();
  const name = `generations/${params.id}`;
  // Another generation is another page: nothing of the one before is kept.
  return <Watch key={name} name={name} />;
}

function Watch({ name }: { name: string }) {
  const { watching } = useHatchery();
  const [state, leave] = useMemo(() => watching.watch(name), [watching, name]);
  useEffect(() => leave, [leave]);
  const watched: Watched = state.value;
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
  return (
    <>
      <Hatching live={watched} />
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
