import type { Fill } from "./fills";

interface Props {
  /** What each part is of the whole, from 0; together they may be over 1. */
  parts: readonly { share: number; fill: Fill }[];
  /** What it comes to, in the middle. */
  text: string;
  /** What the ends stand for. */
  ends: [string, string];
}

const BLOCKS = 30;
const OUTER = 96;
const INNER = 66;

/** A dial of blocks: what is used of something, and what is left. */
export function Gauge({ parts, text, ends }: Props) {
  const fills = blocks(parts, BLOCKS);
  return (
    <svg class="gauge" viewBox="-104 -104 208 130" aria-hidden="true">
      {fills.map((fill, at) => (
        <path
          // Blocks stay where they are.
          key={at}
          class={`mark mark-${fill}`}
          fill={fill === "hatch" || fill === "dots" ? `url(#plot-${fill})` : undefined}
          stroke-width={2}
          d={block(at)}
        />
      ))}
      <text class="gauge-text" y={-4} text-anchor="middle">
        {text}
      </text>
      <text class="axis-name" x={-81} y={18} text-anchor="middle">
        {ends[0]}
      </text>
      <text class="axis-name" x={81} y={18} text-anchor="middle">
        {ends[1]}
      </text>
    </svg>
  );
}

/** Which part each block belongs to; `empty` for what is left. What is more than nothing has a block. */
export function blocks(parts: Props["parts"], count: number): Fill[] {
  const fills: Fill[] = [];
  let sum = 0;
  for (const { share, fill } of parts) {
    sum += Math.max(share, 0);
    const until = Math.min(Math.round(sum * count), count);
    const least = share > 0 && fills.length < count ? fills.length + 1 : fills.length;
    while (fills.length < Math.max(until, least)) fills.push(fill);
  }
  while (fills.length < count) fills.push("empty");
  return fills;
}

/** The outline of a block on the half circle. */
function block(at: number): string {
  const corner = (radius: number, edge: number) => {
    const angle = Math.PI * (1 + (at + edge) / BLOCKS);
    return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const [from, to] = [0.1, 0.9];
  return `M${corner(INNER, from)} L${corner(OUTER, from)} L${corner(OUTER, to)} L${corner(INNER, to)} z`;
}
