import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** So near to the end, in pixels, is at the end; and as near as a page can be scrolled to it. */
const NEAR = 120;
const THERE = 2;

/**
 * Keeps the end of a page in view while it grows, unless somebody reads further up, and what they
 * read in its place where something comes before it.
 */
export function useScrolling(first: unknown) {
  const thread = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = useCallback(() => {
    follows.current = true;
    scrollTo(0, document.documentElement.scrollHeight);
  }, []);
  useEffect(() => {
    let before = scrollY;
    const look = () => {
      // What is said may have grown since: only who went up reads elsewhere.
      const up = scrollY < before;
      if (distance() < (up ? THERE : NEAR)) follows.current = true;
      else if (up) follows.current = false;
      before = scrollY;
      setAway(!follows.current && distance() >= NEAR);
    };
    const grown = new ResizeObserver(() => {
      if (follows.current) toEnd();
      else setAway(distance() >= NEAR);
    });
    // With all of its talk: what somebody writes takes room as well.
    const talk = thread.current?.parentElement;
    if (thread.current) grown.observe(thread.current);
    if (talk) grown.observe(talk);
    addEventListener("scroll", look, { passive: true });
    return () => {
      grown.disconnect();
      removeEventListener("scroll", look);
    };
  }, [toEnd]);

  const below = useRef<number | undefined>(undefined);
  /** Something is about to come before all that is shown. */
  const holdPlace = () => {
    below.current = document.documentElement.scrollHeight - scrollY;
  };
  // Another first one is what came before.
  useLayoutEffect(() => {
    if (below.current === undefined) return;
    scrollTo(0, document.documentElement.scrollHeight - below.current);
    below.current = undefined;
  }, [first]);
  /** Somebody wants to read a certain place. */
  const stay = () => {
    follows.current = false;
  };
  return { thread, away, toEnd, holdPlace, stay };
}

/** Pixels from what is in view to the end of the page. */
function distance(): number {
  return document.documentElement.scrollHeight - innerHeight - scrollY;
}
