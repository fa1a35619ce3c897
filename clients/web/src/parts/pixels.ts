/**
 * The egg that cracks and is a chick at half-way, as pixels. The same picture as the command's.
 *
 * Pure: how far it is, and which frame, in; colours by place out.
 */

export const SIDE = 18;
/** From this fraction on it is a chick. */
export const HATCHED = 0.5;

export type Colour =
  | "light"
  | "cream"
  | "shade"
  | "gold"
  | "deep"
  | "crack"
  | "down"
  | "beak"
  | "eye"
  | "blush";
export type Picture = ReadonlyArray<ReadonlyArray<Colour | undefined>>;

const SPECKS = new Set(["6,5", "11,7", "5,10", "12,12", "8,14", "10,4"]);
const ZIGZAG = [0, 1, 0, -1];
const CREST = new Set(["9,0", "8,1", "9,1"]);
const EYES = new Set(["6,5", "11,5", "6,6", "11,6"]);
const CLOSED = new Set(["6,6", "11,6"]);
const BLUSH = new Set(["5,8", "12,8"]);

/** An egg whose crack grows with the fraction. */
export function egg(fraction: number): Picture {
  const crack = (Math.max(0, fraction / HATCHED - 0.35) / 0.65) * (SIDE / 2);
  return picture((x, y) => shell(x, y, crack));
}

/** A chick that looks out of the lower half, one pixel lower where it bobs. */
export function chick({ bobs = false, blinks = false } = {}): Picture {
  return picture((x, y) => hatchling(x, y, bobs ? 1 : 0, blinks));
}

/** What a function of the place says of each pixel. */
export function picture(colour: (x: number, y: number) => Colour | undefined): Picture {
  const places = [...Array(SIDE).keys()];
  return places.map((y) => places.map((x) => colour(x, y)));
}

function shell(x: number, y: number, crack = 0): Colour | undefined {
  if (!within(x, y)) return undefined;
  const [across, down] = place(x, y);
  if (crack && Math.abs(x - SIDE / 2 + 0.5) <= crack && y === SIDE / 2 + zigzag(x)) return "crack";
  const inside = within(x - 1, y) && within(x + 1, y) && within(x, y - 1) && within(x, y + 1);
  if (!inside) return across + down > 0 ? "deep" : "gold";
  if (SPECKS.has(`${x},${y}`)) return "gold";
  const shade = (across + 0.45) * 0.5 + (down + 0.5) * 0.45;
  return shade < 0.25 ? "light" : shade < 0.62 ? "cream" : "shade";
}

function hatchling(x: number, y: number, bob: number, blinks: boolean): Colour | undefined {
  if (y >= SIDE / 2 + 2 + zigzag(x)) {
    const half = shell(x, y);
    if (half) return half;
  }
  const up = y - bob;
  const here = `${x},${up}`;
  if (CREST.has(here)) return "down";
  const across = (x - SIDE / 2 + 0.5) / 5.6;
  const down = (up - 7.5) / 6.2;
  const distance = across ** 2 + down ** 2;
  if (distance > 1 || y > SIDE - 5) return undefined;
  if ((blinks ? CLOSED : EYES).has(here)) return "eye";
  if ((up === 7 || up === 8) && Math.abs(x - 8.5) <= 8.5 - up) return "beak";
  if (BLUSH.has(here)) return "blush";
  return distance > 0.86 && across + down > 0 ? "gold" : "down";
}

function zigzag(x: number): number {
  return ZIGZAG[x % 4] ?? 0;
}

function within(x: number, y: number): boolean {
  const [across, down] = place(x, y);
  return across ** 2 + down ** 2 <= 1;
}

/** Where a pixel lies in an egg, whose edge is 1 from the middle. */
function place(x: number, y: number): [number, number] {
  const down = (y - SIDE / 2 + 0.5) / (SIDE / 2);
  return [(x - SIDE / 2 + 0.5) / ((SIDE / 2) * (0.74 + 0.12 * down)), down];
}
