import { useEffect, useState } from "preact/hooks";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";

interface Known {
  agent: Agent | undefined;
  problem: Problem | undefined;
  /** Takes what a call has answered in its place. */
  setAgent: (agent: Agent) => void;
}

/** What cannot be reached is asked for again after so many milliseconds. */
export const AGAIN = 2000;

/** An agent as it is kept, read again when it was changed elsewhere; nothing where there is no name. */
export function useAgent(name: string): Known {
  const { server, agentsChanged } = useHatchery();
  const [agent, setAgent] = useState<Agent>();
  const [problem, setProblem] = useState<Problem>();
  const changed = agentsChanged.value;
  useEffect(() => {
    if (!name) return undefined;
    let left = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const read = () =>
      server.agents.getAgent({ name }).then(
        (found) => {
          if (left) return;
          setAgent(found);
          setProblem(undefined);
        },
        (error) => {
          if (left) return;
          const failed = explain(error);
          setProblem(failed);
          if (failed.passing) again = setTimeout(read, AGAIN);
        },
      );
    void read();
    return () => {
      left = true;
      clearTimeout(again);
    };
  }, [server, name, changed]);
  return { agent, problem, setAgent };
}
