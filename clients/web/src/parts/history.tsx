import { useEffect, useState } from "preact/hooks";
import {
  type Generation,
  Generation_State as State,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { duration, moment } from "../words/numbers";

const RECIPES: Record<string, string> = {
  create_agent: "Hatched from a sentence",
  regenerate_avatar: "A new portrait",
};
const STATES: Record<State, string> = {
  [State.UNSPECIFIED]: "",
  [State.QUEUED]: "waiting",
  [State.RUNNING]: "under way",
  [State.PAUSED]: "paused",
  [State.COMPLETED]: "done",
  [State.FAILED]: "failed",
  [State.CANCELLED]: "stopped",
};

/** The generations that made an agent what it is, the newest first. */
export function History({ agent }: { agent: string }) {
  const { server } = useHatchery();
  const [generations, setGenerations] = useState<Generation[]>([]);
  useEffect(() => {
    server.generations.listGenerations({ agent, pageSize: 200 }).then(
      (found) => setGenerations(found.generations),
      () => undefined,
    );
  }, [server, agent]);
  if (generations.length === 0) return null;
  return (
    <section class="history">
      <h2>How it came to be</h2>
      <ol>
        {generations.map((one) => (
          <li key={one.name}>
            <a href={`/${one.name}`}>
              {RECIPES[one.recipe] ?? one.recipe}
              {one.retryOf && ", tried again"}
            </a>
            <span>
              {STATES[one.state]}
              {took(one)}
            </span>
            <time dateTime={new Date((moment(one.createTime) ?? 0) * 1000).toISOString()}>
              {new Date((moment(one.createTime) ?? 0) * 1000).toLocaleString()}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

function took({ startTime, endTime }: Generation): string {
  const began = moment(startTime);
  const ended = moment(endTime);
  return began === undefined || ended === undefined ? "" : `, ${duration(ended - began)}`;
}
