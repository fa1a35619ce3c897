/** A persona for people: while it is written, and when it is whole. */

import type { FieldText } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Persona } from "../gen/hatchery/types/v1/persona_pb";

export interface Line {
  field: string;
  label: string;
  text: string;
}

/** "Backstory" for "/backstory", "Appearance coat" for "/appearance/coat". */
export function label(field: string): string {
  const words = field
    .split("/")
    .filter((part) => part && !/^\d+$/.test(part))
    .join(" ")
    .replaceAll("_", " ");
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : "Text";
}

/** What is written of a persona by now, entries of a list on one line. */
export function written(texts: FieldText[], step: string): Line[] {
  const lines = new Map<string, Line>();
  for (const { field, text } of texts.filter((text) => text.step === step)) {
    const whole = field.replace(/\/\d+$/, "");
    const before = lines.get(whole);
    lines.set(whole, {
      field: whole,
      label: label(field),
      text: before ? `${before.text}, ${text}` : text,
    });
  }
  return [...lines.values()];
}

/** A whole persona, line by line, in the order in which it is written; what is empty is left out. */
export function lines(persona: Persona): Line[] {
  const { appearance } = persona;
  const all: [string, string][] = [
    ["/name", persona.name],
    ["/species", persona.species],
    ["/age", persona.age],
    ["/gender", persona.gender],
    ["/traits", persona.traits.join(", ")],
    ["/appearance/mood", appearance?.mood ?? ""],
    ["/appearance/coat", appearance?.coat ?? ""],
    ["/appearance/eyes", appearance?.eyes ?? ""],
    ["/appearance/outfit", appearance?.outfit ?? ""],
    ["/personality", persona.personality],
    ["/backstory", persona.backstory],
    ["/greeting", persona.greeting],
    ["/appearance/colors", appearance?.colors.join(", ") ?? ""],
    ["/appearance/features", appearance?.features.join(", ") ?? ""],
  ];
  return all
    .filter(([, text]) => text)
    .map(([field, text]) => ({ field, label: label(field), text }));
}
