/** What was said, as turns: what a person says, and what is answered. Pure. */

import {
  Message_Author as Author,
  type Message,
} from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import {
  type Generation,
  Generation_State as State,
} from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { answer } from "../../words/thinking";

export interface Turn {
  /** The number of what the person said. */
  number: number;
  /** Absent where that is on an earlier page. */
  said: Message | undefined;
  /** Absent where nothing was answered, or not yet. */
  reply: Message | undefined;
  /** The run that answers, the latest of its tries. */
  generation: string;
}

/** The number in `conversations/{uuid}/messages/{number}`; 0 where there is none. */
export function numberOf(message: string): number {
  return Number(message.split("/")[3] ?? 0);
}

/** Turns of messages that come the earliest first. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns = new Map<number, Turn>();
  for (const message of messages) {
    const number = numberOf(message.name);
    const replies = message.author === Author.COMPANION;
    const at = replies ? number - 1 : number;
    const before = turns.get(at);
    turns.set(at, {
      number: at,
      said: replies ? before?.said : message,
      reply: replies ? message : before?.reply,
      generation: replies ? (before?.generation ?? message.generation) : message.generation,
    });
  }
  return [...turns.values()];
}

/** Two stretches of messages as one, the earliest first: what is in the fresh one counts. */
export function merged(known: readonly Message[], fresh: readonly Message[]): Message[] {
  const first = Math.min(...fresh.map(({ name }) => numberOf(name)));
  return [...known.filter(({ name }) => numberOf(name) < first), ...fresh];
}

/** Whether what is known of a run says that it is over. */
export function over(state: State): boolean {
  return state === State.COMPLETED || state === State.FAILED || state === State.CANCELLED;
}

/** What tells that messages are to be read again: a run that begins, answers or ends. */
export function pulse(generations: readonly Generation[], conversation: string): string {
  return generations
    .filter((one) => one.conversation && (!conversation || one.conversation === conversation))
    .map((one) => `${one.name} ${one.state} ${answer(one).whole}`)
    .join();
}
