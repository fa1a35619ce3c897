import { create } from "@bufbuild/protobuf";
import { anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../src/gen/google/rpc/error_details_pb";
import { StatusSchema } from "../src/gen/google/rpc/status_pb";
import { ErrorReason } from "../src/gen/hatchery/errors/v1/errors_pb";
import { explain, explainStatus, lostCursor } from "../src/server/problem";
import { SENTENCES } from "../src/server/sentences";
import { refusal } from "./house";

const REASONS = Object.values(ErrorReason).filter((reason) => typeof reason === "string");

test("every reason of the contract has a sentence, and no other has", () => {
  const documented = REASONS.filter((reason) => reason !== "UNSPECIFIED");
  expect(Object.keys(SENTENCES).sort()).toEqual(documented.sort());
});

test.each(REASONS)("%s is told in whole sentences, never as a code", (reason) => {
  const { title, hint } = explain(refusal(reason, Code.Internal, {}));
  for (const sentence of [title, hint]) {
    expect(sentence).toMatch(/^\p{Lu}.*[.:!]$/u);
    expect(sentence).not.toMatch(/[A-Z]{2,}_|\bundefined\b|\[object/);
  }
});

test("a failure in a log and a call's status are explained alike", () => {
  const info = create(ErrorInfoSchema, { reason: "ENGINE_UNAVAILABLE", domain: "hatchery" });
  const message = "cannot reach Ollama at http://127.0.0.1:11434";
  const status = create(StatusSchema, {
    code: Code.Unavailable,
    message,
    details: [anyPack(ErrorInfoSchema, info)],
  });
  const failed = new ConnectError(message, Code.Unavailable, undefined, [
    { desc: ErrorInfoSchema, value: info },
  ]);
  expect(explainStatus(status)).toEqual(explain(failed));
  expect(explainStatus(status)).toMatchObject({
    title: "Ollama does not answer.",
    command: "ollama serve",
  });
});

test("a field that is wrong is called what the form calls it", () => {
  const failed = new ConnectError("invalid", Code.InvalidArgument, undefined, [
    { desc: ErrorInfoSchema, value: create(ErrorInfoSchema, { reason: "INVALID_FIELD" }) },
    {
      desc: BadRequestSchema,
      value: create(BadRequestSchema, {
        fieldViolations: [{ field: "portrait.width", description: "must be a multiple of 16" }],
      }),
    },
  ]);
  expect(explain(failed).title).toBe("The size must be a multiple of 16.");
});

test("when to ask again is said where the server says it", () => {
  const failed = new ConnectError("full", Code.ResourceExhausted, undefined, [
    {
      desc: ErrorInfoSchema,
      value: create(ErrorInfoSchema, { reason: "QUEUE_FULL", metadata: { limit: "20" } }),
    },
    { desc: RetryInfoSchema, value: create(RetryInfoSchema, { retryDelay: durationFromMs(5000) }) },
  ]);
  expect(explain(failed)).toMatchObject({
    title: "There are 20 under way, and more there may not be.",
    hint: "Try again in about 5 s.",
    passing: true,
  });
});

test.each([Code.Unknown, Code.Unavailable, Code.DeadlineExceeded])(
  "a server that is not heard (code %s) is worth another try",
  (code) => {
    expect(explain(new ConnectError("network error", code))).toMatchObject({
      title: "Hatchery cannot be reached.",
      passing: true,
    });
  },
);

test("too much at once is no server that is away", () => {
  const failed = new ConnectError("HTTP 429", Code.Unavailable);
  expect(explain(failed)).toMatchObject({ title: "That was too much at once.", passing: true });
});

test("a message that is too large is not sent again", () => {
  const failed = new ConnectError("Received message larger than max", Code.ResourceExhausted);
  expect(explain(failed)).toMatchObject({ passing: false });
});

test("only what is about a cursor names one that is lost", () => {
  expect(lostCursor(refusal("CURSOR_TRIMMED", Code.OutOfRange, { generation: "g" }))).toBe("g");
  expect(lostCursor(refusal("RESOURCE_NOT_FOUND", Code.NotFound, { resource: "g" }))).toBe("g");
  expect(lostCursor(refusal("STORE_UNAVAILABLE", Code.Unavailable, {}))).toBeUndefined();
});
