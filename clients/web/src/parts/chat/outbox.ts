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

export interface Outbox {
  sending: Sending[];
  /** Why the next one has to wait, while it is tried again. */
  waits: Problem | undefined;
  send: (message: Omit<Sending, "id">) => void;
  /** Tries a refused one again. */
  again: (id: string) => void;
  remove: (id: string) => void;
}

const keyOf = (place: string) => `outbox ${place}`;
/** Under which a draft is kept. */
export const draftOf = (place: string) => `draft ${place}`;

/**
 * Sends messages one after the other, so that they are accepted in their order. What is not accepted
 * yet is kept over a reload, with its request id: it is sent again, and is one message all the same.
 *
 * `place` is a conversation, or an agent to begin one with, which becomes the conversation that has
 * begun. What is accepted stays until it is removed, and its run is watched from its first event on.
 */
export function useOutbox(place: string): Outbox {
  const { server, watching } = useHatchery();
  const [sending, setSending] = useState(() => {
    const kept = recall<Sending[]>("session", keyOf(place)) ?? [];
    const unsent = kept.filter(({ generation }) => !generation);
    // What was accepted before a reload is in the conversation; which one that is, it still tells to
    // what waits behind it where one begins.
    return place.startsWith("agents/") && unsent.length > 0 ? kept : unsent;
  });
  const [waits, setWaits] = useState<Problem>();
  const here = useRef(place);
  here.current = place;
  const change = (to: (before: Sending[]) => Sending[]) =>
    setSending((before) => {
      const after = to(before);
      keep("session", keyOf(here.current), after.length > 0 ? after : undefined);
      return after;
    });
  useEffect(() => change((before) => before), []);
  const put = (id: string, put: Partial<Sending>) =>
    change((before) => before.map((one) => (one.id === id ? { ...one, ...put } : one)));
  const remove = (id: string) => change((before) => before.filter((one) => one.id !== id));

  const begins = place.startsWith("agents/");
  // What comes after the first one belongs to the conversation that it begins.
  const held = begins && sending.some(({ generation }) => generation);
  const next = held ? undefined : sending.find(({ generation }) => !generation);
  const ready = next && !next.problem ? next.id : "";
  // A message does not change while it is sent.
  useEffect(() => {
    if (!next || !ready) return undefined;
    const backoff = new Backoff();
    let left = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const { id, text, model, allowedActions } = next;
    const at = begins ? { agent: place } : { conversation: place };
    const request = { ...at, text, model, allowedActions, requestId: id };
    const send = async () => {
      try {
        const generation = await begin(
          (call) => server.conversations.sendMessage(request, call),
          (event, leave) => watching.overhear(event, leave),
        );
        if (left) return;
        setWaits(undefined);
        put(id, { generation });
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
  }, [server, watching, place, ready]);

  return {
    sending,
    waits,
    send: (message) => change((before) => [...before, { ...message, id: requestId() }]),
    again: (id) => put(id, { problem: undefined }),
    remove,
  };
}

/** Hands what waits at one place, and what is written there, to another: a conversation that has begun. */
export function handOver(from: string, to: string): void {
  const waiting = (recall<Sending[]>("session", keyOf(from)) ?? []).filter(
    ({ generation }) => !generation,
  );
  if (waiting.length > 0) keep("session", keyOf(to), waiting);
  keep("session", keyOf(from), undefined);
  keep("session", draftOf(to), recall("session", draftOf(from)));
  keep("session", draftOf(from), undefined);
}

/** Whether anything waits to be sent there. */
export function waiting(place: string): boolean {
  return recall("session", keyOf(place)) !== undefined;
}
