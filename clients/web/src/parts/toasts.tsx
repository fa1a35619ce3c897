import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export interface Toast {
  text: string;
  undo?: { label: string; act: () => void } | undefined;
}

/** So long there is time to read it, in milliseconds. What can be undone stays until it is put away. */
const STAYS = 8000;

/** The latest thing that was said in passing. */
export function Toasts({ toast }: { toast: Signal<Toast | undefined> }) {
  const said = toast.value;
  useEffect(() => {
    if (!said || said.undo) return undefined;
    const timer = setTimeout(() => {
      toast.value = undefined;
    }, STAYS);
    return () => clearTimeout(timer);
  }, [said, toast]);
  const putAway = () => {
    toast.value = undefined;
  };
  const undo = () => {
    said?.undo?.act();
    putAway();
  };
  return (
    <div class="toasts" role="status">
      {said && (
        <p class="toast">
          {said.text}
          {said.undo && (
            <>
              <button type="button" class="button-small" onClick={undo}>
                {said.undo.label}
              </button>
              <button type="button" class="button-small" onClick={putAway} aria-label="Put away">
                ×
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}
