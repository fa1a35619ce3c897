/** As much of a browser as the page needs to be shown: nodes, storage and a language of events. */

import type { Transport } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { type FunctionComponent, h, render } from "preact";
import { LocationProvider, Route, Router } from "preact-iso";
import { vi } from "vitest";
import { HatcheryContext } from "../src/hatchery";
import { Server } from "../src/server/server";
import { Watching } from "../src/watch/watching";

/** An element, a text or the document. */
export class Leaf extends EventTarget {
  readonly nodeType: number;
  readonly namespaceURI = "http://www.w3.org/1999/xhtml";
  readonly style: Record<string, string> = {};
  readonly attributes = new Map<string, string>();
  readonly childNodes: Leaf[] = [];
  parentNode: Leaf | null = null;
  value = "";

  constructor(
    readonly localName: string,
    public data = "",
  ) {
    super();
    this.nodeType = localName ? 1 : 3;
  }

  get firstChild(): Leaf | null {
    return this.childNodes[0] ?? null;
  }

  get nextSibling(): Leaf | null {
    const all = this.parentNode?.childNodes ?? [];
    return all[all.indexOf(this) + 1] ?? null;
  }

  get parentElement(): Leaf | null {
    return this.parentNode;
  }

  /** What can be read here. */
  get text(): string {
    return this.data + this.childNodes.map(({ text }) => text).join("");
  }

  insertBefore(child: Leaf, before: Leaf | null): Leaf {
    child.remove();
    const at = before ? this.childNodes.indexOf(before) : this.childNodes.length;
    this.childNodes.splice(at, 0, child);
    child.parentNode = this;
    return child;
  }

  appendChild(child: Leaf): Leaf {
    return this.insertBefore(child, null);
  }

  removeChild(child: Leaf): Leaf {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
    return child;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }

  contains(other: Leaf | null): boolean {
    return this === other || this.childNodes.some((child) => child.contains(other));
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, `${value}`);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  focus(): void {}

  scrollIntoView(): void {}

  /** Everything below it that holds a condition. */
  all(holds: (leaf: Leaf) => boolean): Leaf[] {
    const below = this.childNodes.flatMap((child) => child.all(holds));
    return holds(this) ? [this, ...below] : below;
  }

  /** The button with these words on it. */
  button(words: string): Leaf {
    const found = this.all(({ localName, text }) => localName === "button" && text === words)[0];
    if (!found) throw new Error(`no button says ${words}, of: ${this.text}`);
    return found;
  }
}

/** Nothing is ever seen here, and nothing grows. */
class Observer {
  observe(): void {}
  disconnect(): void {}
}

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
}

/** Lays out a fresh browser at an address. */
export function layOut(path = "/"): Leaf {
  const root = new Leaf("html");
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), {
    body: root,
    documentElement: Object.assign(root, { scrollHeight: 0 }),
    activeElement: root,
    hidden: false,
    title: "",
    createElementNS: (_: string, name: string) => new Leaf(name),
    createTextNode: (data: string) => new Leaf("", data),
    getElementById: (id: string) =>
      root.all(({ attributes }) => attributes.get("id") === id)[0] ?? null,
  });
  const globals = {
    document,
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    location: new URL(path, "http://hatchery.example"),
    history: { pushState: () => undefined, replaceState: () => undefined },
    sessionStorage: storage(),
    localStorage: storage(),
    IntersectionObserver: Observer,
    ResizeObserver: Observer,
    matchMedia: () => ({ matches: false }),
    requestAnimationFrame: (draw: () => void) => setTimeout(draw, 16),
    cancelAnimationFrame: (frame: number) => clearTimeout(frame),
    scrollTo: () => undefined,
    scrollY: 0,
    innerHeight: 0,
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  return root;
}

/** What a page stands on, before a server. */
export function standing(transport: Transport, hub = new MessageChannel().port1) {
  return {
    server: new Server(transport),
    watching: new Watching(hub),
    agentsChanged: signal(0),
    conversationsChanged: signal(0),
    say: vi.fn<(text: string) => void>(),
  };
}

/** Shows a component, wherever the page goes or at the addresses of a route alone. */
export function show(
  root: Leaf,
  component: FunctionComponent<unknown>,
  value: ReturnType<typeof standing>,
  path = "/:wherever*",
): void {
  const page = h(Router, null, h(Route, { path, component }));
  const whole = h(HatcheryContext.Provider, { value }, h(LocationProvider, null, page));
  render(whole, root as unknown as Element);
}

/** Takes it away again. */
export function clear(root: Leaf): void {
  render(null, root as unknown as Element);
}
