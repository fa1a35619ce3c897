/** What each reason of `hatchery.errors.v1.ErrorReason` means to the person at the page. */

import { duration } from "../words/numbers";

interface Given {
  /** The server's own message, as a sentence. */
  message: string;
  metadata: Record<string, string>;
  fields: Record<string, string>;
}

/** What to say; without a title, the server's own message. */
interface Said {
  title?: string;
  hint?: string;
  command?: string;
}

/** What a form calls the fields of a request. */
const FIELDS: Record<string, string> = {
  prompt: "What to write",
  model: "The model",
  models: "The models",
  max_tokens: "The limit of tokens",
  time_limit: "The time limit",
  description: "The sentence",
  llm_model: "The text model",
  "portrait.model": "The image model",
  "portrait.width": "The size",
  "portrait.height": "The size",
  "portrait.steps": "The number of steps",
  seed: "The seed",
  query: "The search",
  data: "This file:",
  template_id: "The title",
  "template.title": "The title",
  "template.description": "The sentence",
  reference_image: "The picture",
  vision_model: "The model that looks at the picture:",
  text: "What you say",
  summary: "The summary",
  title: "The title",
  "agent.persona.name": "The name",
  "agent.persona.species": "The species",
  "agent.persona.traits": "A trait",
  "agent.persona.personality": "The personality",
  "agent.persona.backstory": "The backstory",
  "agent.persona.greeting": "The greeting",
};
const NOT_THERE = {
  title: "There is nothing of that name.",
  hint: "It may have been removed, or belong to somebody else.",
};

const AGAIN = "Try again; another model may do better.";

export const SENTENCES: Record<string, (given: Given) => Said> = {
  INVALID_FIELD: ({ fields, message }) => {
    if ("name" in fields) return NOT_THERE;
    const wrong = Object.entries(fields).map(([field, problem]) => {
      const plain = field
        .replace(/\[\d+\]$/, "")
        .replace(/^artifact\./, "")
        .replace(/^persona\./, "agent.persona.");
      return `${FIELDS[plain] ?? plain} ${problem}.`;
    });
    const file = "data" in fields || "reference_image" in fields;
    const hint = file ? "Choose another file." : "Change it and try again.";
    return { title: [...new Set(wrong)].join(" ") || message, hint };
  },
  MALFORMED_MESSAGE: () => ({
    title: "This page and the server do not speak the same version.",
    hint: "Reload the page.",
  }),
  UNKNOWN_MODEL: ({ metadata }) => ({
    title: `There is no model called “${metadata.model ?? "?"}” here.`,
    hint: metadata.command ? "This brings it:" : "Choose another one from the list.",
    command: metadata.command ?? "",
  }),
  MODEL_TOO_SMALL: ({ metadata }) => ({
    title: `${metadata.model ? `The model “${metadata.model}”` : "The model"} is too small for more than that.`,
    hint: "A larger one plans before it answers.",
  }),
  PROMPT_TOO_LONG: () => ({
    title: "That is more than the model can read at once.",
    hint: "Say it in fewer words.",
  }),
  TOKEN_MISSING: () => ({ title: "This server wants to know who you are.", hint: "Sign in." }),
  TOKEN_INVALID: () => ({ title: "You are no longer signed in.", hint: "Sign in again." }),
  TOKEN_EXPIRED: () => ({ title: "Your sign-in has run out.", hint: "Reload to sign in again." }),
  SCOPE_MISSING: ({ metadata }) => ({
    title: "You may not do this here.",
    hint: metadata.scope
      ? `It takes the scope ${metadata.scope}, which your sign-in does not give you.`
      : "Your sign-in does not reach so far.",
  }),
  RATE_LIMITED: () => ({ title: "That was too much at once.", hint: "Try again in a moment." }),
  TOO_MANY_STREAMS: () => ({
    title: "Too much is watched at once.",
    hint: "Close a few of the pages that watch.",
  }),
  PEER_REFUSED: () => ({
    title: "This server does not let in who calls.",
    hint: "Open the page at the address that it is meant to have.",
  }),
  KEYS_UNAVAILABLE: () => ({
    title: "This server cannot look at sign-ins yet.",
    hint: "Try again in a moment.",
  }),
  RESOURCE_NOT_FOUND: ({ metadata }) => ({
    title: metadata.resource?.startsWith("agents/")
      ? "There is no such companion."
      : metadata.resource?.startsWith("generations/")
        ? "There is no such generation."
        : metadata.resource?.startsWith("templates/")
          ? "There is no such template any more."
          : metadata.resource?.startsWith("artifacts/")
            ? "There is no such text or app."
            : metadata.resource?.startsWith("comparisons/")
              ? "There is no such comparison."
              : metadata.resource?.startsWith("conversations/")
                ? "There is no such conversation."
                : metadata.resource?.startsWith("memories/")
                  ? "That is forgotten already."
                  : NOT_THERE.title,
    hint: NOT_THERE.hint,
  }),
  REQUEST_ID_REUSED: () => ({
    title: "This was sent before with other words.",
    hint: "Reload the page and try again.",
  }),
  NOT_DELETED: () => ({ title: "It is not deleted any more.", hint: "There is nothing to undo." }),
  TEMPLATE_EXISTS: () => ({
    title: "There is another template of that name.",
    hint: "Give this one another.",
  }),
  TEMPLATE_SHIPPED: () => ({
    title: "This template comes with Hatchery, and stays as it is.",
    hint: "Begin with it, and keep what you make of it as one of your own.",
  }),
  ETAG_MISMATCH: () => ({
    title: "It was changed elsewhere in the meantime.",
    hint: "Once more, and what you wrote takes its place.",
  }),
  CURSOR_BEYOND_LOG: () => ({
    title: "The stream is shorter than this page believed.",
    hint: "Reload the page.",
  }),
  CURSOR_TRIMMED: () => ({
    title: "What happened back then is no longer kept.",
    hint: "What came of it still is.",
  }),
  VISION_MISSING: () => ({
    title: "None of the text models here can look at pictures.",
    hint: "Where Ollama writes, this brings one that can:",
    command: "ollama pull gemma3",
  }),
  PICTURE_MISSING: () => ({ title: "It came without a picture.", hint: "Have one drawn." }),
  ENGINE_BUSY: () => ({
    title: "The engine has as much to do as it can.",
    hint: "Try again in a moment.",
  }),
  ENGINE_UNAVAILABLE: ({ message }) =>
    /ollama/i.test(message)
      ? {
          title: "Ollama does not answer.",
          hint: "Start it on its machine:",
          command: "ollama serve",
        }
      : {
          title: message,
          hint: "This says what is missing:",
          command: "hatchery doctor",
        },
  ENGINE_FAILED: () => ({
    title: "The engine broke off in the middle of its work.",
    hint: "Try again. If it happens again, this says what is missing:",
    command: "hatchery doctor",
  }),
  ENGINE_TIMEOUT: () => ({
    title: "The engine did not finish in the time that it was given.",
    hint: "Try again, or choose a smaller model or picture.",
  }),
  OUTPUT_CUT_OFF: () => ({ title: "The model ran out of room before it was done.", hint: AGAIN }),
  OUTPUT_INVALID: ({ message }) => ({
    title: "The model wrote something that cannot be used.",
    hint: `${message.replace(/: try again.*$/, ".")} ${AGAIN}`,
  }),
  OUTPUT_LOOPING: () => ({ title: "The model repeated itself without end.", hint: AGAIN }),
  STORE_UNAVAILABLE: () => ({
    title: "The database does not answer; nothing was accepted.",
    hint: "Try again in a moment.",
  }),
  SHUTTING_DOWN: () => ({
    title: "This server is just being restarted.",
    hint: "Try again in a moment.",
  }),
  INTERNAL: ({ metadata }) => ({
    title: "Something went wrong on the server.",
    hint: metadata.request_id
      ? `Try again. The server's logs have it under ${metadata.request_id}.`
      : "Try again.",
  }),
  NOT_ENDED: () => ({ title: "It is still under way.", hint: "Stop it first, or let it end." }),
  NOTHING_TO_RETRY: () => ({
    title: "It went well: there is nothing to try again.",
    hint: "A new portrait can be drawn all the same.",
  }),
  RETRY_UNDER_WAY: () => ({
    title: "It is being tried again already.",
    hint: "Watch that one instead.",
  }),
  QUEUE_FULL: ({ metadata }) => ({
    title: `There are ${metadata.limit ?? "too many"} under way, and more there may not be.`,
    hint: "Try again when some of them have ended.",
  }),
  TIME_LIMIT_REACHED: ({ metadata }) => ({
    title: `It took as long as it may${metadata.limit ? `: ${duration(Number(metadata.limit))}` : ""}.`,
    hint: "Give it more time, or choose a faster model.",
  }),
  BUDGET_EXCEEDED: ({ metadata: { needed, left, budget, unit } }) => ({
    title:
      needed && left && budget && unit
        ? `That may cost ${needed} ${unit} if it takes every try, and ${left} of your ${budget} are left.`
        : "That may cost more than is left of your budget.",
    hint: "Lower its limit of tokens, or choose a cheaper model.",
  }),
};
