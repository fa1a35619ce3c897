import type { ComponentChildren } from "preact";
import { type Fill, Mark } from "./fills";
import { apart } from "./names";
import { linear, type Scale } from "./scale";
import { useWidth } from "./width";

/** A piece of a bar, in the unit of the axis. */
export interface Piece {
  from: number;
  to: number;
  fill: Fill;
}

export interface Row {
  key: string;
  label: ComponentChildren;
  /** What tells it from others of that label. */
  detail?: string;
  /** Its numbers, in words. */
  value: string;
  /** Bars below each other, each of pieces. */
  bars: readonly (readonly Piece[])[];
  /** What is marked beside the bars, in the unit of the axis. */
  points?: readonly number[];
}

interface Props {
  rows: readonly Row[];
  /** The values that the axis names: the first is where it begins, the last where it ends. */
  ticks: readonly number[];
  tell: (value: number) => string;
  /** What the axis shows, with its unit. */
  axis: string;
  scale?: (low: number, high: number, from: number, to: number) => Scale;
}

/** So many rows are drawn; the table has the rest. */
export const ROWS = 12;
const BAR = 14;
const GAP = 3;
const AXIS = 42;
/** Pixels at each end, so that what is at an end is whole. */
const END = 7;
/** Pixels that a letter of the axis needs. */
const LETTER = 8;

/** Bars that lie, each under its words: names may be long, and a phone is narrow. */
export function Rows({ rows, ticks, tell, axis, scale = linear }: Props) {
  const [element, width] = useWidth<HTMLDivElement>();
  const x = scale(ticks[0] ?? 0, ticks.at(-1) ?? 1, END, Math.max(width - END, END));
  const shown = rows.slice(0, ROWS);
  const names = ticks.map((tick) => ({ at: x(tick), room: (tell(tick).length + 1) * LETTER }));
  return (
    <div ref={element} class="rows">
      <ul>
        {shown.map((row) => (
          <li key={row.key}>
            <div class="row-words">
              <span>
                <bdi>{row.label}</bdi> {row.detail && <small>{row.detail}</small>}
              </span>
              <span class="row-value">{row.value}</span>
            </div>
            {width > 0 && <Drawn row={row} width={width} ticks={ticks} x={x} />}
          </li>
        ))}
      </ul>
      {width > 0 && (
        <svg width={width} height={AXIS} aria-hidden="true">
          <line class="axis" x1={END} x2={width - END} y1={1} y2={1} />
          {ticks.map((tick) => (
            <line key={tick} class="axis" x1={x(tick)} x2={x(tick)} y1={1} y2={6} />
          ))}
          {apart(names).map(({ name: at, anchor }) => (
            <text key={at} class="axis-name" x={names[at]?.at} y={19} text-anchor={anchor}>
              {tell(ticks[at] ?? 0)}
            </text>
          ))}
          <text class="axis-title" x={width} y={37} text-anchor="end">
            {axis}
          </text>
        </svg>
      )}
      {rows.length > ROWS && <p class="soft">{rows.length - ROWS} more in the numbers.</p>}
    </div>
  );
}

interface DrawnProps {
  row: Row;
  width: number;
  ticks: readonly number[];
  x: Scale;
}

function Drawn({ row: { bars, points = [] }, width, ticks, x }: DrawnProps) {
  const height = bars.length * (BAR + GAP) + GAP;
  return (
    <svg width={width} height={height} aria-hidden="true">
      {ticks.map((tick) => (
        <line key={tick} class="grid" x1={x(tick)} x2={x(tick)} y1={0} y2={height} />
      ))}
      {bars.map((pieces, at) =>
        pieces.map(({ from, to, fill }) => (
          <Mark
            key={`${fill} ${from}`}
            fill={fill}
            x={x(from)}
            y={GAP + at * (BAR + GAP)}
            width={to > from ? Math.max(x(to) - x(from), 2) : 0}
            height={BAR}
          />
        )),
      )}
      {points.map((value) => (
        <path
          key={value}
          class="pin"
          d="M0,-7 l7,7 l-7,7 l-7,-7 z"
          transform={`translate(${x(value)},${GAP + BAR / 2})`}
        />
      ))}
    </svg>
  );
}
