/** The engine in a worker of its own, so that the page never waits. */

import type { Format } from "./api.js";
import { compile, unanswered, unlessAborted } from "./engine.js";
import type { InitOptions } from "./loading.js";
import type { Answer, Request } from "./protocol.js";
import type { Config, Options, Report, RuleMeta, SourceFile } from "./types.js";

export { applyFixes, type AppliedFixes, type ApplyFixesOptions } from "./fixes.js";
export type { Format } from "./api.js";
export type { InitOptions, WasmBytes, WasmModule, WasmSource } from "./loading.js";
export type * from "./types.js";

export interface WorkerClientOptions extends InitOptions {
  /** Makes the worker; without it the one of this package. */
  worker?(): WorkerLike;
  /** Milliseconds after which an engine without an answer is taken for stuck and replaced. */
  stuckAfter?: number;
  /** Told when an engine was replaced, and why. */
  onReplaced?(why: string): void;
}

export interface WorkerAnalyzeOptions extends Options {
  signal?: AbortSignal;
  /** A newer call with it makes older ones that wait end with an `AbortError`. */
  latestOnly?: boolean;
}

/** What is needed of a `Worker`. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: "message" | "error", listener: (event: any) => void): void;
}

export interface WorkerClient {
  /** The engine is loaded. */
  readonly ready: Promise<void>;
  set(path: string, text: string): void;
  delete(path: string): void;
  configure(config: Config): void;
  list(): string[];
  analyze(options?: WorkerAnalyzeOptions): Promise<Report>;
  format(report: Report, kind: Format): Promise<string>;
  intermediate(path: string): Promise<string | undefined>;
  rules(): Promise<readonly RuleMeta[]>;
  terminate(): void;
}

/** Before the first analysis has warmed the engine up, and for large projects, it may take its time. */
const STUCK_AFTER_MS = 10_000;

interface Job {
  id: number;
  request: Request & { id: number };
  latestOnly: boolean;
  /** It was given to an engine that died of it. */
  tried: boolean;
  resolve(value: never): void;
  reject(error: unknown): void;
}

export function createWorkerClient(options: WorkerClientOptions = {}): WorkerClient {
  return new Client(options);
}

function own(): WorkerLike {
  return new Worker(new URL("./engine-worker.js", import.meta.url), { type: "module" });
}

class Client implements WorkerClient {
  readonly ready: Promise<void>;
  readonly #options: WorkerClientOptions;
  readonly #texts = new Map<string, string>();
  #config: Config | undefined;
  #module: WebAssembly.Module | undefined;
  #worker: WorkerLike | undefined;
  #next = 1;
  /** The first one is with the worker, if it runs. */
  #jobs: Job[] = [];
  #running: Job | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.ready = compile(options, () => new URL("./engine.wasm", import.meta.url)).then((module) => {
      this.#module = module;
      if (!this.#ended) this.#start();
    });
    // Whoever waits for an answer is told; nobody has to look at `ready`.
    this.ready.catch((error: unknown) => this.#rejectAll(error));
  }

  set(path: string, text: string): void {
    if (this.#texts.get(path) === text) return;
    this.#texts.set(path, text);
    this.#worker?.postMessage({ op: "set", path, text } satisfies Request);
  }

  delete(path: string): void {
    if (this.#texts.delete(path)) this.#worker?.postMessage({ op: "delete", path } satisfies Request);
  }

  configure(config: Config): void {
    this.#config = config;
    this.#worker?.postMessage({ op: "configure", config } satisfies Request);
  }

  list(): string[] {
    return [...this.#texts.keys()].sort();
  }

  analyze(options: WorkerAnalyzeOptions = {}): Promise<Report> {
    const { signal, latestOnly = false, ...others } = options;
    if (latestOnly) {
      const superseded = (it: Job): boolean => it.latestOnly && it.request.op === "analyze";
      for (const it of this.#jobs.filter(superseded)) it.reject(aborted("a newer analysis was asked for"));
      this.#jobs = this.#jobs.filter((it) => !superseded(it));
      if (this.#running?.latestOnly) this.#running.reject(aborted("a newer analysis was asked for"));
    }
    return this.#ask<Report>({ op: "analyze", id: 0, options: others }, signal, latestOnly);
  }

  format(report: Report, kind: Format): Promise<string> {
    const files: SourceFile[] = this.list().map((file) => ({ file, text: this.#texts.get(file) ?? "" }));
    return this.#ask<string>({ op: "format", id: 0, report, kind, files: kind === "text" ? files : undefined });
  }

  intermediate(path: string): Promise<string | undefined> {
    return this.#ask<string | undefined>({ op: "intermediate", id: 0, path });
  }

  rules(): Promise<readonly RuleMeta[]> {
    return this.#ask<readonly RuleMeta[]>({ op: "rules", id: 0 });
  }

  terminate(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#rejectAll(aborted("the worker was ended"));
  }

  #ask<T>(request: Request & { id: number }, signal?: AbortSignal, latestOnly = false): Promise<T> {
    if (this.#ended) return Promise.reject(aborted("the worker was ended"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#next++;
    const promise = new Promise<T>((resolve, reject) => {
      this.#jobs.push({ id, request: { ...request, id }, latestOnly, tried: false, resolve, reject });
    });
    this.#pump();
    if (!signal) return promise;
    return unlessAborted(promise, signal).catch((error: unknown) => {
      this.#jobs = this.#jobs.filter((it) => it.id !== id);
      throw error;
    });
  }

  #start(): void {
    const make = this.#options.worker ?? own;
    const worker = make();
    worker.addEventListener("message", (event: MessageEvent<Answer>) => {
      if (worker === this.#worker) this.#answered(event.data);
    });
    worker.addEventListener("error", (event: ErrorEvent) => {
      event.preventDefault?.();
      if (worker === this.#worker) this.#replace(event.message ?? "the worker failed");
    });
    this.#worker = worker;
    const files = this.list().map((file) => ({ file, text: this.#texts.get(file) ?? "" }));
    worker.postMessage({ op: "start", module: this.#module as WebAssembly.Module, files, config: this.#config } satisfies Request);
    this.#pump();
  }

  #pump(): void {
    if (this.#running || !this.#worker) return;
    const job = this.#jobs.shift();
    if (!job) return;
    this.#running = job;
    this.#worker.postMessage(job.request);
    const wait = this.#options.stuckAfter ?? STUCK_AFTER_MS;
    this.#timer = setTimeout(() => this.#replace(`no answer for ${wait} ms`), wait);
  }

  #answered(answer: Answer): void {
    const job = this.#running;
    if (!job || answer.id !== job.id) return;
    clearTimeout(this.#timer);
    this.#running = undefined;
    if (answer.ok) job.resolve(answer.value as never);
    else job.reject(new Error(answer.error));
    this.#pump();
  }

  /** The texts may have changed since: what was asked is asked once more, then answered with a problem. */
  #replace(why: string): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    const job = this.#running;
    this.#running = undefined;
    if (job?.tried) {
      if (job.request.op === "analyze") {
        const report = unanswered(this.#texts.size, this.list()[0] ?? "", `the engine was replaced: ${why}`);
        job.resolve(report as never);
      } else job.reject(new Error(`the engine was replaced: ${why}`));
    } else if (job) this.#jobs.unshift({ ...job, tried: true });
    this.#options.onReplaced?.(why);
    if (!this.#ended) this.#start();
  }

  #rejectAll(error: unknown): void {
    const jobs = this.#running ? [this.#running, ...this.#jobs] : this.#jobs;
    this.#running = undefined;
    this.#jobs = [];
    for (const it of jobs) it.reject(error);
  }
}

function aborted(why: string): DOMException {
  return new DOMException(why, "AbortError");
}
