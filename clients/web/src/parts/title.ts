import { useEffect } from "preact/hooks";

/** Gives the tab its title. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
