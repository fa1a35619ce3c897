import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { named } from "./names";
import { linear, type Scale } from "./scale";
import { useWidth } from "./width";

const HEIGHT = 240;
const TOP = 26;
const BOTTOM = 46;
/** Pixels that a letter of an axis needs. */
const LETTER = 8;

/** Where things are drawn. */
export interface Ground {
  /** The middle of a place. */
  x: (place: number) => number;
  y: Scale;
  /** How wide a place is. */
  slot: number;
}

export interface TimelineProps {
  /** What is drawn. */
  label: string;
  /** What is counted, at the top of its axis. */
  unit: string;
  /** What a place is, as in "by day". */
  by: string;
  /** What stands under each place. */
  names: readonly string[];
  /** All that there is to say of each place. */
  told: readonly string[];
  /** The place whose numbers are read first. */
  first: number;
  /** The values that the upright axis names, from 0. */
  ticks: readonly number[];
  tell: (value: number) => string;
  draw: (ground: Ground) => ComponentChildren;
}

/**
 * Something over time. Whoever points at a place, or goes there by the keys with the arrows, reads
 * its numbers below; until then, those of the `first`.
 */
export function Timeline({
  label,
  unit,
  by,
  names,
  told,
  first,
  ticks,
  tell,
  draw,
}: TimelineProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [pointed, point] = useState<number>();
  const last = names.length - 1;
  const place = Math.min(pointed ?? first, last);
  // The last name may be moved to the left by half of it.
  const room = Math.max(...names.map((name) => name.length), 0) * LETTER * 1.5;
  const left = Math.max(...ticks.map((tick) => tell(tick).length)) * LETTER + 10;
  const slot = Math.max(width - left - 4, 0) / Math.max(names.length, 1);
  const y = linear(ticks[0] ?? 0, ticks.at(-1) ?? 1, HEIGHT - BOTTOM, TOP);
  const x = (at: number) => left + (at + 0.5) * slot;

  const onPointer = (event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect();
    const at = Math.floor((event.clientX - (box?.left ?? 0) - left) / slot);
    point(Math.min(Math.max(at, 0), last));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(Math.min(Math.max(to, 0), last));
  };
  return (
    <>
      <div
        ref={element}
        class="timeline"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={place}
        aria-valuetext={told[place]}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerLeave={(event) => event.pointerType === "mouse" && point(undefined)}
        onKeyDown={onKeyDown}
        onBlur={() => point(undefined)}
      >
        {width > 0 && (
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {pointed !== undefined && (
              <rect
                class="pointed"
                x={x(place) - slot / 2}
                y={TOP}
                width={slot}
                height={HEIGHT - BOTTOM - TOP}
              />
            )}
            <text class="axis-title" x={0} y={12}>
              {unit}
            </text>
            {ticks.map((tick) => (
              <g key={tick}>
                <line class="grid" x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
                <text class="axis-name" x={left - 8} y={y(tick) + 4} text-anchor="end">
                  {tell(tick)}
                </text>
              </g>
            ))}
            {draw({ x, y, slot })}
            <line class="axis" x1={left} x2={width} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
            {named(names.length, width - left, room).map((at) => (
              <Name key={at} x={x(at)} width={width} name={names[at] ?? ""} />
            ))}
            <text class="axis-title" x={width} y={HEIGHT - 6} text-anchor="end">
              {by}
            </text>
          </svg>
        )}
      </div>
      <p class="readout">{told[place]}</p>
    </>
  );
}

/** A name under the axis, which stays within the plot. */
function Name({ x, width, name }: { x: number; width: number; name: string }) {
  const over = x + (name.length * LETTER) / 2 > width;
  return (
    <>
      <line class="axis" x1={x} x2={x} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM + 5} />
      <text
        class="axis-name"
        x={over ? width : x}
        y={HEIGHT - BOTTOM + 18}
        text-anchor={over ? "end" : "middle"}
      >
        {name}
      </text>
    </>
  );
}
