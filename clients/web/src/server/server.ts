/** Everything that the page asks of Hatchery. */

import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { AgentService } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { ArtifactService } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { AssetService } from "../gen/hatchery/gateway/v1/asset_service_pb";
import { ConversationService } from "../gen/hatchery/gateway/v1/conversation_service_pb";
import { GenerationService } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { ModelService } from "../gen/hatchery/gateway/v1/model_service_pb";
import { TemplateService } from "../gen/hatchery/gateway/v1/template_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import { Pictures } from "./pictures";
import { SILENCE, silent } from "./silence";

export class Server {
  readonly agents: Client<typeof AgentService>;
  readonly artifacts: Client<typeof ArtifactService>;
  readonly conversations: Client<typeof ConversationService>;
  readonly generations: Client<typeof GenerationService>;
  readonly models: Client<typeof ModelService>;
  readonly templates: Client<typeof TemplateService>;
  readonly pictures: Pictures;

  constructor(transport: Transport) {
    this.agents = createClient(AgentService, transport);
    this.artifacts = createClient(ArtifactService, transport);
    this.conversations = createClient(ConversationService, transport);
    this.generations = createClient(GenerationService, transport);
    this.models = createClient(ModelService, transport);
    this.templates = createClient(TemplateService, transport);
    this.pictures = new Pictures(createClient(AssetService, transport));
  }
}

/**
 * Begins a generation; what is needed of its stream is the name. `heard` is told of each event, until
 * it leaves the stream: at once, where nobody says otherwise. To leave is not to cancel; the hub
 * watches it from there. `call` is a creating call that was given the signal; where nothing is heard
 * for `patience` milliseconds before it began, it is left and rejected.
 */
export function begin(
  call: (options: { signal: AbortSignal }) => AsyncIterable<Progress>,
  heard: (event: Progress, leave: () => void) => void = (_, leave) => leave(),
  patience = SILENCE,
): Promise<string> {
  const left = new AbortController();
  const leave = () => left.abort();
  return new Promise((resolve, reject) => {
    let begun = false;
    let late: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(late);
      late = setTimeout(() => {
        reject(silent());
        leave();
      }, patience);
    };
    const follow = async () => {
      wait();
      for await (const event of call({ signal: left.signal })) {
        // A stream of several may say that it lives before anything happens.
        if (!event.generation) {
          if (!begun) wait();
          continue;
        }
        begun = true;
        clearTimeout(late);
        heard(event, leave);
        resolve(event.generation);
        if (left.signal.aborted) break;
      }
      throw new Error("the stream ended before it began");
    };
    // However it ends once it has begun, the hub goes on with it.
    follow()
      .catch(reject)
      .finally(() => {
        clearTimeout(late);
        leave();
      });
  });
}

/** A new request id. `crypto.randomUUID` is only there on pages that came over TLS or loopback. */
export function requestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
