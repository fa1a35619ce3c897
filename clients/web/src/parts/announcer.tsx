import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Live } from "../watch/live";
import { headline, presentStep } from "../words/telling";

/** Says each step once to who cannot see it: no numbers that move, no words as they are written. */
export function Announcer({ live }: { live: Live }) {
  const step = presentStep(live);
  const { state } = live.generation;
  const waits = state === State.QUEUED || live.queued;
  const said = waits ? "Waiting" : state === State.RUNNING && !step ? "" : headline(live);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {said}
    </p>
  );
}
