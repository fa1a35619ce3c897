import { useEffect, useState } from "preact/hooks";
import { useHatchery } from "../hatchery";

/** Often enough for a clock that counts seconds to look smooth. */
const EVERY = 200;

/** Seconds since 1970 by the server's clock, going on while `ticking` and while anybody looks. */
export function useNow(ticking: boolean): number {
  const { watching } = useHatchery();
  const [now, setNow] = useState(() => watching.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(watching.now());
    }, EVERY);
    return () => clearInterval(timer);
  }, [ticking, watching]);
  return ticking ? now : watching.now();
}
