import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentSchema, AgentService } from "../src/gen/hatchery/gateway/v1/agent_service_pb";
import { AgentPage } from "../src/pages/agent";
import { clear, Leaf, layOut, show, standing } from "./paper";

let root: Leaf;

beforeEach(() => {
  root = layOut("/agents/1");
});
afterEach(() => clear(root));

test("a server that is away for a moment takes no words out of the form", async () => {
  const agent = create(AgentSchema, {
    name: "agents/1",
    generation: "generations/1",
    persona: { name: "Moss" },
  });
  const failures: ConnectError[] = [];
  let reads = 0;
  const transport = createRouterTransport(({ service }) =>
    service(AgentService, {
      getAgent: () => {
        reads += 1;
        const failure = failures.pop();
        if (failure) throw failure;
        return agent;
      },
    }),
  );
  const hatchery = standing(transport);
  show(root, AgentPage, hatchery, "/agents/:id");
  await vi.waitFor(() => root.button("Edit").dispatchEvent(new Event("click")));
  const field = () => root.all(({ attributes }) => attributes.get("id") === "edit-species")[0];
  await vi.waitFor(() => expect(field()).toBeDefined());
  const typed = Object.assign(field() ?? new Leaf("input"), { value: "a mossy dragon" });
  typed.dispatchEvent(new Event("input"));

  failures.push(new ConnectError("restarting", Code.Unavailable));
  hatchery.agentsChanged.value += 1;
  await vi.waitFor(() => expect(reads).toBe(2));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(field()?.value).toBe("a mossy dragon");
  expect(root.text).not.toContain("Hatchery cannot be reached");
});
