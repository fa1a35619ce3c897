import { ALL, type ToTab } from "./messages";

/** A tab's end: where to say something. */
export interface Tab {
  postMessage(message: ToTab): void;
}

/** Who is there, and what each of them watches. */
export class Audience {
  readonly #tabs = new Map<Tab, Set<string>>();

  /** A tab is there; false where it was before. */
  add(tab: Tab): boolean {
    if (this.#tabs.has(tab)) return false;
    this.#tabs.set(tab, new Set());
    return true;
  }

  delete(tab: Tab): void {
    this.#tabs.delete(tab);
  }

  /** What a tab watches, to be changed. */
  watchedBy(tab: Tab): Set<string> {
    return this.#tabs.get(tab) ?? new Set();
  }

  /** Everything that anybody watches, `ALL` among it. */
  wanted(): Set<string> {
    return new Set([...this.#tabs.values()].flatMap((names) => [...names]));
  }

  /** Who is to hear of a generation. */
  of(name: string): Tab[] {
    return this.#where((names) => names.has(name) || names.has(ALL));
  }

  /** Tells who watches a generation by its name. */
  tellNamed(name: string, message: ToTab): void {
    for (const tab of this.#where((names) => names.has(name))) tab.postMessage(message);
  }

  /** Tells all who are to hear of a generation. */
  tell(name: string, message: ToTab): void {
    for (const tab of this.of(name)) tab.postMessage(message);
  }

  /** Tells everybody. */
  tellAll(message: ToTab): void {
    for (const tab of this.#tabs.keys()) tab.postMessage(message);
  }

  #where(wants: (names: Set<string>) => boolean): Tab[] {
    return [...this.#tabs].filter(([, names]) => wants(names)).map(([tab]) => tab);
  }
}
