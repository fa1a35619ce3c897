/** How what is drawn is told apart: by colour, and by a pattern for whom colours are not enough. */

/** `solid` is what was asked for, `hatch` what went wrong, `dots` what was left, `empty` what is to come. */
export type Fill = "solid" | "hatch" | "dots" | "empty";

interface MarkProps {
  fill: Fill;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A piece of a bar, with an outline where there is room for one. */
export function Mark({ fill, x, y, width, height }: MarkProps) {
  const least = Math.min(width, height);
  const edge = least >= 6 ? 2 : least >= 4 ? 1 : 0;
  return (
    <rect
      class={`mark mark-${fill}${edge ? "" : " mark-thin"}`}
      fill={fill === "hatch" || fill === "dots" ? `url(#plot-${fill})` : undefined}
      x={x + edge / 2}
      y={y + edge / 2}
      stroke-width={edge}
      width={Math.max(width - edge, 0)}
      height={Math.max(height - edge, 0)}
    />
  );
}

/** What `Mark` refers to; once on a page. */
export function Patterns() {
  return (
    <svg class="hidden" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="plot-hatch" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect class="hatch-ground" width="6" height="6" />
          <path class="hatch-lines" d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" />
        </pattern>
        <pattern id="plot-dots" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect class="dots-ground" width="6" height="6" />
          <rect class="dots-dots" x="1" y="1" width="2" height="2" />
          <rect class="dots-dots" x="4" y="4" width="2" height="2" />
        </pattern>
      </defs>
    </svg>
  );
}

/** What each pattern stands for. */
export function Legend({ entries }: { entries: readonly { name: string; fill: Fill }[] }) {
  return (
    <ul class="legend">
      {entries.map(({ name, fill }) => (
        <li key={name}>
          <svg width="18" height="18" aria-hidden="true">
            <Mark fill={fill} x={0} y={0} width={18} height={18} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
