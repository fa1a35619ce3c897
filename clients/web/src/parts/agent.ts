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

/** An agent as it is kept, read once; nothing where there is no name. */
export function useAgent(name: string): Known {
  const { server } = useHatchery();
  const [agent, setAgent] = useState<Agent>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (name)
      server.agents.getAgent({ name }).then(setAgent, (error) => setProblem(explain(error)));
  }, [server, name]);
  return { agent, problem, setAgent };
}
