import { create } from "@bufbuild/protobuf";
import { Code, createClient, createRouterTransport } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AssetService } from "../src/gen/hatchery/gateway/v1/asset_service_pb";
import { ConversationService } from "../src/gen/hatchery/gateway/v1/conversation_service_pb";
import { GenerationService } from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { type Outbox, useOutbox } from "../src/parts/chat/outbox";
import { Pictures } from "../src/server/pictures";
import { explain } from "../src/server/problem";
import { begin } from "../src/server/server";
import { patient } from "../src/server/transport";
import { clear, layOut, show, standing } from "./paper";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = () => new Promise<never>(() => undefined);
/** What happens to a call: nothing yet, what it gave, or the code of its failure. */
function told<Value>(call: Promise<Value>) {
  const seen: { value?: Value; failed?: Code; passing?: boolean } = {};
  call.then(
    (value) => Object.assign(seen, { value }),
    (error) => Object.assign(seen, { failed: error.code, passing: explain(error).passing }),
  );
  return seen;
}

test("a message on a line that swallows everything is sent again, and is one message", async () => {
  const root = layOut("/");
  const ids: string[] = [];
  const transport = createRouterTransport(({ service }) =>
    service(ConversationService, {
      async *sendMessage({ requestId }) {
        ids.push(requestId);
        if (ids.length === 1) await never();
        yield create(ProgressSchema, { generation: "generations/1", sequence: 1n });
      },
    }),
  );
  let outbox: Outbox | undefined;
  const Sends = () => {
    outbox = useOutbox("conversations/1");
    return null;
  };
  show(root, Sends, standing(transport));
  outbox?.send({ text: "hello", model: "", allowedActions: [] });
  await vi.advanceTimersByTimeAsync(24_000);
  expect(ids).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(outbox?.sending).toMatchObject([{ generation: "generations/1" }]);
  clear(root);
});

test("a stream that lives begins when it begins, and is not left once it has", async () => {
  const heartbeat = create(ProgressSchema, {});
  const event = create(ProgressSchema, { generation: "generations/1", sequence: 1n });
  let left: AbortSignal | undefined;
  async function* slow({ signal }: { signal: AbortSignal }) {
    left = signal;
    for (const next of [heartbeat, heartbeat, event]) {
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      yield next;
    }
    await never();
  }
  const begun = told(begin(slow, () => undefined));
  await vi.advanceTimersByTimeAsync(61_000);
  expect(begun).toEqual({ value: "generations/1" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(left?.aborted).toBe(false);
});

test("a call of one answer is given up, and may go well in a moment; a stream goes on", async () => {
  const transport = patient(
    createRouterTransport(({ service }) =>
      service(GenerationService, {
        cancelGeneration: never,
        async *watchGeneration() {
          await new Promise((resolve) => setTimeout(resolve, 60_000));
          yield create(ProgressSchema, { sequence: 1n });
        },
      }),
    ),
  );
  const generations = createClient(GenerationService, transport);
  const stop = told(generations.cancelGeneration({ name: "generations/1" }));
  const stream = generations.watchGeneration({ name: "generations/1" });
  const first = told(stream[Symbol.asyncIterator]().next());
  await vi.advanceTimersByTimeAsync(26_000);
  expect(stop).toEqual({ failed: Code.DeadlineExceeded, passing: true });
  await vi.advanceTimersByTimeAsync(40_000);
  expect(first.value?.value).toMatchObject({ sequence: 1n });
});

test("a picture that stops coming is asked for again by who asks again", async () => {
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
  let asked = 0;
  const transport = createRouterTransport(({ service }) =>
    service(AssetService, {
      async *downloadAsset() {
        asked += 1;
        yield { mediaType: "image/png", data: new Uint8Array(1) };
        if (asked === 1) await never();
      },
    }),
  );
  const pictures = new Pictures(createClient(AssetService, transport));
  const [first, same] = [told(pictures.address("assets/1")), told(pictures.address("assets/1"))];
  await vi.advanceTimersByTimeAsync(26_000);
  for (const one of [first, same]) {
    expect(one).toEqual({ failed: Code.DeadlineExceeded, passing: true });
  }
  expect(await pictures.address("assets/1")).toBe("blob:1");
  expect(asked).toBe(2);
});
