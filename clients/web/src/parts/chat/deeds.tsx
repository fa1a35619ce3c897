import type { ActionResult } from "../../gen/hatchery/types/v1/thought_pb";
import { explainStatus } from "../../server/problem";
import { deeds } from "../../words/thinking";

/** What leaves nothing behind that could be looked at: it stands with the thinking. */
const SILENT = ["answer", "recall"];

/** What a companion did besides answering, beside its reply. */
export function Deeds({ actions }: { actions: readonly ActionResult[] }) {
  const others = actions.filter(({ action }) => !SILENT.includes(action));
  if (others.length === 0) return null;
  return (
    <ul class="did" aria-label="What it did">
      {others.map((one, at) => (
        <li key={at} class={one.error ? "did-not" : ""}>
          <Deed deed={one} />
        </li>
      ))}
    </ul>
  );
}

function Deed({ deed }: { deed: ActionResult }) {
  const { details, resource, error } = deed;
  const words = error ? explainStatus(error).title : details || (deeds([deed])[0] ?? "");
  return /^(agents|generations)\//.test(resource) ? (
    <a href={`/${resource}`}>
      <bdi>{words}</bdi>
    </a>
  ) : (
    <bdi>{words}</bdi>
  );
}
