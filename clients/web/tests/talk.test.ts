import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { h } from "preact";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentSchema } from "../src/gen/hatchery/gateway/v1/agent_service_pb";
import {
  Message_Author as Author,
  ConversationService,
  type SendMessageRequest,
} from "../src/gen/hatchery/gateway/v1/conversation_service_pb";
import { GenerationSchema } from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { handOver } from "../src/parts/chat/outbox";
import { Talk } from "../src/parts/chat/talk";
import { keep } from "../src/parts/kept";
import { explain } from "../src/server/problem";
import type { ToHub, ToTab } from "../src/watch/messages";
import { refusal } from "./house";
import { clear, type Leaf, layOut, show, standing } from "./paper";

let root: Leaf;

beforeEach(() => {
  vi.useFakeTimers();
  root = layOut("/");
});
afterEach(() => {
  clear(root);
  vi.useRealTimers();
});

const TALK = "conversations/1";
const props = {
  agent: create(AgentSchema, { name: "agents/1", persona: { name: "Moss" } }),
  conversation: undefined,
  onBegin: () => undefined,
  onChange: () => undefined,
};

test("a message on an earlier page is looked for with pauses where the server fails", async () => {
  const pages: string[] = [];
  let away = true;
  const message = (number: number) => ({
    name: `${TALK}/messages/${number}`,
    author: Author.PERSON,
    text: `message ${number}`,
  });
  const transport = createRouterTransport(({ service }) =>
    service(ConversationService, {
      listMessages: ({ pageToken }) => {
        pages.push(pageToken);
        if (!pageToken) return { messages: [message(41)], nextPageToken: "earlier" };
        if (away) throw new ConnectError("restarting", Code.Unavailable);
        return { messages: [message(1)] };
      },
    }),
  );
  const looking = () => h(Talk, { ...props, name: TALK, number: 1 });
  show(root, looking, standing(transport));
  await vi.advanceTimersByTimeAsync(1900);
  expect(pages).toEqual(["", "earlier"]);
  away = false;
  await vi.advanceTimersByTimeAsync(2000);
  expect(pages).toEqual(["", "earlier", "earlier"]);
  expect(root.text).toContain("message 1");
});

/** A place where a conversation begins, as the page has it. */
function Beginning() {
  const [name, setName] = useState("");
  const onBegin = (conversation: string) => {
    handOver("agents/1", conversation);
    setName(conversation);
  };
  return h(Talk, { ...props, name, number: 0, onBegin });
}

/** What waited at the companion's place when the page was left: one that is accepted, and the next. */
function leftBehind() {
  const ofMessage = { text: "hello", model: "", allowedActions: [] };
  keep("session", "outbox agents/1", [
    { ...ofMessage, id: "1", generation: "generations/1" },
    { ...ofMessage, id: "2" },
  ]);
  const sent: SendMessageRequest[] = [];
  const transport = createRouterTransport(({ service }) =>
    service(ConversationService, {
      listMessages: () => ({}),
      async *sendMessage(request) {
        sent.push(request);
        yield create(ProgressSchema, { generation: "generations/2", sequence: 1n });
      },
    }),
  );
  const { port1, port2 } = new MessageChannel();
  /** The hub tells of the run that was accepted. */
  const answer = (message: ToTab) => {
    port2.onmessage = ({ data }: MessageEvent<ToHub>) => {
      if (data.kind === "watch" && data.name === "generations/1") port2.postMessage(message);
    };
  };
  return { sent, answer, show: () => show(root, Beginning, standing(transport, port1)) };
}

test("the second message goes to the conversation that the first one began", async () => {
  vi.useRealTimers();
  const { sent, answer, show } = leftBehind();
  const generation = create(GenerationSchema, { name: "generations/1", conversation: TALK });
  answer({ kind: "snapshot", generation });
  show();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toMatchObject([{ conversation: TALK, agent: "", requestId: "2" }]);
});

test("it begins another where that conversation is deleted", async () => {
  vi.useRealTimers();
  const { sent, answer, show } = leftBehind();
  const missing = refusal("RESOURCE_NOT_FOUND", Code.NotFound, { resource: "generations/1" });
  answer({ kind: "refused", name: "generations/1", problem: explain(missing) });
  show();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toMatchObject([{ conversation: "", agent: "agents/1", requestId: "2" }]);
});
