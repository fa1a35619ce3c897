import { useCallback, useLayoutEffect, useState } from "preact/hooks";

/** `local` for ever and in every tab; `session` in this tab, over reloads. */
export type Store = "local" | "session";

/** What is kept in this browser; undefined where nothing is, or the browser lets no site keep anything. */
export function recall<Value>(store: Store, key: string): Value | undefined {
  try {
    const text = storage(store).getItem(key);
    return text === null ? undefined : (JSON.parse(text) as Value);
  } catch {
    return undefined;
  }
}

/** Keeps something in this browser; undefined takes it away. */
export function keep<Value>(store: Store, key: string, value: Value | undefined): void {
  try {
    if (value === undefined) storage(store).removeItem(key);
    else storage(store).setItem(key, JSON.stringify(value));
  } catch {
    // Then it is forgotten with the page.
  }
}

function storage(store: Store): Storage {
  return store === "local" ? localStorage : sessionStorage;
}

/** A state that is kept under its key. */
export function useKept<Value>(
  store: Store,
  key: string,
  initial: Value,
): [Value, (change: (before: Value) => Value) => void] {
  const [value, setValue] = useState<Value>(() => recall<Value>(store, key) ?? initial);
  // Before anything else can happen, a reload as well.
  useLayoutEffect(() => keep(store, key, value), [store, key, value]);
  const change = useCallback((to: (before: Value) => Value) => setValue(to), []);
  return [value, change];
}
