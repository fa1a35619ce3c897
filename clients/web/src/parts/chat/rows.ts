/** What a chat shows: its turns, and what is on its way to become one. Pure. */

import { create } from "@bufbuild/protobuf";
import { MessageSchema } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import type { Sending } from "./outbox";
import type { Standing } from "./states";
import { numberOf, over, type Turn } from "./turns";

export interface Row {
  /** The same before and after it is listed, whatever run answers it. */
  key: string;
  turn: Turn;
  /** Absent where it is listed. */
  sending: Sending | undefined;
  /** Whether it is accepted and not over. */
  open: boolean;
}

/** The rows, what is on its way the latest; `keys` are those of the rows before, by their numbers. */
export function rowsOf(
  turns: readonly Turn[],
  sending: readonly Sending[],
  states: ReadonlyMap<string, Standing>,
  keys: Map<number, string>,
): Row[] {
  const listed = turns.map((turn): Row => {
    const sent = sending.find((one) => becomes(one, turn, states));
    const key = keys.get(turn.number) ?? sent?.id ?? `${turn.number}`;
    keys.set(turn.number, key);
    const state = states.get(turn.generation)?.state ?? turn.said?.state;
    return { key, turn, sending: undefined, open: state !== undefined && !over(state) };
  });
  const coming = sending.filter((one) => !turns.some((turn) => becomes(one, turn, states)));
  return [...listed, ...coming.map((one) => onItsWay(one, states))];
}

/** Whether a message on its way is what a turn lists by now. */
export function becomes(
  { generation }: Sending,
  turn: Turn,
  states: ReadonlyMap<string, Standing>,
): boolean {
  if (!generation) return false;
  // Where it was tried again at once, another run answers by now.
  const { message } = states.get(generation) ?? { message: "" };
  return turn.generation === generation || (!!message && turn.number === numberOf(message));
}

function onItsWay(sending: Sending, states: ReadonlyMap<string, Standing>): Row {
  const { id, text, generation = "" } = sending;
  const { state, message } = states.get(generation) ?? { state: State.QUEUED, message: "" };
  const said = create(MessageSchema, { text, generation, state });
  const turn = { number: numberOf(message), said, reply: undefined, generation };
  return { key: id, turn, sending, open: !!generation && !over(state) };
}
