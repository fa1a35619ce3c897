import { useEffect, useRef, useState } from "preact/hooks";
import { useHatchery } from "../../hatchery";
import { explain, type Problem } from "../../server/problem";
import { begin, requestId } from "../../server/server";
import { Backoff } from "../../watch/backoff";
import { keep, recall } from "../kept";

/** A message on its way. */
export interface Sending {
  /** The request id: sent once more, it is still one message. */
  id: string;
  text: string;
  model: string;
  allowedActions: string[];
  /** The run that answers, once it is accepted. */
  generation?: string;
  /** Why it was refused. */
  problem?: Problem | undefined;
}

interface Outbox {
  sending: Sending[];
  /** Why the next one has to wait, while it is tried again. */
  waits: Problem | undefined;
  send: (message: Omit<Sending, "id">) => void;
  /** Tries a refused one again. */
  again: (id: string) => void;
  remove: (id: string) => void;
}

const keyOf = (place: string) => `outbox ${place}`;

/**
 * Sends messages one after the other, so that they are accepted in their order. What is not accepted
 * yet is kept over a reload, with its request id: it is sent again, and is one message all the same.
 *
 * `place` is a conversation, or an agent to begin one with. `accepted` is told of each, and shows it
 * from then on.
 */
export function useOutbox(
  place: string,
  accepted: (generation: string) => Promise<unknown>,
): Outbox {
  const { server } = useHatchery();
  // What was accepted before a reload is in the conversation.
  const [sending, setSending] = useState(() =>
    (recall<Sending[]>("session", keyOf(place)) ?? []).filter(({ generation }) => !generation),
  );
  const [waits, setWaits] = useState<Problem>();
  const told = useRef(accepted);
  told.current = accepted;
  const change = (to: (before: Sending[]) => Sending[]) =>
    setSending((before) => {
      const after = to(before);
      keep("session", keyOf(place), after.length > 0 ? after : undefined);
      return after;
    });
  const put = (id: string, put: Partial<Sending>) =>
    change((before) => before.map((one) => (one.id === id ? { ...one, ...put } : one)));
  const remove = (id: string) => change((before) => before.filter((one) => one.id !== id));

  const next = sending.find(({ generation }) => !generation);
  const ready = next && !next.problem ? next.id : "";
  // A message does not change while it is sent.
  useEffect(() => {
    if (!next || !ready) return undefined;
    const backoff = new Backoff();
    let left = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const { id, text, model, allowedActions } = next;
    const at = place.startsWith("agents/") ? { agent: place } : { conversation: place };
    const request = { ...at, text, model, allowedActions, requestId: id };
    const send = async () => {
      try {
        const generation = await begin((call) => server.conversations.sendMessage(request, call));
        if (left) return;
        setWaits(undefined);
        put(id, { generation });
        await told.current(generation);
        // The next one is under way meanwhile, which has nothing to do with this one.
        remove(id);
      } catch (error) {
        if (left) return;
        const problem = explain(error);
        if (problem.passing) {
          setWaits(problem);
          again = setTimeout(send, backoff.next());
        } else {
          setWaits(undefined);
          put(id, { problem });
        }
      }
    };
    void send();
    return () => {
      left = true;
      clearTimeout(again);
    };
  }, [server, place, ready]);

  return {
    sending,
    waits,
    send: (message) => change((before) => [...before, { ...message, id: requestId() }]),
    again: (id) => put(id, { problem: undefined }),
    remove,
  };
}

/** Hands what waits at one place to another: a conversation that has begun. */
export function handOver(from: string, to: string): void {
  const waiting = (recall<Sending[]>("session", keyOf(from)) ?? []).filter(
    ({ generation }) => !generation,
  );
  if (waiting.length > 0) keep("session", keyOf(to), waiting);
  keep("session", keyOf(from), undefined);
}

/** Whether anything waits to be sent there. */
export function waiting(place: string): boolean {
  return recall("session", keyOf(place)) !== undefined;
}
