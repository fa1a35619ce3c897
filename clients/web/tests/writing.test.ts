import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Artifact_Kind as Kind } from "../src/gen/hatchery/gateway/v1/artifact_service_pb";
import {
  GenerationSchema,
  Generation_State as State,
  StepSnapshotSchema,
  StepSnapshot_State as StepState,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema, TokenProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { PriceSchema } from "../src/gen/hatchery/types/v1/cost_pb";
import { UsageSchema } from "../src/gen/hatchery/types/v1/usage_pb";
import { asked, NOTHING } from "../src/parts/wish";
import { another } from "../src/parts/wish-fields";
import { fileName } from "../src/server/files";
import { explain } from "../src/server/problem";
import { begun, worked } from "../src/watch/live";
import { fastest, named } from "../src/words/comparing";
import { bytes } from "../src/words/numbers";
import { gauge, headline, recipeTitle, usage } from "../src/words/telling";
import { timeline } from "../src/words/timeline";
import { documentIn, kindOf, pace, price, rate, saidBy, written } from "../src/words/writing";
import { refusal } from "./house";

const PAGE = "<!DOCTYPE html>\n<html lang='en'><body>1 < 2</body></html>";

test.each([
  ["the page alone", PAGE, PAGE],
  ["talk around it", `Sure!\n\`\`\`html\n${PAGE}\n\`\`\`\nEnjoy.`, PAGE],
  ["no doctype", "Here: <html><p>hello</html> done", "<html><p>hello</html>"],
  ["a page that goes on", "Sure!\n<!doctype html><p>he", "<!doctype html><p>he"],
  ["an end with a blank", "<html></HTML >!", "<html></HTML >"],
  ["talk about pages", "I write <htmlish> things", ""],
  ["nothing", "", ""],
])("of %s, the document is what counts", (_, said, expected) => {
  expect(documentIn(said)).toBe(expected);
});

test("a document only grows as it is written: what was shown stays", () => {
  const said = `Sure!\n\`\`\`html\n${PAGE}\n\`\`\`\nEnjoy.`;
  let before = "";
  for (let length = 0; length <= said.length; length += 1) {
    const now = documentIn(said.slice(0, length));
    expect(now.startsWith(before)).toBe(true);
    before = now;
  }
  expect(before).toBe(PAGE);
});

const tokens = (told: object) => create(TokenProgressSchema, told);

test.each([
  [written(tokens({ tokens: 1n })), "1 token"],
  [written(tokens({ tokens: 1250n, estimatedTotal: 4000n })), "1,250 of ~4,000 tokens"],
  [written(tokens({ tokens: 12n, estimatedTotal: 40n, estimated: true })), "~12 of ~40 tokens"],
  [written(tokens({ tokens: 41n, estimatedTotal: 40n })), "41 tokens"],
  [pace(tokens({ tokensPerSecond: 61.24 })), "61.2 tokens/s"],
  [pace(tokens({ tokensPerSecond: 61.24, estimated: true })), "~61.2 tokens/s"],
  [pace(tokens({})), ""],
  [price(undefined), ""],
  [price(create(PriceSchema, { unit: "bricks", pictureMicros: 1n })), "free"],
  [
    price(
      create(PriceSchema, { unit: "bricks", inputMicros: 1_000_000n, outputMicros: 2_500_000n }),
    ),
    "1 in, 2.5 out, bricks per 1,000 tokens",
  ],
  [bytes(1), "1 byte"],
  [bytes(4210), "4.2 kB"],
  [recipeTitle("create_app"), "An app"],
  [fileName("Über: a/b", "text"), "Über-a-b"],
  [fileName("///", "app"), "app"],
])("%s is %s", (told, expected) => expect(told).toBe(expected));

test("what was kept from before a pause took no time after it", () => {
  const told = { outputTokens: 300n, keptTokens: 100n, generateDuration: durationFromMs(10_000) };
  expect(rate(create(UsageSchema, told))).toBe(20);
  expect(usage(create(UsageSchema, told), "")).toBe("300 tokens · 20.0 tokens/s");
  expect(rate(create(UsageSchema, { outputTokens: 300n }))).toBe(0);
});

const step = (told: object) => create(StepSnapshotSchema, { step: "write", ...told });
const generation = (told: object) =>
  create(GenerationSchema, { recipe: "create_text", state: State.RUNNING, ...told });

test.each([
  ["create_text", Kind.TEXT],
  ["create_app", Kind.APP],
  ["create_agent", undefined],
])("%s writes %s", (recipe, expected) => expect(kindOf({ recipe })).toBe(expected));

test("while it is written its words are those so far, afterwards those of its end", () => {
  const texts = [
    { step: "persona", field: "", text: "not this" },
    { step: "write", field: "/name", text: "nor this" },
    { step: "write", field: "", text: "Once upon" },
  ];
  expect(saidBy(generation({ texts }))).toBe("Once upon");
  const output = { case: "text", value: "Once upon a time." };
  expect(saidBy(generation({ texts, steps: [step({ result: { output } })] }))).toBe(
    "Once upon a time.",
  );
  expect(saidBy(generation({}))).toBe("");
});

test("its time goes on while a step is worked on, and stands while nobody does", () => {
  const told = (state: StepState, event: object) =>
    begun(
      generation({
        activeDuration: durationFromMs(4000),
        steps: [step({ state })],
        latest: create(ProgressSchema, { emitTime: timestampFromMs(100_000), ...event }),
      }),
    );
  const recovered = { event: { case: "recovered", value: {} } };
  expect(worked(told(StepState.RUNNING, {}), 102.5)).toBe(6.5);
  expect(worked(told(StepState.RUNNING, {}), 99)).toBe(4);
  expect(worked(told(StepState.PENDING, {}), 102.5)).toBe(4);
  expect(worked(told(StepState.RUNNING, recovered), 102.5)).toBe(4);
});

test("what is written is no companion", () => {
  expect(headline(begun(generation({ state: State.COMPLETED })))).toBe("Written!");
  const written = step({
    state: StepState.RUNNING,
    tokens: { tokens: 12n, estimatedTotal: 40n, tokensPerSecond: 8 },
  });
  expect(gauge(begun(generation({ steps: [written] })))).toBe("12 of ~40 tokens · 8.0 tokens/s");
});

test("a step that goes on after a pause has two stretches, and a text that was cut off says so", () => {
  const events = [
    { case: "stepStarted", value: { title: "Writing" } },
    { case: "paused", value: {} },
    { case: "stepStarted", value: { title: "Writing", continues: true } },
    { case: "stepCompleted", value: { fallback: { substitute: "beginning" } } },
  ].map((event, at) => create(ProgressSchema, { step: at === 1 ? "" : "write", event } as object));
  expect(timeline(events).map(({ outcome }) => outcome)).toEqual([
    "paused",
    "done, the beginning only",
  ]);
});

const MODELS = [
  { name: "quill", title: "Quill 4B" },
  { name: "ink", title: "" },
];

test("columns are called by their models, and drafts of one model are counted", () => {
  const entries = ["", "ink", "quill", "gone"].map((model) => ({ model }));
  expect(named(entries, MODELS)).toEqual(["Quill 4B, draft 1", "ink", "Quill 4B, draft 2", "gone"]);
  expect(named(entries, [])).toEqual(["The usual model", "ink", "quill", "gone"]);
});

test("the fastest is known once all have ended, and is nobody among one", () => {
  const done = (outputTokens: bigint, state = State.COMPLETED) =>
    generation({
      state,
      steps: [step({ usage: { outputTokens, generateDuration: durationFromMs(1000) } })],
    });
  const failed = generation({ state: State.FAILED });
  expect(fastest([done(10n), done(30n), failed])).toBe(1);
  expect(fastest([done(10n), done(30n, State.RUNNING)])).toBeUndefined();
  expect(fastest([done(10n), undefined])).toBeUndefined();
  expect(fastest([done(10n), failed])).toBeUndefined();
});

test.each([
  [[""], ["quill", "ink"], "ink"],
  [["ink"], ["quill", "ink"], ""],
  [["", "ink"], ["quill", "ink"], ""],
  [[""], ["quill"], ""],
])("beside %j of %j stands %j", (models, offered, expected) => {
  expect(another(models, offered)).toBe(expected);
});

test("what is left as it is stays out of the request", () => {
  expect(asked({ ...NOTHING, prompt: "a poem" })).toEqual({
    prompt: "a poem",
    kind: Kind.TEXT,
    maxTokens: 0,
  });
  const wish = { ...NOTHING, kind: Kind.APP, seed: "7", maxTokens: "500", seconds: "1.5" };
  expect(asked(wish)).toEqual({
    prompt: "",
    kind: Kind.APP,
    maxTokens: 500,
    timeLimit: durationFromMs(1500),
    seed: 7,
  });
});

test.each([
  [
    "BUDGET_EXCEEDED",
    { needed: "5", left: "3", budget: "20", unit: "bricks" },
    "That may cost 5 bricks if it takes every try, and 3 of your 20 are left.",
  ],
  ["BUDGET_EXCEEDED", {}, "That may cost more than is left of your budget."],
  ["TIME_LIMIT_REACHED", { limit: "90" }, "It took as long as it may: 1 min 30 s."],
  ["TIME_LIMIT_REACHED", {}, "It took as long as it may."],
  ["RESOURCE_NOT_FOUND", { resource: "artifacts/1" }, "There is no such text or app."],
  ["RESOURCE_NOT_FOUND", { resource: "comparisons/1" }, "There is no such comparison."],
])("%s with %j reads as a sentence", (reason, metadata, expected) => {
  const told = metadata as Record<string, string>;
  expect(explain(refusal(reason, Code.ResourceExhausted, told)).title).toBe(expected);
});
