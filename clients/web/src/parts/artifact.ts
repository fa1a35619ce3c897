import { useEffect, useState } from "preact/hooks";
import type { Artifact } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { AGAIN } from "./agent";

/** An artifact as it is kept; nothing where there is no name. */
export function useArtifact(name: string) {
  const { server } = useHatchery();
  const [artifact, setArtifact] = useState<Artifact>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (!name) return undefined;
    const left = new AbortController();
    const read = () =>
      server.artifacts.getArtifact({ name }, { signal: left.signal }).then(
        (found) => {
          setArtifact(found);
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
  return { artifact, problem };
}
