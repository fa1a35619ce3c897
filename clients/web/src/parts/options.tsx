import { useEffect, useState } from "preact/hooks";
import type { ListModelsResponse } from "../gen/hatchery/gateway/v1/model_service_pb";
import { Model_Kind as Kind, type Model } from "../gen/hatchery/types/v1/model_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { price } from "../words/writing";
import { ProblemNote } from "./problem";

/** What may be chosen besides the sentence; empty strings mean the default. */
export interface Options {
  llmModel: string;
  imageModel: string;
  visionModel: string;
  /** Width and height, in pixels; 0 for the default. */
  size: number;
  seed: string;
}

export const DEFAULTS: Options = {
  llmModel: "",
  imageModel: "",
  visionModel: "",
  size: 0,
  seed: "",
};
const SIZES = [128, 256, 384, 512, 768, 1024];
const LARGEST_SEED = 2 ** 32 - 1;

interface Props {
  options: Options;
  onChange: (options: Options) => void;
  /** Whether anything is written, or only a portrait drawn. */
  text?: boolean;
  /** Whether there is a picture to be looked at. */
  picture?: boolean;
}

/** The models that the server offers, each kind's default first. */
export function useOffer() {
  const { server } = useHatchery();
  const [offer, setOffer] = useState<ListModelsResponse>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    server.models.listModels({}).then(setOffer, (error) => setProblem(explain(error)));
  }, [server]);
  return { offer, problem };
}

export function SeedField({ seed, onChange }: { seed: string; onChange: (seed: string) => void }) {
  return (
    <label>
      Seed
      <input
        type="number"
        min={0}
        max={LARGEST_SEED}
        step={1}
        placeholder="random"
        value={seed}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/** The text models of an offer, the default first. */
export function textsOf(offer: ListModelsResponse | undefined): Model[] {
  return offer?.models.filter(({ kind }) => kind === Kind.TEXT) ?? [];
}

/** Models, sizes and the seed, as the server offers them. */
export function OptionsForm({ options, onChange, text = true, picture = false }: Props) {
  const { offer, problem } = useOffer();
  if (problem) return <ProblemNote problem={problem} />;
  const put = (change: Partial<Options>) => onChange({ ...options, ...change });
  const images = offer?.models.filter(({ kind }) => kind === Kind.IMAGE) ?? [];
  const texts = textsOf(offer);
  const seeing = texts.filter(({ vision }) => vision);
  const image = images.find(({ name }) => name === options.imageModel) ?? images[0];
  const sizes = SIZES.filter(
    (size) => size >= (image?.image?.minSize || 64) && size <= (image?.image?.maxSize || 2048),
  );
  return (
    <fieldset class="options" disabled={!offer}>
      <legend class="hidden">How it is made</legend>
      {text && (
        <ModelSelect
          label="Text model"
          models={texts}
          value={options.llmModel}
          onChange={(llmModel) => put({ llmModel })}
        />
      )}
      {picture && seeing.length > 1 && (
        <ModelSelect
          label="Looks at the picture"
          models={seeing}
          usual="whichever can"
          value={options.visionModel}
          onChange={(visionModel) => put({ visionModel })}
        />
      )}
      <ModelSelect
        label="Image model"
        models={images}
        value={options.imageModel}
        // Another model may have other sizes.
        onChange={(imageModel) => put({ imageModel, size: 0 })}
      />
      <label>
        Size of the portrait
        <select
          value={options.size}
          onChange={(event) => put({ size: Number(event.currentTarget.value) })}
        >
          <option value={0}>as usual</option>
          {sizes.map((size) => (
            <option key={size} value={size}>
              {size} × {size}
            </option>
          ))}
        </select>
      </label>
      <SeedField seed={options.seed} onChange={(seed) => put({ seed })} />
      {offer && offer.unavailable.length > 0 && (
        <p class="note">
          {offer.unavailable.join(" and ")} cannot be reached right now, so not every model is
          listed. What you hatch waits for it.
        </p>
      )}
    </fieldset>
  );
}

export interface SelectProps {
  label: string;
  models: Model[];
  /** What the default is called, where that is none of the models. */
  usual?: string;
  value: string;
  onChange: (name: string) => void;
}

export function ModelSelect({ label, models, usual, value, onChange }: SelectProps) {
  const model = models.find(({ name }) => name === value) ?? models[0];
  const cost = price(model?.price);
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {usual && <option value="">{usual}</option>}
        {models.map(({ name, title }, at) => (
          // Each kind's default comes first.
          <option key={name} value={at || usual ? name : ""}>
            {title || name}
          </option>
        ))}
      </select>
      {model?.note && <small>{model.note}</small>}
      {cost && <small>{cost}</small>}
    </label>
  );
}

/** A seed for something that is to come out differently. */
export function anotherSeed(): number {
  return Math.floor(Math.random() * LARGEST_SEED);
}

/** The seed as a request carries it; undefined for a random one. */
export function seedOf({ seed }: { seed: string }): { seed?: number } {
  const number = Number.parseInt(seed, 10);
  return Number.isNaN(number) ? {} : { seed: Math.min(Math.max(number, 0), LARGEST_SEED) };
}

/** How the portrait is drawn, as a request carries it. */
export function portraitOf({ imageModel, size }: Options) {
  return { model: imageModel, width: size, height: size };
}
