/** Character cards, out of Hatchery and into it. */

import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import {
  type Agent,
  AgentService,
  type ExportAgentRequest_Format as Format,
  ImportAgentRequestSchema,
} from "../gen/hatchery/gateway/v1/agent_service_pb";
import { requestId, type Server } from "./server";
import { heard, WITH_FILE } from "./silence";

/** A message carries so many bytes of a card. */
const CHUNK = 512 * 1024;
/** As the server has it: what is larger is not even read. */
const LARGEST = 16 * 1024 * 1024;

/** The request ids of the cards whose answers were lost, by what tells one card from another. */
const asked = new Map<string, string>();

/** Downloads an agent as a card. */
export async function exportCard({ agents }: Server, name: string, format: Format): Promise<File> {
  const chunks: BlobPart[] = [];
  let fileName = "companion";
  let type = "";
  for await (const chunk of heard((call) => agents.exportAgent({ name, format }, call))) {
    type ||= chunk.mediaType;
    fileName = chunk.fileName || fileName;
    chunks.push(chunk.data as Uint8Array<ArrayBuffer>);
  }
  return new File(chunks, fileName, { type });
}

/**
 * Keeps a companion from a card. One that is brought again after its answer was lost is the same one.
 *
 * Browsers do not stream requests, and the client library refuses to. A request of several messages
 * that are all there at once is none that streams: it is sent as one body, a frame for each.
 */
export async function importCard(card: Blob, baseUrl: string = location.origin): Promise<Agent> {
  if (card.size > LARGEST) {
    throw new ConnectError("the card is larger than 16 MiB", Code.InvalidArgument);
  }
  const unreadable = () => {
    throw new ConnectError("the file cannot be read", Code.InvalidArgument);
  };
  const which = await digest(card).catch(unreadable);
  const id = asked.get(which) ?? requestId();
  asked.set(which, id);
  const body = await framed(card, id).catch(unreadable);
  const transport = createGrpcWebTransport({
    baseUrl,
    fetch: (input, init) => fetch(input, { ...init, body }),
  });
  const method = { ...AgentService.method.importAgent, methodKind: "unary" as const };
  const { message } = await transport.unary(method, undefined, WITH_FILE, undefined, {});
  asked.delete(which);
  return message;
}

/** Tells cards apart. `crypto.subtle` is only there on pages that came over TLS or loopback. */
async function digest(card: Blob): Promise<string> {
  let one = 0x811c9dc5;
  let other = card.size;
  for (const byte of new Uint8Array(await card.arrayBuffer())) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0x85ebca6b) ^ (other >>> 15);
  }
  return `${card.size} ${one} ${other}`;
}

/** A card as messages, each behind the five bytes that gRPC begins a message with. */
async function framed(card: Blob, request: string): Promise<Blob> {
  const parts: BlobPart[] = [];
  for (let at = 0; at === 0 || at < card.size; at += CHUNK) {
    const data = new Uint8Array(await card.slice(at, at + CHUNK).arrayBuffer());
    const message = create(ImportAgentRequestSchema, { data, requestId: at ? "" : request });
    const bytes = toBinary(ImportAgentRequestSchema, message) as Uint8Array<ArrayBuffer>;
    const head = new DataView(new ArrayBuffer(5));
    head.setUint32(1, bytes.length);
    parts.push(head.buffer, bytes);
  }
  return new Blob(parts);
}
