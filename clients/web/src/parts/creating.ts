import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { begin, requestId } from "../server/server";

/** Where to go, once a generation has begun. */
type Where = (generation: string) => string | Promise<string>;
type Call = (requestId: string, options: { signal: AbortSignal }) => AsyncIterable<Progress>;

/**
 * Begins a generation and goes to its page, or `where` else.
 *
 * The request id stays the same until it went well or `what` changes: pressing twice, or once more
 * after the connection broke, makes one generation. Says whether it went well.
 */
export function useCreating() {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const asked = useRef({ what: "", id: "" });
  const create = async (what: string, call: Call, where: Where = (generation) => generation) => {
    if (busy) return false;
    if (asked.current.what !== what || !asked.current.id) asked.current = { what, id: requestId() };
    setBusy(true);
    setProblem(undefined);
    try {
      const generation = await begin((options) => call(asked.current.id, options));
      route(`/${await where(generation)}`);
      asked.current = { what: "", id: "" };
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

/** Tries a generation again, from a step on, with another seed where one is given. */
export function useRetry(name: string) {
  const { server } = useHatchery();
  const { create, busy, problem } = useCreating();
  const retry = (fromStep: string, seed?: number) =>
    create(`${name} ${fromStep}`, (requestId, call) =>
      server.generations.retryGeneration(
        { name, fromStep, requestId, ...(seed !== undefined && { seed }) },
        call,
      ),
    );
  return { retry, busy, problem };
}
