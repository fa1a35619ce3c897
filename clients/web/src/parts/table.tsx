import type { ComponentChildren } from "preact";

interface Props {
  title: string;
  head: string[];
  /** Cells by row; the first of a row says what it is about. */
  rows: ComponentChildren[][];
}

/** Rows of facts, which scroll where they are wider than the page. */
export function Table({ title, head, rows }: Props) {
  return (
    // Wide tables are scrolled by keyboard as well.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable
    <section class="scroll" tabIndex={0} aria-label={title}>
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], row) => (
            // Rows are added at the end, and none moves.
            <tr key={row}>
              <th scope="row">{first}</th>
              {cells.map((cell, at) => (
                <td key={head[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
