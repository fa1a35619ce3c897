import { useEffect, useState } from "preact/hooks";
import { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { isLive } from "../../watch/watching";
import { headline } from "../../words/telling";
import { answer } from "../../words/thinking";
import { useWatched } from "../watched";

interface Props {
  /** The run that answers right now; empty where none does. */
  generation: string;
  by: string;
  /** How many messages wait behind it. */
  waiting: number;
}

/** Says each step once to who cannot see it, and the reply once it is whole: no words as they are written. */
export function Announced({ generation, by, waiting }: Props) {
  // Its end is to be heard as well, and then it is no longer the one that runs.
  const [followed, follow] = useState(generation);
  useEffect(() => {
    if (generation) follow(generation);
  }, [generation]);
  const [watched] = useWatched(followed ? [followed] : []);
  // What was over when the page came is old news.
  const [heard, hear] = useState("");
  useEffect(() => {
    if (isLive(watched) && watched.generation.state === State.RUNNING) hear(followed);
  }, [watched, followed]);
  const live = isLive(watched) && heard === followed ? watched : undefined;
  const said = live && answer(live.generation);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {live && said
        ? said.whole
          ? `${by}: ${said.text}`
          : headline(live) + (waiting > 0 ? `, ${waiting} in line` : "")
        : ""}
    </p>
  );
}
