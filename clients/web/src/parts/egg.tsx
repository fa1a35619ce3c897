import { useMemo } from "preact/hooks";
import { type Colour, chick, egg, HATCHED, type Picture, SIDE } from "./pixels";

interface Props {
  /** Of the whole generation, 0 to 1. */
  fraction: number;
  /** Whether anything happens: an egg that waits lies still. */
  lively?: boolean;
}

/** An egg that wobbles the more, the nearer it comes; from half-way on, a chick. */
export function Egg({ fraction, lively = true }: Props) {
  const hatched = fraction >= HATCHED;
  // A crack grows by whole pixels: few pictures, drawn once each.
  const twentieth = Math.floor(fraction * 40) / 40;
  const frames = useMemo(
    () =>
      hatched
        ? [chick(), chick({ bobs: true }), chick({ bobs: true, blinks: true })]
        : [egg(twentieth)],
    [hatched, twentieth],
  );
  const stage = hatched ? "chick" : fraction > HATCHED / 2 ? "soon" : "egg";
  return (
    <div class={`egg egg-${stage}${lively ? " egg-lively" : ""}`} aria-hidden="true">
      <svg viewBox={`0 0 ${SIDE} ${SIDE}`} role="presentation">
        {frames.map((frame, at) => (
          <g key={at} class={`frame frame-${at}`}>
            <Pixels picture={frame} />
          </g>
        ))}
      </svg>
      <div class="egg-ground" />
    </div>
  );
}

/** One path for each colour: few elements, and crisp at any size. */
export function Pixels({ picture }: { picture: Picture }) {
  const paths = new Map<Colour, string>();
  picture.forEach((row, y) => {
    row.forEach((colour, x) => {
      if (colour) paths.set(colour, `${paths.get(colour) ?? ""}M${x} ${y}h1v1h-1z`);
    });
  });
  return (
    <>
      {[...paths].map(([colour, d]) => (
        <path key={colour} class={`pixel-${colour}`} d={d} />
      ))}
    </>
  );
}
