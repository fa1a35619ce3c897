import { useEffect, useMemo } from "preact/hooks";
import { useHatchery } from "../hatchery";
import type { Watched } from "../watch/watching";

/** What is known of some generations, in the order of their names, for as long as this is shown. */
export function useWatched(names: readonly string[]): Watched[] {
  const { watching } = useHatchery();
  const all = names.join();
  const watchers = useMemo(() => names.map((name) => watching.watch(name)), [watching, all]);
  useEffect(
    () => () => {
      for (const [, leave] of watchers) leave();
    },
    [watchers],
  );
  return watchers.map(([state]) => state.value);
}
