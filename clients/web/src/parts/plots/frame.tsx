import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Table } from "../table";

interface Props {
  title: string;
  /** What is to be seen, and in which unit. */
  note?: ComponentChildren;
  /** Said in its place, where there is nothing to draw. */
  empty?: string | undefined;
  /** The same in numbers. */
  table: { head: string[]; rows: ComponentChildren[][] };
  /** Whether it takes the whole width. */
  wide?: boolean;
  children: ComponentChildren;
}

/** A plot with its title, and its numbers for whom a picture says nothing. */
export function Plot({ title, note, empty, table, wide = false, children }: Props) {
  const id = useId();
  return (
    <figure class={`plot${wide ? " plot-wide" : ""}`} aria-labelledby={id}>
      <figcaption>
        <h2 class="small" id={id}>
          {title}
        </h2>
        {note && !empty && <p class="soft">{note}</p>}
      </figcaption>
      {empty ? <p class="plot-empty">{empty}</p> : children}
      {table.rows.length > 0 && (
        <details>
          <summary>In numbers</summary>
          <Table title={`${title}, in numbers`} {...table} />
        </details>
      )}
    </figure>
  );
}
