import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** The document as far as it is there; it only grows, and another one needs another frame. */
  html: string;
  /** Whether that is all of it. */
  whole: boolean;
  title: string;
}

/** An app that loads itself anew without end is left alone, after so many milliseconds. */
const ANEW = 1000;

/**
 * An app from a model, in a frame that reaches nobody. Whoever looks sees it as a page that loads
 * slowly; public/sandbox.html writes it.
 */
export function AppFrame({ html, whole, title }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [loads, setLoads] = useState(0);
  const told = useRef({ loads: 0, length: 0, whole: false });
  // Before the frame can have loaded, or its word is missed and it stays blank.
  useLayoutEffect(() => {
    let last = 0;
    const hear = ({ source, data }: MessageEvent) => {
      if (source !== frame.current?.contentWindow || data !== "blank") return;
      if (Date.now() - last < ANEW) return;
      last = Date.now();
      setLoads((before) => before + 1);
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, []);
  useEffect(() => {
    if (loads === 0) return;
    if (told.current.loads !== loads) told.current = { loads, length: 0, whole: false };
    const rest = html.slice(told.current.length);
    if (!rest && whole === told.current.whole) return;
    told.current = { loads, length: html.length, whole };
    // Its origin is none, and so cannot be named.
    frame.current?.contentWindow?.postMessage({ html: rest, whole }, "*");
  }, [loads, html, whole]);
  return (
    <iframe
      ref={frame}
      class="app-frame"
      src="/sandbox.html"
      sandbox="allow-scripts"
      title={title}
      referrerpolicy="no-referrer"
    />
  );
}
