import { useMemo } from "preact/hooks";
import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { Pixels } from "./egg";
import { type Colour, type Picture, picture, SIDE } from "./pixels";

interface Props {
  kind: Kind;
  /** Of the whole generation, 0 to 1. */
  fraction: number;
}

/** A sheet of paper that fills with lines, or a window that fills with tiles, as far as it is. */
export function Leaf({ kind, fraction }: Props) {
  // It grows by whole pixels: few pictures, drawn once each.
  const twentieth = Math.floor(fraction * 20) / 20;
  const frame = useMemo(
    () => picture((x, y) => (kind === Kind.APP ? app : text)(x, y, twentieth)),
    [kind, twentieth],
  );
  return (
    <div class="leaf" aria-hidden="true">
      <Drawn picture={frame} />
    </div>
  );
}

/** A bubble of speech, with as many dots as it is far. */
export function Speech({ fraction }: { fraction: number }) {
  const dots = Math.min(Math.floor(fraction * 3) + 1, 3);
  const frame = useMemo(() => picture((x, y) => speech(x, y, dots)), [dots]);
  return (
    <div class="leaf" aria-hidden="true">
      <Drawn picture={frame} />
    </div>
  );
}

function Drawn({ picture }: { picture: Picture }) {
  return (
    <svg viewBox={`0 0 ${SIDE} ${SIDE}`} role="presentation">
      <Pixels picture={picture} />
    </svg>
  );
}

/** Where lines stand, and where each of them ends. */
const LINES: [number, number][] = [
  [4, 9],
  [6, 13],
  [8, 12],
  [10, 13],
  [12, 11],
  [14, 8],
];
const LEFT = 5;

function text(x: number, y: number, fraction: number): Colour | undefined {
  if (x < 3 || x > 14 || y < 1 || y > 16) return undefined;
  // A corner is folded over.
  if (x - y > 10) return undefined;
  if (x - y === 10) return "gold";
  if (x - y === 9 && y < 5) return "shade";
  if (x === 3 || y === 1) return "gold";
  if (x === 14 || y === 16) return "deep";
  const at = LINES.findIndex(([row, end]) => row === y && x >= LEFT && x <= end);
  if (at < 0) return x + y > 22 ? "cream" : "light";
  const [, end] = LINES[at] ?? [0, LEFT];
  const place = (at + (x - LEFT) / (end - LEFT + 1)) / LINES.length;
  return place < fraction ? "crack" : "shade";
}

function app(x: number, y: number, fraction: number): Colour | undefined {
  if (x < 1 || x > 16 || y < 2 || y > 15) return undefined;
  if (x === 16 || y === 15) return "deep";
  if (x === 1 || y === 2) return "gold";
  if (y <= 4) return y === 3 && x % 2 === 1 && x < 8 ? "crack" : "gold";
  const [column, row] = [Math.floor((x - 3) / 4), Math.floor((y - 6) / 3)];
  const gap = (x - 3) % 4 === 3 || (y - 6) % 3 === 2;
  if (x < 3 || x > 13 || y < 6 || y > 13 || gap) return "light";
  const place = (row * 3 + column) / 9;
  return place < fraction ? TILES[(row + column) % TILES.length] : "shade";
}

const TILES: Colour[] = ["down", "beak", "blush"];

function speech(x: number, y: number, dots: number): Colour | undefined {
  // The tail, towards who speaks.
  if (y >= 13) return x >= 4 && x <= 7 - (y - 13) && y <= 15 ? "deep" : undefined;
  if (x < 1 || x > 16 || y < 3) return undefined;
  // A corner lacks a pixel.
  if ((x === 1 || x === 16) && (y === 3 || y === 12)) return undefined;
  if (x === 16 || y === 12) return "deep";
  if (x === 1 || y === 3) return "gold";
  const dot = Math.floor((x - 4) / 4);
  const within = x >= 4 && (x - 4) % 4 < 2 && (y === 7 || y === 8);
  if (!within || dot > 2) return "light";
  return dot < dots ? "crack" : "shade";
}
