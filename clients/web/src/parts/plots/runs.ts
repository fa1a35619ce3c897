/** A point of a line: its place, and its value. */
export type Point = [place: number, value: number];

/** What is known of a line, in runs of neighbours: where there is no value, it is interrupted. */
export function runs(values: readonly (number | undefined)[]): Point[][] {
  const found: Point[][] = [];
  values.forEach((value, place) => {
    if (value === undefined) return;
    const last = found.at(-1);
    if (last?.at(-1)?.[0] === place - 1) last.push([place, value]);
    else found.push([[place, value]]);
  });
  return found;
}
