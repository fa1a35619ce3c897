import { percent } from "../words/numbers";

/** A progress bar with its percentage in it, twice: in the colour for each side of its edge. */
export function Bar({
  fraction,
  label,
  still = false,
}: {
  fraction: number;
  label: string;
  still?: boolean;
}) {
  const share = Math.min(Math.max(fraction, 0), 1);
  return (
    <div
      class={`bar${still ? " bar-still" : ""}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
    >
      <span class="bar-text">{percent(share)}</span>
      <span class="bar-text bar-fill" style={{ clipPath: `inset(0 ${100 - share * 100}% 0 0)` }}>
        {percent(share)}
      </span>
    </div>
  );
}
