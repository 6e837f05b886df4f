/** The files of the page, where they came from, and what is kept of them from one visit to the next. */

import type { SourceFile } from "backend-specialist/worker";
import { type Shared, isShared } from "./share.js";

const STORED = "backend-specialist.files";
/** More than this is not remembered: browsers give a page a few million characters. */
const STORED_CHARACTERS_MAX = 1_500_000;
const STORE_AFTER_MS = 400;

export interface Example {
  id: string;
  title: string;
  group: string;
  /** What is wrong in it, in a sentence. */
  about: string;
  vulnerable: SourceFile[];
  fixed: SourceFile[];
}

export interface State {
  files: Map<string, string>;
  open: string;
  /** The example and version it began with. */
  example: string;
}

type Listener = (change: { kind: "all" | "text" | "names" | "open"; path?: string }) => void;

export class Store {
  state: State = { files: new Map(), open: "", example: "" };
  #listeners: Listener[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  load(files: readonly SourceFile[], open?: string, example = ""): void {
    const all = new Map(files.map((it) => [it.file, plain(it.text)]));
    if (all.size === 0) all.set("app.js", "");
    const first = open !== undefined && all.has(open) ? open : ([...all.keys()][0] ?? "");
    this.state = { files: all, open: first, example };
    this.#tell({ kind: "all" });
  }

  setText(path: string, text: string): void {
    if (this.state.files.get(path) === text) return;
    this.state.files.set(path, text);
    this.#tell({ kind: "text", path });
  }

  open(path: string): void {
    if (!this.state.files.has(path) || this.state.open === path) return;
    this.state.open = path;
    this.#tell({ kind: "open", path });
  }

  add(path: string): void {
    if (!this.state.files.has(path)) this.state.files.set(path, "");
    this.state.open = path;
    this.#tell({ kind: "names", path });
  }

  remove(path: string): void {
    const paths = [...this.state.files.keys()];
    if (paths.length < 2 || !this.state.files.delete(path)) return;
    if (this.state.open === path) {
      const at = paths.indexOf(path);
      this.state.open = paths[at + 1] ?? paths[at - 1] ?? "";
    }
    this.#tell({ kind: "names", path });
  }

  rename(from: string, to: string): void {
    if (from === to || this.state.files.has(to) || !to) return;
    const renamed = [...this.state.files].map(([path, text]): [string, string] => [path === from ? to : path, text]);
    this.state.files = new Map(renamed);
    if (this.state.open === from) this.state.open = to;
    this.#tell({ kind: "names", path: to });
  }

  files(): SourceFile[] {
    return [...this.state.files].map(([file, text]) => ({ file, text }));
  }

  /** What a link or the storage holds. */
  shared(): Shared {
    return { files: [...this.state.files], open: this.state.open, example: this.state.example };
  }

  restore(): Shared | undefined {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "null");
      return isShared(stored) ? stored : undefined;
    } catch {
      return undefined;
    }
  }

  #tell(change: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners) listener(change);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), STORE_AFTER_MS);
  }

  #keep(): void {
    try {
      const text = JSON.stringify(this.shared());
      if (text.length <= STORED_CHARACTERS_MAX) localStorage.setItem(STORED, text);
      else localStorage.removeItem(STORED);
    } catch {
      // Storage may be full or forbidden; the page works without.
    }
  }
}

/** The editor knows one kind of line end; positions have to mean the same on both sides. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
