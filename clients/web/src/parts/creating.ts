import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { begin, requestId } from "../server/server";
import { anotherSeed } from "./options";

/** Where to go, once a generation has begun. */
type Where = (generation: string) => string | Promise<string>;
type Options = { signal: AbortSignal };
type Call = (requestId: string, options: Options, seed: number) => AsyncIterable<Progress>;

/** What tells one request from another, and a seed for what is to come out differently. */
interface Asked {
  what: string;
  id: string;
  seed: number;
}

/**
 * Keeps the id and the seed of a request until it went well, or is about something else: asked once
 * more after the answer was lost, it is the same request to the letter.
 */
export function useAsked() {
  const asked = useRef<Asked>(undefined);
  const ask = (what: string): Asked => {
    if (asked.current?.what !== what) {
      asked.current = { what, id: requestId(), seed: anotherSeed() };
    }
    return asked.current;
  };
  const done = () => {
    asked.current = undefined;
  };
  return { ask, done };
}

/**
 * Begins a generation and goes to its page, or `where` else; `patience` is that of `begin`.
 *
 * The request id stays the same until it went well or `what` changes: pressing twice, or once more
 * after the connection broke, makes one generation. Says whether it went well.
 */
export function useCreating(patience?: number) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { ask, done } = useAsked();
  const create = async (what: string, call: Call, where: Where = (generation) => generation) => {
    if (busy) return false;
    const { id, seed } = ask(what);
    setBusy(true);
    setProblem(undefined);
    try {
      const generation = await begin((options) => call(id, options, seed), undefined, patience);
      route(`/${await where(generation)}`);
      done();
      return true;
    } catch (error) {
      const failed = explain(error);
      const other = failed.reason === "RETRY_UNDER_WAY" ? failed.metadata.generation : "";
      if (other) route(`/${other}`);
      else setProblem(failed);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { create, busy, problem };
}

/** Tries a generation again, from a step on; `anew` with another seed. */
export function useRetry(name: string) {
  const { server } = useHatchery();
  const { create, busy, problem } = useCreating();
  const retry = (fromStep: string, anew = false) =>
    create(`${name} ${fromStep} ${anew}`, (requestId, call, seed) =>
      server.generations.retryGeneration(
        { name, fromStep, requestId, ...(anew && { seed }) },
        call,
      ),
    );
  return { retry, busy, problem };
}
