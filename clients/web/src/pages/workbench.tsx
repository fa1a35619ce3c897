import { useEffect, useMemo, useState } from "preact/hooks";
import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { useHatchery } from "../hatchery";
import { useCreating } from "../parts/creating";
import { Leaf } from "../parts/leaf";
import { ProblemNote } from "../parts/problem";
import { useTitle } from "../parts/title";
import { UnderWay } from "../parts/under-way";
import { asked, NOTHING, type Wish } from "../parts/wish";
import { Limits, Models } from "../parts/wish-fields";
import { kindOf } from "../words/writing";

const IDEAS: Record<number, string[]> = {
  [Kind.TEXT]: [
    "a bedtime story about a lighthouse that is afraid of the dark",
    "a haiku about the first snow",
    "a letter to the neighbours about a tortoise that got away",
    "why the sea has tides, for a ten-year-old",
    "a menu for a restaurant on the moon",
    "a limerick about a robot gardener",
  ],
  [Kind.APP]: [
    "a list of things to do",
    "a timer that works in rounds of 25 minutes",
    "a memory game with pairs of animals",
    "a drawing pad with eight colours",
    "a pocket calculator",
    "dice to roll, as many as I like",
  ],
};
const KINDS: [Kind, string, string][] = [
  [Kind.TEXT, "A text", "a story about a snail who wins a race"],
  [Kind.APP, "An app on one page", "a metronome with a big button"],
];
const SHOWN = 3;
const LONGEST = 20_000;

/** The wish, which is still there after a look elsewhere. */
let draft = NOTHING;

/** A place to have something written: by one model, or by several side by side. */
export function WorkbenchPage() {
  const { server } = useHatchery();
  const [wish, setWish] = useState(draft);
  const { create, busy, problem } = useCreating();
  useTitle("Write – Hatchery");
  useEffect(() => {
    draft = wish;
  }, [wish]);
  useEffect(() => document.getElementById("prompt")?.focus({ preventScroll: true }), []);
  const put = (change: Partial<Wish>) => setWish((before) => ({ ...before, ...change }));
  const ready = wish.prompt.trim() !== "";
  const [first = ""] = wish.models;
  const together = wish.models.length > 1;
  const placeholder = KINDS.find(([kind]) => kind === wish.kind)?.[2] ?? "";

  const begin = (event: Event) => {
    event.preventDefault();
    const artifact = asked(wish);
    const { models } = wish;
    void create(
      JSON.stringify(wish),
      (requestId, call) =>
        together
          ? server.artifacts.createComparison({ artifact, models, requestId }, call)
          : server.artifacts.createArtifact({ ...artifact, model: first, requestId }, call),
      async (name) =>
        (together && (await server.generations.getGeneration({ name })).comparison) || name,
    ).then((went) => {
      if (went) draft = { ...wish, prompt: "" };
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && ready) begin(event);
  };

  return (
    <>
      <div class="hero">
        <Leaf kind={wish.kind} fraction={0.35} />
        <div class="hero-words">
          <h1>What shall be written?</h1>
          <p>
            A text, or a small app on one page. Watch it being written, or let several models write
            the same, side by side.
          </p>
          <form class="hatch-form" onSubmit={begin}>
            <fieldset class="kinds">
              <legend class="hidden">What it is to be</legend>
              {KINDS.map(([kind, name]) => (
                <label key={kind} class="kind">
                  <input
                    type="radio"
                    name="kind"
                    checked={wish.kind === kind}
                    onChange={() => put({ kind })}
                  />
                  {name}
                </label>
              ))}
            </fieldset>
            <label class="hidden" for="prompt">
              What to write
            </label>
            <textarea
              id="prompt"
              rows={4}
              maxLength={LONGEST}
              placeholder={placeholder}
              value={wish.prompt}
              onInput={(event) => put({ prompt: event.currentTarget.value })}
              onKeyDown={onKeyDown}
            />
            <Ideas kind={wish.kind} choose={(prompt) => put({ prompt })} />
            <Models wish={wish} put={put} />
            <Limits wish={wish} put={put} />
            {problem && <ProblemNote problem={problem} />}
            <button type="submit" class="button-main" disabled={busy || !ready}>
              {busy ? "Sharpening the pencil …" : together ? "Write side by side" : "Write"}
            </button>
          </form>
          <p class="kept-link">
            <a href="/artifacts">Everything that was written</a>
          </p>
        </div>
      </div>
      <UnderWay title="On the desk" only={(one) => kindOf(one) !== undefined} />
    </>
  );
}

function Ideas({ kind, choose }: { kind: Kind; choose: (idea: string) => void }) {
  const ideas = useMemo(
    () => [...(IDEAS[kind] ?? [])].sort(() => Math.random() - 0.5).slice(0, SHOWN),
    [kind],
  );
  return (
    <ul class="ideas" aria-label="Ideas to begin with">
      {ideas.map((idea) => (
        <li key={idea}>
          <button type="button" class="chip" onClick={() => choose(idea)}>
            {idea}
          </button>
        </li>
      ))}
    </ul>
  );
}
