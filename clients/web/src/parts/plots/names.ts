/** Which names of an axis are written, so that none is upon another. Lengths are in pixels. */

/** Of so many places next to each other; the last one is named. */
export function named(places: number, length: number, room: number): number[] {
  if (places < 1) return [];
  const step = Math.max(Math.ceil((room * places) / Math.max(length, 1)), 1);
  const first = (places - 1) % step;
  const names = Math.floor((places - 1) / step) + 1;
  return Array.from({ length: names }, (_, at) => first + at * step);
}

/** A name that belongs at a place of its own. */
export interface Name {
  at: number;
  room: number;
}

/** Which one it is, and which of its sides is at its place. */
export interface Written {
  name: number;
  anchor: "start" | "middle" | "end";
}

/** The first and the last, which stay within the ends, and those between them that have room. */
export function apart(names: readonly Name[]): Written[] {
  const [first, last] = [names[0], names.at(-1)];
  if (!first || !last) return [];
  const written: Written[] = [{ name: 0, anchor: "start" }];
  const end = last.at - last.room;
  let free = first.at + first.room;
  names.slice(1, -1).forEach(({ at, room }, before) => {
    if (at - room / 2 < free || at + room / 2 > end) return;
    written.push({ name: before + 1, anchor: "middle" });
    free = at + room / 2;
  });
  if (end >= free) written.push({ name: names.length - 1, anchor: "end" });
  return written;
}
