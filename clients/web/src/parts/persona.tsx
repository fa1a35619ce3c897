import type { Line } from "../words/persona";

/** What is known of a companion, line by line. Text from a model is text. */
export function PersonaLines({ lines, writing = false }: { lines: Line[]; writing?: boolean }) {
  return (
    <dl class="persona">
      {lines.map(({ field, label, text }, at) => (
        <div key={field} class={`persona-line persona-${field.split("/")[1] ?? ""}`}>
          <dt>{label.replace(/^Appearance (.)/, (_, first: string) => first.toUpperCase())}</dt>
          <dd>
            <bdi>{text}</bdi>
            {writing && at === lines.length - 1 && <span class="caret" aria-hidden="true" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
