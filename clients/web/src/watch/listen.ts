import type { Client } from "@connectrpc/connect";
import type {
  GenerationCursor,
  GenerationService,
} from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";

interface Listening {
  cursors: GenerationCursor[];
  all: boolean;
  /** Ends the connection, and is used up by its end. */
  call: AbortController;
  /** The connection ends after so many milliseconds without a word. */
  silence: number;
  /** The server was heard; without an event, it only answered. */
  heard: (event?: Progress) => void;
}

/** Holds one `WatchGenerations` until it ends, breaks, falls silent or is ended. */
export async function listen(
  generations: Client<typeof GenerationService>,
  { cursors, all, call, silence, heard }: Listening,
): Promise<void> {
  let silent: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(silent);
    silent = setTimeout(() => call.abort(), silence);
  };
  const hear = (event?: Progress) => {
    wait();
    heard(event);
  };
  try {
    wait();
    const options = { signal: call.signal, onHeader: () => hear() };
    for await (const event of generations.watchGenerations({ cursors, all }, options)) hear(event);
  } finally {
    clearTimeout(silent);
    // Leaving the loop does not end the call.
    call.abort();
  }
}
