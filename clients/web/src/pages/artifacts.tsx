import { useEffect, useRef, useState } from "preact/hooks";
import {
  type Artifact,
  Artifact_Kind as Kind,
} from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { AGAIN } from "../parts/agent";
import { Leaf } from "../parts/leaf";
import { ProblemNote } from "../parts/problem";
import { useTitle } from "../parts/title";
import { explain, type Problem } from "../server/problem";
import { bytes, moment } from "../words/numbers";
import { kindName } from "../words/writing";

const PAGE = 30;
const KINDS: [Kind, string][] = [
  [Kind.UNSPECIFIED, "All"],
  [Kind.TEXT, "Texts"],
  [Kind.APP, "Apps"],
];

/** Everything that was written, the newest first. */
export function ArtifactsPage() {
  const [kind, setKind] = useState(Kind.UNSPECIFIED);
  const { artifacts, problem, next } = useArtifacts(kind);
  useTitle("What was written – Hatchery");
  return (
    <section>
      <h1>What was written</h1>
      <div class="views">
        {KINDS.map(([one, name]) => (
          <button
            key={one}
            type="button"
            class="button-small"
            aria-pressed={kind === one}
            onClick={() => setKind(one)}
          >
            {name}
          </button>
        ))}
      </div>
      {problem && <ProblemNote problem={problem} />}
      <ul class="cards" aria-busy={artifacts === undefined}>
        {artifacts?.map((artifact) => (
          <li key={artifact.name}>
            <Card artifact={artifact} />
          </li>
        ))}
      </ul>
      {next && (
        <p class="buttons">
          <button type="button" class="button" onClick={next}>
            Show more
          </button>
        </p>
      )}
      {artifacts?.length === 0 && (
        <div class="lost">
          <Leaf kind={kind} fraction={0} />
          <p>Nothing is here yet.</p>
          <a class="button button-main" href="/workbench">
            Write the first
          </a>
        </div>
      )}
    </section>
  );
}

function Card({
  artifact: { name, kind, title, sizeBytes, createTime, fallback },
}: {
  artifact: Artifact;
}) {
  const when = new Date((moment(createTime) ?? 0) * 1000).toLocaleDateString();
  return (
    <a class="card card-under-way" href={`/${name}`}>
      <Leaf kind={kind} fraction={1} />
      <div class="card-words">
        <strong>
          <bdi>{title || kindName(kind)}</bdi>
        </strong>
        <span>
          {kindName(kind)}, {bytes(Number(sizeBytes))}
          {fallback && ", the beginning only"}
        </span>
        <span>{when}</span>
      </div>
    </a>
  );
}

/** The artifacts of a kind, a page at a time; undefined until they are here. */
function useArtifacts(kind: Kind) {
  const { server } = useHatchery();
  const [found, setFound] = useState<{ artifacts: Artifact[]; token: string }>();
  const [problem, setProblem] = useState<Problem>();
  const asking = useRef(new AbortController());
  const read = (pageToken: string, before: Artifact[]) => {
    const { signal } = asking.current;
    server.artifacts.listArtifacts({ kind, pageSize: PAGE, pageToken }, { signal }).then(
      (page) => {
        if (signal.aborted) return;
        setFound({ artifacts: [...before, ...page.artifacts], token: page.nextPageToken });
        setProblem(undefined);
      },
      (error) => {
        if (signal.aborted) return;
        const failed = explain(error);
        setProblem(failed);
        if (!failed.passing) return;
        const again = setTimeout(read, AGAIN, pageToken, before);
        signal.addEventListener("abort", () => clearTimeout(again));
      },
    );
  };
  useEffect(() => {
    asking.current = new AbortController();
    setFound(undefined);
    read("", []);
    return () => asking.current.abort();
  }, [server, kind]);
  return {
    artifacts: found?.artifacts,
    problem,
    next: found?.token ? () => read(found.token, found.artifacts) : undefined,
  };
}
