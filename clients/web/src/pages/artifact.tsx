import { useLocation, useRoute } from "preact-iso";
import type { Artifact } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { useArtifact } from "../parts/artifact";
import { Asking } from "../parts/asking";
import { type Fact, Facts } from "../parts/facts";
import { FallbackNote } from "../parts/fallback";
import { costs, counted, writer } from "../parts/measures";
import { ProblemPage } from "../parts/problem";
import { Taking } from "../parts/taking";
import { useTitle } from "../parts/title";
import { Work } from "../parts/work";
import { explain } from "../server/problem";
import { bytes, moment } from "../words/numbers";
import { beginning } from "../words/telling";
import { kindName } from "../words/writing";

export function ArtifactPage() {
  const { params } = useRoute();
  const name = `artifacts/${params.id}`;
  return <Known key={name} name={name} />;
}

function Known({ name }: { name: string }) {
  const { artifact, problem } = useArtifact(name);
  useTitle(`${artifact?.title || "What was written"} – Hatchery`);
  if (problem) {
    return (
      <ProblemPage problem={problem}>
        <a class="button" href="/artifacts">
          To everything that was written
        </a>
      </ProblemPage>
    );
  }
  return artifact ? <Kept artifact={artifact} /> : <section class="lost" aria-busy="true" />;
}

function Kept({ artifact }: { artifact: Artifact }) {
  const { kind, title, prompt, content, generation, fallback } = artifact;
  return (
    <section class="writing" aria-labelledby="headline">
      <div class="writing-head">
        <h1 id="headline" tabIndex={-1}>
          <bdi>{title || kindName(kind)}</bdi>
        </h1>
        <p class="description">
          <bdi>“{beginning({ description: prompt })}”</bdi>
        </p>
      </div>
      <div class="writing-work">
        <Work
          kind={kind}
          said={content}
          attempt={0}
          content={content}
          open={false}
          writing={false}
        />
      </div>
      <div class="writing-side">
        <Facts facts={factsOf(artifact)} />
        {fallback && <FallbackNote fallback={fallback} />}
        <div class="buttons">
          <Taking kind={kind} title={title} content={content} />
          {generation && (
            <a class="button" href={`/${generation}`}>
              How it came to be
            </a>
          )}
          <Delete artifact={artifact} />
        </div>
      </div>
    </section>
  );
}

function factsOf({ usage, sizeBytes, createTime, cost }: Artifact): Fact[] {
  const when = new Date((moment(createTime) ?? 0) * 1000);
  return [
    ...(usage ? counted(usage) : []),
    costs(cost),
    { name: "Size", value: bytes(Number(sizeBytes)) },
    writer(usage),
    {
      looks: "wide",
      name: "Written",
      value: <time dateTime={when.toISOString()}>{when.toLocaleDateString()}</time>,
      note: when.toLocaleTimeString(),
    },
  ];
}

/** Deletes for good, and so asks before. */
function Delete({ artifact: { name, kind } }: { artifact: Artifact }) {
  const { server, say } = useHatchery();
  const { route } = useLocation();
  const remove = async () => {
    try {
      await server.artifacts.deleteArtifact({ name });
      say(`The ${kindName(kind)} is gone.`);
      route("/artifacts");
    } catch (error) {
      say(explain(error).title);
    }
  };
  return (
    <Asking
      label="Delete"
      question="Delete it for good? It cannot be brought back."
      yes="Delete for good"
      act={remove}
    />
  );
}
