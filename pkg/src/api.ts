/** What is the same everywhere; `node.ts` and `browser.ts` add where the engine comes from. */

import type { Project as EngineProject } from "../engine/backend_specialist_wasm.js";
import * as engine from "./engine.js";
import { type Input, toFiles } from "./input.js";
import type { Config, Options, Report, RuleMeta, SourceFile } from "./types.js";

export { applyFixes, type AppliedFixes, type ApplyFixesOptions } from "./fixes.js";
export type { InitOptions, WasmBytes, WasmModule, WasmSource } from "./loading.js";
export type { Input } from "./input.js";
export type * from "./types.js";

/** Options of one analysis; what is set here beats `config`. */
export interface AnalyzeOptions extends Options {
  signal?: AbortSignal;
}

/** The formats of the command line; those of `routes` show the routes with their guards alone. */
export type Format =
  | "text" | "concise" | "json" | "jsonl" | "sarif" | "github" | "gitlab" | "junit" | "markdown"
  | "routes" | "routes-json" | "routes-markdown" | "routes-openapi" | "routes-http" | "routes-curl";

export interface FormatOptions {
  /** Their lines are shown by `text`. */
  files?: Input;
}

/** Of this package and its engine. */
export const version: string = PACKAGE_VERSION;

/** Set by the wrapper: how the engine is loaded where this runs. */
export interface Host {
  load(): Promise<void>;
  /** Where it can be loaded without waiting. */
  loadSync?(): void;
}

let host: Host;
export function setHost(it: Host): void {
  host = it;
}

function readyNow(): void {
  if (!engine.isReady()) host.loadSync?.();
}

/** Bad source never throws: it becomes a problem of the report. */
export async function analyze(input: Input, options: AnalyzeOptions = {}): Promise<Report> {
  options.signal?.throwIfAborted();
  await host.load();
  options.signal?.throwIfAborted();
  return analyzeSync(input, options);
}

/** As `analyze`, for where the engine is loaded already (in Node it is loaded when needed). */
export function analyzeSync(input: Input, options: AnalyzeOptions = {}): Report {
  readyNow();
  const files = toFiles(input, (text) => engine.call((it) => it.guessName(text)));
  return answered(files.length, files[0]?.file ?? "", () =>
    engine.call((it) => it.analyze(files, forEngine(options)) as Report),
  );
}

function answered(count: number, file: string, run: () => Report): Report {
  try {
    return run();
  } catch (error) {
    if (error instanceof engine.EngineReplaced) return engine.unanswered(count, file, error.message);
    throw error;
  }
}

/** As text: the engine looks at each key. */
function forEngine(options: AnalyzeOptions): string {
  const { signal: _, ...rest } = options;
  return JSON.stringify(rest);
}

/** Files that change: a text is read again only when it does. */
export class Project {
  readonly #texts = new Map<string, string>();
  /** Paths whose text the engine does not have yet. */
  readonly #changed = new Set<string>();
  #config: Config | undefined;
  #handle: EngineProject | undefined;
  #generation = 0;

  constructor(input?: Input) {
    if (input !== undefined) for (const it of toFiles(input)) this.set(it.file, it.text);
  }

  set(path: string, text: string): void {
    if (typeof path !== "string" || typeof text !== "string") throw new TypeError("path and text are texts");
    if (this.#texts.get(path) === text) return;
    this.#texts.set(path, text);
    this.#changed.add(path);
  }

  delete(path: string): boolean {
    this.#changed.add(path);
    return this.#texts.delete(path);
  }

  /** All paths, sorted. */
  list(): string[] {
    return [...this.#texts.keys()].sort();
  }

  get(path: string): string | undefined {
    return this.#texts.get(path);
  }

  files(): SourceFile[] {
    return this.list().map((file) => ({ file, text: this.#texts.get(file) ?? "" }));
  }

  /** Holds for all analyses from now on. */
  configure(config: Config): void {
    this.#config = config;
  }

  async analyze(options: AnalyzeOptions = {}): Promise<Report> {
    options.signal?.throwIfAborted();
    await host.load();
    options.signal?.throwIfAborted();
    return this.analyzeSync(options);
  }

  analyzeSync(options: AnalyzeOptions = {}): Report {
    readyNow();
    const given = { config: this.#config, ...options };
    return answered(this.#texts.size, this.list()[0] ?? "", () =>
      engine.call((it) => {
        const handle = this.#current(() => new it.Project());
        for (const path of this.#changed) {
          const text = this.#texts.get(path);
          if (text === undefined) handle.delete(path);
          else handle.set(path, text);
        }
        this.#changed.clear();
        return handle.analyze(forEngine(given)) as Report;
      }),
    );
  }

  /** How many texts this project has read so far; an edit adds one. */
  get textsRead(): number {
    const handle = this.#handle;
    return handle !== undefined && this.#isCurrent() ? engine.call(() => handle.lowered()) : 0;
  }

  /** A new engine knows nothing: it gets all texts. */
  #current(make: () => EngineProject): EngineProject {
    if (this.#handle === undefined || !this.#isCurrent()) {
      this.#handle = make();
      this.#generation = engine.currentGeneration();
      for (const path of this.#texts.keys()) this.#changed.add(path);
    }
    return this.#handle;
  }

  /** Gives back the engine's memory; the project can be used again. */
  dispose(): void {
    const handle = this.#handle;
    if (handle !== undefined && this.#isCurrent()) engine.call(() => handle.free());
    this.#handle = undefined;
  }

  #isCurrent(): boolean {
    return this.#generation === engine.currentGeneration();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A report, or one read back from JSON, as text. */
export function format(report: Report, kind: Format, options: FormatOptions = {}): string {
  readyNow();
  const files = options.files === undefined ? undefined : toFiles(options.files);
  return engine.call((it) => it.format(report, kind, files));
}

/** All rules, without their pages: those are in `backend-specialist/rules`. */
export function rules(): readonly RuleMeta[] {
  readyNow();
  return engine.call((it) => it.rules() as RuleMeta[]);
}

/** Whether a file of this path takes part in an analysis: sources, manifests, settings. */
export function isWanted(path: string): boolean {
  readyNow();
  return engine.call((it) => it.wanted(path));
}

/** How the engine sees one text, for authors of rules; nothing for a file that is no source. */
export function intermediate(path: string, text: string): string | undefined {
  readyNow();
  return engine.call((it) => it.ir(path, text));
}
