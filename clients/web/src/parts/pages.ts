import { useEffect, useRef, useState } from "preact/hooks";
import { explain, type Problem } from "../server/problem";
import { AGAIN } from "./agent";

/** As the server has it: so many it gives at once, at most. */
const MOST = 200;

interface Asked {
  pageSize: number;
  pageToken: string;
}
interface Page<Item> {
  items: Item[];
  nextPageToken: string;
}
type Ask<Item> = (page: Asked, options: { signal: AbortSignal }) => Promise<Page<Item>>;

/**
 * A list, a page of `size` at a time; undefined until it is here. Whenever `key` changes, as many as
 * there were are read again.
 */
export function usePages<Item>(ask: Ask<Item>, key: string, size: number) {
  const [found, setFound] = useState<{ items: Item[]; token: string }>();
  const [problem, setProblem] = useState<Problem>();
  const asking = useRef(new AbortController());
  const shown = useRef(size);
  const latest = useRef(ask);
  latest.current = ask;
  const read = (pageToken: string, before: Item[]) => {
    const { signal } = asking.current;
    const pageSize = pageToken ? size : Math.min(shown.current, MOST);
    latest.current({ pageSize, pageToken }, { signal }).then(
      (page) => {
        if (signal.aborted) return;
        const items = [...before, ...page.items];
        shown.current = Math.max(items.length, size);
        setFound({ items, token: page.nextPageToken });
        setProblem(undefined);
      },
      (error) => {
        if (signal.aborted) return;
        const failed = explain(error);
        setProblem(failed);
        if (!failed.passing) return;
        const again = setTimeout(read, AGAIN, pageToken, before);
        signal.addEventListener("abort", () => clearTimeout(again));
      },
    );
  };
  // Another key asks for something else, or for what may have changed.
  useEffect(() => {
    asking.current = new AbortController();
    read("", []);
    return () => asking.current.abort();
  }, [key]);
  return {
    items: found?.items,
    problem,
    next: found?.token ? () => read(found.token, found.items) : undefined,
  };
}
