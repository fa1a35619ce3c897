import { runs } from "./runs";
import { ticks } from "./scale";
import { type Ground, Timeline, type TimelineProps } from "./timeline";

export interface Line {
  name: string;
  /** One for each place; undefined where nothing was measured. */
  values: readonly (number | undefined)[];
}

/** So many lines can be told apart, each by its colour and by the shape of its points. */
export const LINES = 6;
/** Outlines of points around 0/0. */
const SHAPES = [
  "M-4,-4 h8 v8 h-8 z",
  "M0,-6 l6,6 l-6,6 l-6,-6 z",
  "M0,-6 l6,10 h-12 z",
  "M-2,-5 h4 v3 h3 v4 h-3 v3 h-4 v-3 h-3 v-4 h3 z",
  "M0,6 l6,-10 h-12 z",
  "M-6,-3 h12 v6 h-12 z",
];
/** Points that are nearer than so many pixels are drawn where nothing else shows them. */
const NEAR = 9;

interface Props extends Omit<TimelineProps, "ticks" | "draw"> {
  lines: readonly Line[];
}

/** Lines over time, interrupted where nothing was measured. */
export function Lines({ lines, ...timeline }: Props) {
  const most = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    <>
      <ul class="legend">
        {lines.map(({ name }, at) => (
          <li key={name}>
            <svg width="26" height="18" aria-hidden="true" class={`line-${at + 1}`}>
              <path class="line" d="M0,9 h26" />
              <path class="point" d={SHAPES[at]} transform="translate(13,9)" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <Timeline
        {...timeline}
        ticks={ticks(most)}
        draw={(ground) =>
          lines.map((line, at) => (
            <g key={line.name} class={`line-${at + 1}`}>
              <Drawn line={line} shape={SHAPES[at] ?? ""} ground={ground} />
            </g>
          ))
        }
      />
    </>
  );
}

function Drawn({
  line,
  shape,
  ground: { x, y, slot },
}: {
  line: Line;
  shape: string;
  ground: Ground;
}) {
  const found = runs(line.values);
  const points = slot < NEAR ? found.filter((run) => run.length === 1).flat() : found.flat();
  return (
    <>
      {found.map((run) => (
        <path
          key={run[0]?.[0]}
          class="line"
          d={`M${run.map(([place, value]) => `${x(place)},${y(value)}`).join(" L")}`}
        />
      ))}
      {points.map(([place, value]) => (
        <path
          key={place}
          class="point"
          d={shape}
          transform={`translate(${x(place)},${y(value)})`}
        />
      ))}
    </>
  );
}
