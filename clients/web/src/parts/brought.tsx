import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { StepCompleted } from "../gen/hatchery/progress/v1/progress_pb";
import type { PictureReading } from "../gen/hatchery/types/v1/picture_pb";
import type { Live } from "../watch/live";
import { percent } from "../words/numbers";
import { type Line, label, written } from "../words/persona";
import { PersonaLines } from "./persona";
import { Portrait } from "./portrait";

/** The picture that a companion is made after: itself, its colours, and what it shows. */
export function Brought({ live: { generation, latest } }: { live: Live }) {
  const picture = output(generation, "picture");
  const reading = output(generation, "reading");
  if (!picture) return null;
  return (
    <section class="brought" aria-label="The picture that you brought">
      <Portrait image={picture} alt="What you brought" />
      <div>
        {reading && <Palette reading={reading} />}
        <PersonaLines lines={words(generation)} writing={latest?.step === "describe"} />
      </div>
    </section>
  );
}

function Palette({ reading }: { reading: PictureReading }) {
  return (
    <ul class="palette" aria-label="Its colours">
      {reading.palette.map(({ color, name, share }) => (
        <li key={name}>
          <span class="swatch" style={{ background: color }} />
          {name} <span class="soft">{percent(share)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What it shows, as far as that is said. */
function words(generation: Generation): Line[] {
  const told = output(generation, "pictureDescription");
  if (!told) return written(generation.texts, "describe");
  return [
    { field: "/physical_description", text: told.physicalDescription },
    { field: "/visual_style", text: told.visualStyle },
  ].map((line) => ({ ...line, label: label(line.field) }));
}

/** What a step can make, by kind. */
type Made = {
  [Output in StepCompleted["output"] as Output extends { case: string }
    ? Output["case"]
    : never]: Output extends { value: infer Value } ? Value : never;
};

/** What the last step that makes such a thing made. */
export function output<Kind extends keyof Made>(
  { steps }: Generation,
  kind: Kind,
): Made[Kind] | undefined {
  const found = steps.findLast(({ result }) => result?.output.case === kind);
  return found?.result?.output.value as Made[Kind] | undefined;
}
