import type { StreamStats } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { count, seconds } from "../../words/numbers";
import { number, reason, time, took } from "../../words/statistics";
import { Plot } from "../plots/frame";
import { Rows } from "../plots/rows";
import { logarithmic, times } from "../plots/scale";

/** How streams reached their readers: how soon, and how they ended. */
export function StreamsPlot({ streams }: { streams: StreamStats }) {
  const { events, failures } = streams;
  const median = seconds(streams.medianLatency);
  const p99 = seconds(streams.p99Latency);
  return (
    <Plot
      title="From an event to its reader"
      note="◆ half of the live events were handed over within this time, and 99 of 100 by the end of the bar."
      empty={events === 0n || median === 0 ? "No live event was handed over yet." : undefined}
      table={{
        head: ["What", "How much"],
        rows: [
          ["Live events", number(Number(events))],
          ["Half handed over within", took(streams.medianLatency)],
          ["99 of 100 within", took(streams.p99Latency)],
          ["Streams that ended", number(Number(streams.streams))],
          ["Left or lost before their end", number(Number(streams.left))],
          ...failures.map((one) => [`Failed: ${reason(one.reason)}`, number(Number(one.failures))]),
        ],
      }}
    >
      <Rows
        rows={[
          {
            key: "latency",
            label: count(events, "live events"),
            detail: ended(streams),
            value: `${time(median)} – ${time(p99)}`,
            bars: [[{ from: median, to: p99, fill: "solid" }]],
            points: [median],
          },
        ]}
        ticks={times(median, Math.max(p99, median))}
        tell={time}
        axis="time, on a logarithmic scale"
        scale={logarithmic}
      />
    </Plot>
  );
}

/** "12 streams, 3 of them left early, 1 failed". */
function ended({ streams, left, failures }: StreamStats): string {
  const failed = failures.reduce((sum, one) => sum + Number(one.failures), 0);
  return [
    count(streams, "streams"),
    left > 0n && `${number(Number(left))} of them left early`,
    failed > 0 && `${number(failed)} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}
