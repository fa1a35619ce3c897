import { useEffect, useState } from "preact/hooks";

/** Often enough for a clock that counts seconds to look smooth. */
const EVERY = 200;

/** Seconds since 1970 by this machine's clock, going on while `ticking` and while anybody looks. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now() / 1000);
    }, EVERY);
    return () => clearInterval(timer);
  }, [ticking]);
  return ticking ? now : Date.now() / 1000;
}
