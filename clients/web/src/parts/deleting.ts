import { useHatchery } from "../hatchery";
import { explain } from "../server/problem";

/** Deletes an agent, offers to take that back, and then does `after`. */
export function useDeleting(after: () => void): (agent: string) => Promise<void> {
  const { server, say, agentsChanged } = useHatchery();
  const undo = async (name: string) => {
    try {
      await server.agents.undeleteAgent({ name });
      agentsChanged.value += 1;
      say("It is back.");
    } catch (error) {
      say(explain(error).title);
    }
  };
  return async (name) => {
    try {
      const gone = await server.agents.deleteAgent({ name });
      agentsChanged.value += 1;
      say(`${gone.persona?.name || "Your companion"} is gone.`, {
        label: "Undo",
        act: () => void undo(name),
      });
      after();
    } catch (error) {
      say(explain(error).title);
    }
  };
}
