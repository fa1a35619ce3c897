import { useEffect, useMemo, useState } from "preact/hooks";
import type { Template } from "../gen/hatchery/gateway/v1/template_service_pb";
import { useHatchery } from "../hatchery";
import { useCreating } from "../parts/creating";
import { Egg } from "../parts/egg";
import { Drop } from "../parts/files";
import { DEFAULTS, OptionsForm, portraitOf, seedOf } from "../parts/options";
import { PictureField, usePicture } from "../parts/picture-field";
import { ProblemNote } from "../parts/problem";
import { Templates } from "../parts/templates";
import { useTitle } from "../parts/title";
import { UnderWay } from "../parts/under-way";
import { WITH_FILE } from "../server/silence";

const IDEAS = [
  "a robot gardener who whispers to tomatoes",
  "a brave mouse knight with a very small sword",
  "an owl who keeps the time for a whole village",
  "a ghost who is afraid of the dark",
  "a fox who sells weather from a cart",
  "a sleepy cat who captains a paper ship",
  "a hedgehog baker with flour on every spine",
  "a frog who wants to be a lighthouse keeper",
  "a cheerful penguin who repairs old radios",
];
const SHOWN = 4;
const LONGEST = 2000;

/** The sentence, which is still there after a look elsewhere. */
function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(draft);
  useEffect(() => {
    draft = text;
  }, [text]);
  return [text, setText];
}
let draft = "";

export function HomePage() {
  const { server } = useHatchery();
  const [description, setDescription] = useDraft();
  const [options, setOptions] = useState(DEFAULTS);
  const [choosing, setChoosing] = useState(false);
  const { picture, refused, take, remove } = usePicture();
  const { create, busy, problem } = useCreating(picture && WITH_FILE);
  const [template, setTemplate] = useState<Template>();
  const [beginning, setBeginning] = useState(false);
  const ready = description.trim() !== "" || picture !== undefined || template !== undefined;
  const ideas = useMemo(() => [...IDEAS].sort(() => Math.random() - 0.5).slice(0, SHOWN), []);
  useTitle("Hatchery");
  useEffect(() => document.getElementById("description")?.focus({ preventScroll: true }), []);

  const hatch = (event: Event) => {
    event.preventDefault();
    const request = {
      description,
      // In the version that was read.
      template: template ? `${template.name}@${template.version}` : "",
      llmModel: options.llmModel,
      portrait: portraitOf(options),
      ...seedOf(options),
    };
    const brought = picture && { referenceImage: picture.bytes, visionModel: options.visionModel };
    // The address tells one picture from another.
    void create(JSON.stringify([request, picture?.url, options.visionModel]), (requestId, call) =>
      server.agents.createAgent({ ...request, ...brought, requestId }, call),
    ).then((went) => {
      if (went) draft = "";
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && ready) hatch(event);
  };

  return (
    <>
      <Drop class="hero" take={take}>
        <Egg fraction={0} />
        <div class="hero-words">
          <h1>Who would you like to meet?</h1>
          <p>Describe a companion in a sentence, or bring a picture, and watch it hatch.</p>
          <form class="hatch-form" onSubmit={hatch}>
            <label class="hidden" for="description">
              Your companion, in a sentence
            </label>
            <textarea
              id="description"
              rows={3}
              maxLength={LONGEST}
              placeholder={
                template
                  ? "what is special about yours, if anything"
                  : "a shy water dragon who loves books"
              }
              value={description}
              onInput={(event) => setDescription(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
            {description.length > LONGEST - 200 && (
              <p class="soft" role="status">
                {description.length} of {LONGEST} characters
              </p>
            )}
            <ul class="ideas" aria-label="Ideas to begin with">
              {ideas.map((idea) => (
                <li key={idea}>
                  <button type="button" class="chip" onClick={() => setDescription(idea)}>
                    {idea}
                  </button>
                </li>
              ))}
            </ul>
            {template && (
              <p class="begun-with">
                Begins with <strong>{template.title}</strong>: <bdi>{template.description}</bdi>{" "}
                <button type="button" class="button-small" onClick={() => setTemplate(undefined)}>
                  Without it
                </button>
              </p>
            )}
            <details class="choices" onToggle={(event) => setBeginning(event.currentTarget.open)}>
              <summary>Begin with a template</summary>
              {beginning && (
                <Templates
                  chosen={template}
                  choose={setTemplate}
                  description={description}
                  onKeep={() => setDescription("")}
                />
              )}
            </details>
            <PictureField picture={picture} refused={refused} take={take} remove={remove} />
            <details
              class="choices"
              // What is wrong in there has to be seen.
              onInvalidCapture={(event) => {
                event.currentTarget.open = true;
              }}
              onToggle={(event) => event.currentTarget.open && setChoosing(true)}
            >
              <summary>Models, size and seed</summary>
              {choosing && (
                <OptionsForm
                  options={options}
                  onChange={setOptions}
                  picture={picture !== undefined}
                />
              )}
            </details>
            {problem && <ProblemNote problem={problem} />}
            <button type="submit" class="button-main" disabled={busy || !ready}>
              {busy ? "Laying the egg …" : "Hatch"}
            </button>
          </form>
        </div>
      </Drop>
      <UnderWay title="In the nest" />
    </>
  );
}
