import { type Fill, Legend, Mark } from "./fills";
import { ticks } from "./scale";
import { heights, stack } from "./stack";
import { Timeline, type TimelineProps } from "./timeline";

export interface Series {
  name: string;
  fill: Fill;
  /** One for each place. */
  values: readonly number[];
}

interface Props extends Omit<TimelineProps, "ticks" | "draw"> {
  series: readonly Series[];
  /** Whether things are counted, so that there are no halves. */
  whole?: boolean;
}

/** The widest a column is, in pixels. */
const WIDEST = 44;

/** Columns over time, of what lies upon one another. */
export function Columns({ series, whole = false, ...timeline }: Props) {
  const values = series.map((one) => one.values);
  const pieces = stack(values);
  return (
    <>
      {series.length > 1 && <Legend entries={series} />}
      <Timeline
        {...timeline}
        ticks={ticks(Math.max(...heights(values), 0), { whole })}
        draw={({ x, y, slot }) => {
          const width = Math.max(Math.min(slot < 5 ? slot : Math.round(slot * 0.8), WIDEST), 1);
          return series.map(({ name, fill }, at) =>
            pieces[at]?.map(([from, to], place) =>
              to > from ? (
                <Mark
                  key={`${name} ${place}`}
                  fill={fill}
                  x={x(place) - width / 2}
                  y={y(to)}
                  width={width}
                  height={y(from) - y(to)}
                />
              ) : null,
            ),
          );
        }}
      />
    </>
  );
}
