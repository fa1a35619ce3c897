import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import {
  Generation_State as State,
  StepSnapshot_State as StepState,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { ended } from "../watch/fold";
import type { Live } from "../watch/live";
import { hatches, redraws } from "../words/telling";
import { kindOf } from "../words/writing";
import { AfterRunning } from "./after-running";
import { AfterWriting } from "./after-writing";
import { useRetry } from "./creating";
import { useDeleting } from "./deleting";
import { ProblemNote } from "./problem";

/** Lets whoever had a button that is gone go on at the headline, which says how it ended. */
export function useHeadline(over: boolean): void {
  const was = useRef(over);
  useEffect(() => {
    if (over && !was.current && document.activeElement === document.body) {
      document.getElementById("headline")?.focus({ preventScroll: true });
    }
    was.current = over;
  }, [over]);
}

/** What can be done with a generation as it stands. */
export function Steering({ live }: { live: Live }) {
  if (!ended(live.generation)) return <Meanwhile live={live} />;
  if (kindOf(live.generation)) return <AfterWriting live={live} />;
  const hatching = hatches(live.generation) || redraws(live.generation);
  return hatching ? <Afterwards live={live} /> : <AfterRunning live={live} />;
}

function Meanwhile({ live }: { live: Live }) {
  const { server } = useHatchery();
  const { name, state } = live.generation;
  const [asked, setAsked] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const ask = async (what: string, call: () => Promise<unknown>) => {
    setAsked(what);
    setProblem(undefined);
    try {
      await call();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setAsked("");
    }
  };
  const paused = state === State.PAUSED;
  const halt = () =>
    paused
      ? ask("resume", () => server.generations.resumeGeneration({ name }))
      : ask("pause", () => server.generations.pauseGeneration({ name }));
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="button" class="button" disabled={asked !== ""} onClick={halt}>
          {paused ? "Go on" : "Pause"}
        </button>
        <button
          type="button"
          class="button"
          disabled={asked !== ""}
          onClick={() => ask("cancel", () => server.generations.cancelGeneration({ name }))}
        >
          {asked === "cancel" ? "Stopping …" : "Stop"}
        </button>
      </div>
    </>
  );
}

function Afterwards({ live }: { live: Live }) {
  const { name, state, resource, steps } = live.generation;
  const { retry, busy, problem } = useRetry(name);
  const { route } = useLocation();
  const discard = useDeleting(() => route("/"));
  const substitutes = steps.filter(({ result }) => result?.fallback).map(({ step }) => step);
  const drawn = !substitutes.includes("avatar");
  const kept = steps.some((step) => step.state === StepState.COMPLETED);
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        {resource && (
          <a class="button button-main" href={`/${resource}`}>
            Meet your companion
          </a>
        )}
        {substitutes.map((step) => (
          <button
            key={step}
            type="button"
            class="button"
            disabled={busy}
            onClick={() => retry(step)}
          >
            {step === "avatar" ? "Try the portrait again" : "Look at the picture again"}
          </button>
        ))}
        {state !== State.COMPLETED && (
          <button
            type="button"
            class="button button-main"
            disabled={busy}
            onClick={() => retry("")}
          >
            {kept ? "Try again from here" : "Try again"}
          </button>
        )}
        {state === State.COMPLETED && drawn && steps.some(({ step }) => step === "avatar") && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => retry("avatar", true)}
          >
            Another portrait
          </button>
        )}
        {resource && hatches(live.generation) && (
          <button type="button" class="button" onClick={() => discard(resource)}>
            Discard
          </button>
        )}
        <a class="button" href="/">
          Hatch another
        </a>
      </div>
    </>
  );
}
