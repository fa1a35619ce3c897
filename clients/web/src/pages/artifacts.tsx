import { useState } from "preact/hooks";
import {
  type Artifact,
  Artifact_Kind as Kind,
} from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { Leaf } from "../parts/leaf";
import { usePages } from "../parts/pages";
import { ProblemNote } from "../parts/problem";
import { useTitle } from "../parts/title";
import { bytes, moment } from "../words/numbers";
import { beginning } from "../words/telling";
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
  const { items: artifacts, problem, next } = useArtifacts(kind);
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
  artifact: { name, kind, title, prompt, sizeBytes, createTime, fallback },
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
        <span class="card-prompt">
          <bdi>“{beginning({ description: prompt })}”</bdi>
        </span>
        <span>
          {kindName(kind)}, {bytes(Number(sizeBytes))}
          {fallback && ", the beginning only"}
        </span>
        <span>{when}</span>
      </div>
    </a>
  );
}

/** The artifacts of a kind. */
function useArtifacts(kind: Kind) {
  const { server } = useHatchery();
  return usePages<Artifact>(
    async (page, options) => {
      const found = await server.artifacts.listArtifacts({ kind, ...page }, options);
      return { items: found.artifacts, nextPageToken: found.nextPageToken };
    },
    String(kind),
    PAGE,
  );
}
