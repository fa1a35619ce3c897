import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { explain, type Problem } from "../../server/problem";
import { AGAIN } from "../agent";
import { merged } from "./turns";

const PAGE = 40;

interface Read {
  /** The earliest first. */
  messages: Message[];
  /** Brings earlier ones; empty where these are all. */
  token: string;
}

/** What was said in a conversation, the latest page at first; read again whenever `pulse` changes. */
export function useMessages(conversation: string, pulse: string) {
  const { server, watching } = useHatchery();
  const [read, setRead] = useState<Read>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);
  const up = watching.up.value;

  const refresh = useCallback(async () => {
    latest.current += 1;
    const mine = latest.current;
    if (!conversation) return true;
    try {
      const page = await server.conversations.listMessages({ conversation, pageSize: PAGE });
      // An answer that was overtaken tells of the past.
      if (mine !== latest.current) return true;
      const fresh = page.messages.toReversed();
      setRead((before) => {
        const joins = before?.messages.some(({ name }) => name === fresh[0]?.name);
        return joins && before
          ? { messages: merged(before.messages, fresh), token: before.token }
          : { messages: fresh, token: page.nextPageToken };
      });
      setProblem(undefined);
      return true;
    } catch (error) {
      if (mine !== latest.current) return false;
      setProblem(explain(error));
      return false;
    }
  }, [server, conversation]);

  // Each of these says that there may be more.
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const ask = async () => {
      if (!(await refresh()) && !left) again = setTimeout(ask, AGAIN);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(again);
    };
  }, [refresh, pulse, up]);
  useEffect(
    () => () => {
      latest.current += 1;
    },
    [],
  );

  const token = read?.token ?? "";
  const earlier = useCallback(async () => {
    if (!token || busy) return;
    setBusy(true);
    try {
      const request = { conversation, pageSize: PAGE, pageToken: token };
      const page = await server.conversations.listMessages(request);
      setRead(
        (before) =>
          before && {
            messages: [...page.messages.toReversed(), ...before.messages],
            token: page.nextPageToken,
          },
      );
    } catch (error) {
      setProblem(explain(error));
      // Who looks for a message asks for as long as it is not there: not without a pause.
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    } finally {
      setBusy(false);
    }
  }, [server, conversation, token, busy]);

  return { messages: read?.messages, problem, refresh, earlier: token ? earlier : undefined };
}
