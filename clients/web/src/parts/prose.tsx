import { useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  text: string;
  label: string;
  /** Whether more is to come: then the latest is in view, unless somebody reads further up. */
  open?: boolean;
  /** Whether it comes right now. */
  writing?: boolean;
  /** Whether it is code, whose lines are not to be read as prose. */
  code?: boolean;
}

/** So near to the end, in pixels, is at the end. */
const NEAR = 48;

/** What a model wrote, as text and never as markup, a paragraph at a time: the earlier ones stay. */
export function Prose({ text, label, open = false, writing = false, code = false }: Props) {
  const box = useRef<HTMLElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (open && follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text, open]);
  useLayoutEffect(() => {
    // What is whole is read from its beginning.
    if (!open && box.current) box.current.scrollTop = 0;
  }, [open]);
  const paragraphs = text.split("\n\n");
  return (
    <section
      ref={box}
      class={`prose${code ? " prose-code" : ""}${open ? " prose-open" : ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable
      tabIndex={0}
      aria-label={label}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      {paragraphs.map((paragraph, at) => (
        <p key={at} dir="auto">
          {paragraph}
          {writing && at === paragraphs.length - 1 && <span class="caret" aria-hidden="true" />}
        </p>
      ))}
    </section>
  );
}
