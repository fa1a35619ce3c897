import { Code, ConnectError } from "@connectrpc/connect";

/** Who says nothing for so many milliseconds is not heard any more. */
export const SILENCE = 25_000;
/** The same for a call that takes a file along: a little longer than it is waited for there. */
export const WITH_FILE = 160_000;

/** Why a call is given up; unlike what was cancelled, it may go well in a moment. */
export function silent(): ConnectError {
  return new ConnectError("nothing was heard", Code.DeadlineExceeded);
}

/** What a stream says, until it says nothing for too long. `call` is given the signal. */
export async function* heard<Message>(
  call: (options: { signal: AbortSignal }) => AsyncIterable<Message>,
): AsyncGenerator<Message> {
  const left = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(late);
    late = setTimeout(() => left.abort(silent()), SILENCE);
  };
  try {
    wait();
    for await (const message of call({ signal: left.signal })) {
      wait();
      yield message;
    }
  } finally {
    clearTimeout(late);
    // Leaving the loop does not end the call.
    left.abort();
  }
}
