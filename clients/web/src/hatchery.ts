import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Server } from "./server/server";
import type { Watching } from "./watch/watching";

interface Hatchery {
  server: Server;
  watching: Watching;
  /** Rises when an agent was changed, in whatever tab: what was read of them is to be read again. */
  agentsChanged: Signal<number>;
  /** The same for conversations, and what companions remember. */
  conversationsChanged: Signal<number>;
  /** Says something in passing, with something to do about it where `undo` is given. */
  say: (text: string, undo?: { label: string; act: () => void }) => void;
}

export const HatcheryContext = createContext<Hatchery | undefined>(undefined);

/** What every page stands on. */
export function useHatchery(): Hatchery {
  const found = useContext(HatcheryContext);
  if (!found) throw new Error("outside of the page");
  return found;
}
