import { useEffect, useRef } from "preact/hooks";

/** Brings earlier messages in, when it comes into view or is pressed. */
export function Earlier({ show }: { show: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(show);
  latest.current = show;
  useEffect(() => {
    if (!button.current) return undefined;
    const seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting && scrollY > 0) latest.current();
    });
    seen.observe(button.current);
    return () => seen.disconnect();
  }, []);
  return (
    <p class="earlier">
      <button ref={button} type="button" class="button-small" onClick={show}>
        Earlier messages
      </button>
    </p>
  );
}
