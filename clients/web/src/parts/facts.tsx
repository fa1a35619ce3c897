import type { ComponentChildren } from "preact";

export interface Fact {
  name: string;
  value: ComponentChildren;
  /** What is to be known about it. */
  note?: string;
  /** What sets its card apart: the sum of others, or a value that needs room. */
  looks?: "sum" | "wide";
}

/** Numbers on cards; what has no value has no card. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(({ value }) => value)
        .map(({ name, value, note, looks }) => (
          <div key={name} class={`fact${looks ? ` fact-${looks}` : ""}`}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note && <small>{note}</small>}
            </dd>
          </div>
        ))}
    </dl>
  );
}
