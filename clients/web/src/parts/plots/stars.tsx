const STARS = [0, 1, 2, 3, 4];
const SIDE = 22;
const STAR = "M11,1 l3,7 h7 l-6,4 l2,8 l-6,-5 l-6,5 l2,-8 l-6,-4 h7 z";

/** Five stars, so many of which are filled: also parts of one. */
export function Stars({ stars, id }: { stars: number; id: string }) {
  return (
    <svg class="mean-stars" width={5 * SIDE} height={SIDE} aria-hidden="true">
      <clipPath id={id}>
        <rect width={stars * SIDE} height={SIDE} />
      </clipPath>
      {["star-line", "star-full"].map((kind) => (
        <g key={kind} class={kind} clip-path={kind === "star-full" ? `url(#${id})` : undefined}>
          {STARS.map((at) => (
            <path key={at} d={STAR} transform={`translate(${at * SIDE},0)`} />
          ))}
        </g>
      ))}
    </svg>
  );
}
