/** Lays the values of each place upon one another, in the order of the series: where each begins and ends. */
export function stack(series: readonly (readonly number[])[]): [from: number, to: number][][] {
  const tops: number[] = [];
  return series.map((values) =>
    values.map((value, place) => {
      const from = tops[place] ?? 0;
      tops[place] = from + value;
      return [from, from + value];
    }),
  );
}

/** How high each place is. */
export function heights(series: readonly (readonly number[])[]): number[] {
  const places = Math.max(0, ...series.map((values) => values.length));
  return Array.from({ length: places }, (_, place) =>
    series.reduce((sum, values) => sum + (values[place] ?? 0), 0),
  );
}
