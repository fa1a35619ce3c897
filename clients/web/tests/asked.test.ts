import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { h } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  AgentSchema,
  ImportAgentRequestSchema,
} from "../src/gen/hatchery/gateway/v1/agent_service_pb";
import {
  GenerationSchema,
  GenerationService,
  type RetryGenerationRequest,
  Generation_State as State,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { AfterWriting } from "../src/parts/after-writing";
import { Again, Retry } from "../src/parts/chat/again";
import { importCard } from "../src/server/cards";
import { begun } from "../src/watch/live";
import { clear, type Leaf, layOut, show, standing } from "./paper";

let root: Leaf;
/** What was asked, whether its answer arrived or not. */
let asked: RetryGenerationRequest[];
/** So many answers are lost on their way. */
let lost: number;

const NAME = "generations/1";
const transport = createRouterTransport(({ service }) =>
  service(GenerationService, {
    async *retryGeneration(request) {
      asked.push(request);
      if (asked.length <= lost) throw new ConnectError("cut", Code.Unavailable);
      yield create(ProgressSchema, { generation: "generations/2", sequence: 1n });
    },
  }),
);

beforeEach(() => {
  root = layOut("/");
  asked = [];
  lost = 1;
});
afterEach(() => clear(root));

async function press(words: string): Promise<void> {
  const before = asked.length;
  await vi.waitFor(() => {
    const button = root.button(words);
    expect(button.attributes.has("disabled")).toBe(false);
    button.dispatchEvent(new Event("click"));
  });
  await vi.waitFor(() => expect(asked).toHaveLength(before + 1));
}

/** What tells a request from another. */
const told = () => asked.map(({ requestId, seed, fromStep }) => ({ requestId, seed, fromStep }));

test("a retry whose answer was lost is the same request again, its seed as well", async () => {
  const generation = create(GenerationSchema, { name: NAME, state: State.COMPLETED });
  show(root, () => h(AfterWriting, { live: begun(generation) }), standing(transport));
  await press("Write it anew");
  await press("Write it anew");
  const [first, second] = told();
  expect(first).toMatchObject({ fromStep: "write", seed: expect.any(Number) });
  expect(second).toEqual(first);
});

test("what went well is another request the next time", async () => {
  lost = 0;
  const generation = create(GenerationSchema, { name: NAME, state: State.COMPLETED });
  show(root, () => h(AfterWriting, { live: begun(generation) }), standing(transport));
  await press("Write it anew");
  await press("Write it anew");
  const [first, second] = told();
  expect(second?.requestId).not.toBe(first?.requestId);
  expect(second?.seed).not.toBe(first?.seed);
});

test("another answer in a chat is asked for by one id until it went well", async () => {
  const onChange = vi.fn();
  const props = { generation: NAME, text: "a reply", latest: true, onChange };
  show(root, () => h(Again, props), standing(transport));
  await press("Another answer");
  await press("Another answer");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  await press("Another answer");
  const [first, second, third] = told();
  expect(second).toEqual(first);
  expect(third?.requestId).not.toBe(first?.requestId);
});

test("so is what failed and is tried again there, without a seed", async () => {
  const onChange = vi.fn();
  show(root, () => h(Retry, { generation: NAME, onChange }), standing(transport));
  await press("Try again");
  await press("Try again");
  const [first, second] = told();
  expect(first).toMatchObject({ fromStep: "", seed: undefined });
  expect(second).toEqual(first);
});

test("a card whose answer was lost is the same import when it is dropped again", async () => {
  const ids: string[] = [];
  vi.stubGlobal("fetch", async (_: unknown, { body }: { body: Blob }) => {
    const bytes = new Uint8Array(await body.arrayBuffer());
    ids.push(fromBinary(ImportAgentRequestSchema, bytes.slice(5)).requestId);
    if (ids.length === 1) throw new TypeError("network error");
    const agent = toBinary(AgentSchema, create(AgentSchema, { name: "agents/1" }));
    const trailer = new TextEncoder().encode("grpc-status: 0\r\n");
    const parts = [Uint8Array.of(0, 0, 0, 0, agent.length), agent];
    const last = [Uint8Array.of(128, 0, 0, 0, trailer.length), trailer];
    return new Response(new Blob([...parts, ...last] as BlobPart[]), {
      headers: { "content-type": "application/grpc-web+proto" },
    });
  });
  const card = () => new File(['{"name": "Moss"}'], "moss.json");
  await expect(importCard(card(), "http://hatchery.example")).rejects.toThrow();
  await importCard(new File(['{"name": "Fern"}'], "moss.json"), "http://hatchery.example");
  await importCard(card(), "http://hatchery.example");
  await importCard(card(), "http://hatchery.example");
  const [first, other, second, third] = ids;
  expect(second).toBe(first);
  expect(new Set([first, other, third]).size).toBe(3);
});
