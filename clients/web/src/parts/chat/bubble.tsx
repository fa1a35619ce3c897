import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { ComponentChildren } from "preact";
import { moment } from "../../words/numbers";

interface Props {
  /** Who says it. */
  by: string;
  mine?: boolean;
  /** Text from a person or a model: it is text, and never markup. */
  text: string;
  /** Whether more of it comes right now. */
  writing?: boolean;
  /** Whether it was broken off. */
  half?: boolean;
  time?: Timestamp | undefined;
  /** What stands below. */
  children?: ComponentChildren;
}

/** Something that was said. */
export function Bubble({ by, mine, text, writing, half, time, children }: Props) {
  const paragraphs = text.trim().split(/\n{2,}/);
  return (
    <article
      class={`bubble${mine ? " bubble-mine" : ""}${half ? " bubble-half" : ""}`}
      aria-label={mine ? "You" : by}
    >
      {paragraphs.map((paragraph, at) => (
        <p key={at} dir="auto">
          {paragraph}
          {writing && at === paragraphs.length - 1 && <span class="caret" aria-hidden="true" />}
        </p>
      ))}
      {(children || time) && (
        <footer>
          {children}
          {time && <Time time={time} />}
        </footer>
      )}
    </article>
  );
}

function Time({ time }: { time: Timestamp }) {
  const at = new Date((moment(time) ?? 0) * 1000);
  const today = at.toDateString() === new Date().toDateString();
  const short = { hour: "2-digit", minute: "2-digit" } as const;
  return (
    <time dateTime={at.toISOString()} title={at.toLocaleString()}>
      {today
        ? at.toLocaleTimeString([], short)
        : at.toLocaleString([], { day: "numeric", month: "short", ...short })}
    </time>
  );
}
