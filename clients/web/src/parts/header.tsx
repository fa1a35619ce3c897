import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useHatchery } from "../hatchery";

/** The name of the house, its rooms, and a word when the server is not heard. */
export function Header() {
  const { path } = useLocation();
  const here = (to: string) => (path === to ? "page" : undefined);
  return (
    <header class="header">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <nav aria-label="Hatchery">
        <a class="brand" href="/">
          <img src="/egg.svg" alt="" width="28" height="28" />
          <span class="brand-name">Hatchery</span>
        </a>
        <a href="/" aria-current={here("/")}>
          Hatch
        </a>
        <a href="/agents" aria-current={here("/agents")}>
          Companions
        </a>
        <a href="/workbench" aria-current={here("/workbench")}>
          Write
        </a>
        <a href="/statistics" aria-current={here("/statistics")}>
          Statistics
        </a>
      </nav>
      <Link />
    </header>
  );
}

/** A break of a moment is nobody's business. */
const PATIENCE = 1500;

function Link() {
  const { watching } = useHatchery();
  const up = watching.up.value;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (up) return undefined;
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [up]);
  return (
    <p class="link" role="status">
      {shown && "The connection is gone. Trying again; nothing is lost."}
    </p>
  );
}
