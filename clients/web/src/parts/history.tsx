import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { useEffect, useState } from "preact/hooks";
import type { Agent } from "../gen/hatchery/gateway/v1/agent_service_pb";
import {
  type Generation,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { duration, moment } from "../words/numbers";
import { recipeTitle } from "../words/telling";

const STATES: Record<State, string> = {
  [State.UNSPECIFIED]: "",
  [State.QUEUED]: "waiting",
  [State.RUNNING]: "under way",
  [State.PAUSED]: "paused",
  [State.COMPLETED]: "done",
  [State.FAILED]: "failed",
  [State.CANCELLED]: "stopped",
};

/** What made an agent what it is, the newest first: generations, or the card that it came with. */
export function History({ agent }: { agent: Agent }) {
  const { server } = useHatchery();
  const { name } = agent;
  const [generations, setGenerations] = useState<Generation[]>([]);
  useEffect(() => {
    server.generations.listGenerations({ agent: name, pageSize: 200 }).then(
      // What was said with it stands in the conversations.
      (found) => setGenerations(found.generations.filter(({ conversation }) => !conversation)),
      () => undefined,
    );
  }, [server, name]);
  const imported = !agent.generation;
  if (generations.length === 0 && !imported) return null;
  return (
    <section class="history">
      <h2>How it came to be</h2>
      <ol>
        {generations.map((one) => (
          <li key={one.name}>
            <a href={`/${one.name}`}>
              {recipeTitle(one.recipe)}
              {one.retryOf && ", tried again"}
              {one.causedBy && ", as it came up in a conversation"}
            </a>
            <span>
              {STATES[one.state]}
              {took(one)}
            </span>
            <When time={one.createTime} />
          </li>
        ))}
        {imported && (
          <li>
            <span>Imported from a character card</span>
            <span>done</span>
            <When time={agent.createTime} />
          </li>
        )}
      </ol>
    </section>
  );
}

function When({ time }: { time: Timestamp | undefined }) {
  const at = new Date((moment(time) ?? 0) * 1000);
  return <time dateTime={at.toISOString()}>{at.toLocaleString()}</time>;
}

function took({ startTime, endTime }: Generation): string {
  const began = moment(startTime);
  const ended = moment(endTime);
  return began === undefined || ended === undefined ? "" : `, ${duration(ended - began)}`;
}
