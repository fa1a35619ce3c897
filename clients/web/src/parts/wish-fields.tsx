import { ModelSelect, SeedField, textsOf, useOffer } from "./options";
import { ProblemNote } from "./problem";
import { MOST, type Wish } from "./wish";

interface Props {
  wish: Wish;
  put: (change: Partial<Wish>) => void;
}

/** Who writes: one model, and others beside it, of which one may be the same for another draft. */
export function Models({ wish: { models }, put }: Props) {
  const { offer, problem } = useOffer();
  const texts = textsOf(offer);
  if (problem) return <ProblemNote problem={problem} />;
  const unavailable = offer?.unavailable ?? [];
  return (
    <fieldset class="models" disabled={!offer}>
      <legend class="hidden">Who writes it</legend>
      {models.map((model, at) => (
        // A place keeps its model; the ones after it move up.
        <div key={at} class="model">
          <ModelSelect
            label={at === 0 ? "Model" : `Beside it, ${at + 1}`}
            models={texts}
            value={model}
            onChange={(name) => put({ models: models.with(at, name) })}
          />
          {at > 0 && (
            <button
              type="button"
              class="button-small"
              aria-label={`Without it, ${at + 1}`}
              onClick={() => put({ models: models.filter((_, other) => other !== at) })}
            >
              Without it
            </button>
          )}
        </div>
      ))}
      {models.length < MOST && (
        <button
          type="button"
          class="button-small"
          // One that is not there yet, or else another draft of the last.
          onClick={() =>
            put({
              models: [
                ...models,
                another(
                  models,
                  texts.map(({ name }) => name),
                ),
              ],
            })
          }
        >
          {models.length > 1 ? "Another beside them" : "Another beside it"}
        </button>
      )}
      {unavailable.length > 0 && (
        <p class="note">
          {unavailable.join(" and ")} cannot be reached right now, so not every model is listed.
        </p>
      )}
    </fieldset>
  );
}

/** A model that does not write yet; the default where all of them do. */
export function another(models: string[], offered: string[]): string {
  const [usual = "", ...others] = offered;
  const free = others.find((name) => !models.includes(name));
  return models.includes("") || models.includes(usual) ? (free ?? "") : "";
}

/** How long, how much and with which seed: what may be left as it is. */
export function Limits({ wish, put }: Props) {
  return (
    <details
      class="choices"
      // What is wrong in there has to be seen.
      onInvalidCapture={(event) => {
        event.currentTarget.open = true;
      }}
    >
      <summary>Length, time and seed</summary>
      <div class="options">
        <label>
          Tokens at most
          <input
            type="number"
            min={1}
            max={32768}
            placeholder="as usual"
            value={wish.maxTokens}
            onInput={(event) => put({ maxTokens: event.currentTarget.value })}
          />
        </label>
        <label>
          Seconds at most
          <input
            type="number"
            min={1}
            max={86400}
            placeholder="as usual"
            value={wish.seconds}
            onInput={(event) => put({ seconds: event.currentTarget.value })}
          />
          <small>of work, waits and pauses left out</small>
        </label>
        <SeedField seed={wish.seed} onChange={(seed) => put({ seed })} />
      </div>
    </details>
  );
}
