/** A gateway in memory: logs that grow, streams that can be cut, and who asked for what. */

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type Client,
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
} from "@connectrpc/connect";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb";
import {
  type Generation,
  GenerationSchema,
  GenerationService,
  type WatchGenerationsRequest,
} from "../src/gen/hatchery/gateway/v1/generation_service_pb";
import { type Progress, ProgressSchema } from "../src/gen/hatchery/progress/v1/progress_pb";
import { ended, fold } from "../src/watch/fold";

export type Event = Progress["event"];
export const delta = (text: string): Event => ({
  case: "textDelta",
  value: { $typeName: "hatchery.progress.v1.TextDelta", field: "", text },
});
export const completed: Event = {
  case: "completed",
  value: { $typeName: "hatchery.progress.v1.Completed", resource: "agents/1" },
};
const queued: Event = {
  case: "queued",
  value: { $typeName: "hatchery.progress.v1.Queued", position: 0, queueSize: 1 },
};
const heartbeat: Event = {
  case: "heartbeat",
  value: { $typeName: "hatchery.progress.v1.Heartbeat" },
};

interface Open {
  push: (event: Progress) => void;
  cut: (error: ConnectError) => void;
  follows: (name: string) => boolean;
}

export class House {
  readonly logs = new Map<string, Progress[]>();
  readonly open = new Set<Open>();
  readonly requests: WatchGenerationsRequest[] = [];
  snapshots = 0;
  /** Whether it takes streams and says nothing on them. */
  mute = false;
  /** Names whose snapshots cannot be read. */
  readonly broken = new Set<string>();
  /** Milliseconds that a snapshot takes. */
  slow = 0;
  /** Seconds that its clock is ahead. */
  ahead = 0;
  /** Whether it refuses every call as a server that is not there. */
  away = false;

  /** A generation that waits. */
  accept(name: string): void {
    this.logs.set(name, []);
    this.tell(name, queued);
  }

  /** Something happens; ephemeral events are in no log. */
  tell(name: string, event: Event, ephemeral = false): void {
    const log = this.logs.get(name) ?? [];
    const sequence = ephemeral ? 0n : BigInt(log.length + 1);
    const progress = create(ProgressSchema, {
      generation: name,
      sequence,
      step: event.case === "textDelta" ? "persona" : "",
      emitTime: timestampFromMs(Date.now() + this.ahead * 1000),
      event,
    });
    if (!ephemeral) log.push(progress);
    for (const stream of this.open) if (stream.follows(name)) stream.push(progress);
  }

  /** Something comes over the wire that is in no log. */
  send(progress: Progress): void {
    for (const stream of this.open) stream.push(progress);
  }

  /** Every stream breaks. */
  cut(error = new ConnectError("cut", Code.Unavailable)): void {
    for (const stream of this.open) stream.cut(error);
  }

  client(): Client<typeof GenerationService> {
    return createClient(
      GenerationService,
      createRouterTransport(({ service }) => {
        service(GenerationService, {
          getGeneration: ({ name }) => this.#get(name),
          listGenerations: () => this.#list(),
          watchGenerations: (request, { signal }) => this.#watch(request, signal),
        });
      }),
    );
  }

  snapshot(name: string): Generation {
    const begun = create(GenerationSchema, { name, description: `what ${name} is` });
    return (this.logs.get(name) ?? []).reduce(fold, begun);
  }

  async #get(name: string): Promise<Generation> {
    this.#hereOrNot();
    this.snapshots += 1;
    if (this.slow) await new Promise((resolve) => setTimeout(resolve, this.slow));
    if (this.broken.has(name)) throw refusal("INTERNAL", Code.Internal, {});
    if (!this.logs.has(name))
      throw refusal("RESOURCE_NOT_FOUND", Code.NotFound, { resource: name });
    return this.snapshot(name);
  }

  #list() {
    this.#hereOrNot();
    const all = [...this.logs.keys()].map((name) => this.snapshot(name));
    return { generations: all.filter((one) => !ended(one)) };
  }

  async *#watch(request: WatchGenerationsRequest, signal: AbortSignal): AsyncGenerator<Progress> {
    this.#hereOrNot();
    this.requests.push(request);
    const pending: Progress[] = [];
    const known = new Map(request.cursors.map((one) => [one.name, one.startingAfter]));
    for (const [name, after] of known) {
      const log = this.logs.get(name);
      if (!log) throw refusal("RESOURCE_NOT_FOUND", Code.NotFound, { resource: name });
      if (after > BigInt(log.length)) {
        throw refusal("CURSOR_BEYOND_LOG", Code.OutOfRange, { generation: name });
      }
    }
    for (const [name, log] of this.logs) {
      const after = known.get(name);
      if (after !== undefined) pending.push(...log.slice(Number(after)));
      else if (request.all && !ended(this.snapshot(name))) pending.push(...log);
    }
    let wake: () => void = () => undefined;
    let broken: ConnectError | undefined;
    const stream: Open = {
      push: (event) => {
        pending.push(event);
        wake();
      },
      cut: (error) => {
        broken = error;
        wake();
      },
      follows: (name) => request.all || known.has(name),
    };
    this.open.add(stream);
    signal.addEventListener("abort", () => {
      this.open.delete(stream);
      wake();
    });
    try {
      if (!this.mute) yield create(ProgressSchema, { event: heartbeat });
      while (!signal.aborted) {
        if (broken) throw broken;
        const event = pending.shift();
        if (event) yield event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.open.delete(stream);
    }
  }

  #hereOrNot(): void {
    if (this.away) throw new ConnectError("connection refused", Code.Unavailable);
  }
}

export function refusal(
  reason: string,
  code: Code,
  metadata: Record<string, string>,
): ConnectError {
  const info = create(ErrorInfoSchema, { reason, domain: "hatchery", metadata });
  return new ConnectError("it could not be done", code, undefined, [
    { desc: ErrorInfoSchema, value: info },
  ]);
}
