/** Every failure as a sentence that a person can act on, from a call's status or out of a log. */

import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb";
import type { Status } from "../gen/google/rpc/status_pb";
import { about } from "../words/numbers";
import { SENTENCES } from "./sentences";

export interface Problem {
  /** A value of `hatchery.errors.v1.ErrorReason` without its prefix; empty where the server was not heard. */
  reason: string;
  /** What happened, as a whole sentence. */
  title: string;
  /** What to do about it. */
  hint: string;
  /** A command that helps, as it is typed; empty where there is none. */
  command: string;
  /** Whether the same request may succeed in a moment. */
  passing: boolean;
  /** What is wrong with which field of the request. */
  fields: Record<string, string>;
  metadata: Record<string, string>;
}

interface Told {
  code: Code;
  message: string;
  info?: ErrorInfo | undefined;
  fields: Record<string, string>;
  /** In seconds. */
  retryAfter?: number | undefined;
}

const PASSING = new Set([
  "ENGINE_BUSY",
  "KEYS_UNAVAILABLE",
  "QUEUE_FULL",
  "RATE_LIMITED",
  "SHUTTING_DOWN",
  "STORE_UNAVAILABLE",
  "TOO_MANY_STREAMS",
  // What stands in front of the server and signs people in puts a new one into the next call.
  "TOKEN_EXPIRED",
]);
/** What the edge says of a connection on which too much is asked. */
const TOO_MUCH: Pick<Problem, "title" | "hint" | "passing"> = {
  title: "That was too much at once.",
  hint: "Try again in a moment.",
  passing: true,
};
/** What a code without a reason means: something between the page and Hatchery has answered. */
const BARE: Partial<Record<Code, Pick<Problem, "title" | "hint">>> = {
  [Code.PermissionDenied]: {
    title: "Something between here and Hatchery refuses this page.",
    hint: "Open it at the address at which Hatchery says that it is ready.",
  },
  [Code.Unauthenticated]: {
    title: "Something between here and Hatchery wants to know who you are.",
    hint: "Sign in there, and reload.",
  },
  [Code.Unimplemented]: {
    title: "What answers here is not Hatchery, or an older one.",
    hint: "Reload the page.",
  },
};
const UNREACHABLE: Problem = {
  reason: "",
  title: "Hatchery cannot be reached.",
  hint: "If it runs on this machine, start it again:",
  command: "hatchery up",
  passing: true,
  fields: {},
  metadata: {},
};

/** Explains why a call failed. */
export function explain(error: unknown): Problem {
  const failed = ConnectError.from(error);
  const [info] = failed.findDetails(ErrorInfoSchema);
  const [request] = failed.findDetails(BadRequestSchema);
  const [retry] = failed.findDetails(RetryInfoSchema);
  return problem({
    code: failed.code,
    message: failed.rawMessage,
    info,
    fields: fieldsOf(request?.fieldViolations ?? []),
    retryAfter: retry?.retryDelay && Number(retry.retryDelay.seconds),
  });
}

/** Explains a failure that stands in a log. */
export function explainStatus(status: Status | undefined): Problem {
  const unpacked = (status?.details ?? []).map((any) => ({
    info: anyUnpack(any, ErrorInfoSchema),
    request: anyUnpack(any, BadRequestSchema),
  }));
  return problem({
    code: status?.code ?? Code.Unknown,
    message: status?.message ?? "",
    info: unpacked.find(({ info }) => info)?.info,
    fields: fieldsOf(unpacked.find(({ request }) => request)?.request?.fieldViolations ?? []),
  });
}

/** The generation whose cursor a stream was refused for, if that is why it failed. */
export function lostCursor(error: unknown): string | undefined {
  const { reason, metadata } = explain(error);
  const lost = ["CURSOR_BEYOND_LOG", "CURSOR_TRIMMED", "RESOURCE_NOT_FOUND"].includes(reason);
  return lost ? (metadata.generation ?? metadata.resource) : undefined;
}

function fieldsOf(violations: { field: string; description: string }[]): Record<string, string> {
  return Object.fromEntries(violations.map(({ field, description }) => [field, description]));
}

function problem({ code, message, info, fields, retryAfter }: Told): Problem {
  if (!info) {
    const known = message === "HTTP 429" ? TOO_MUCH : BARE[code];
    if (known && message) return { ...UNREACHABLE, command: "", passing: false, ...known };
    const away =
      code === Code.Unknown || code === Code.Unavailable || code === Code.DeadlineExceeded;
    return away || !message
      ? UNREACHABLE
      : { ...UNREACHABLE, title: sentence(message), hint: "", command: "", passing: false };
  }
  const { reason, metadata } = info;
  const known = SENTENCES[reason];
  const said = known?.({ message: sentence(message), metadata, fields }) ?? {
    title: sentence(message),
  };
  return {
    reason,
    title: said.title ?? sentence(message),
    hint: retryAfter ? `Try again in ${about(retryAfter)}.` : (said.hint ?? "Try again."),
    command: said.command ?? "",
    passing: PASSING.has(reason),
    fields,
    metadata,
  };
}

/** A message of a server as a sentence. */
function sentence(message: string): string {
  const text = message.trim() || "it failed and gave no reason";
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}
