import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Generation_State as State } from "../../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../../hatchery";

export interface Standing {
  state: State;
  /** What it answers, `conversations/{uuid}/messages/{number}`. */
  message: string;
}

/** Where each run of a conversation stands that has not ended, or ended just now. */
export function useStates(conversation: string): ReadonlyMap<string, Standing> {
  const { watching } = useHatchery();
  const told = useComputed(() =>
    JSON.stringify(
      watching.all.value
        .filter(({ generation }) => conversation && generation.conversation === conversation)
        .map(({ generation: { name, state, message } }) => [name, { state, message }]),
    ),
  ).value;
  return useMemo(() => new Map(JSON.parse(told) as [string, Standing][]), [told]);
}
