/**
 * The one engine of this realm: loaded once, replaced when it died. Everything that calls into it goes through here.
 */

import * as glue from "../engine/backend_specialist_wasm.js";
import type { Init, InitOptions, WasmBytes, WasmModule, WasmSource } from "./loading.js";
import type { Problem, Report } from "./types.js";

/** Grows with every engine, so that holders of handles see that theirs are gone. */
let generation = 0;
let module: WebAssembly.Module | undefined;
let isDead = false;

export function isReady(): boolean {
  return module !== undefined;
}

export function currentGeneration(): number {
  return generation;
}

export function start(source: WasmBytes | WasmModule): void {
  if (module !== undefined) return;
  const compiled = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source as BufferSource);
  glue.initSync({ module: compiled });
  module = compiled;
  generation += 1;
}

/** What `init` is: one engine for all callers, whose signals end their own waiting alone. */
export function starter(fallback: () => WasmSource | Promise<WasmSource>): Init {
  let loading: Promise<void> | undefined;
  return async (options = {}) => {
    const { signal, ...others } = options;
    signal?.throwIfAborted();
    if (isReady()) return;
    // One that failed can be tried again.
    loading ??= compile(others, fallback)
      .then(start)
      .finally(() => (loading = undefined));
    await (signal ? unlessAborted(loading, signal) : loading);
  };
}

export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Compiles the engine without running it: a module can be given to other threads. */
export async function compile(options: InitOptions, fallback: () => WasmSource | Promise<WasmSource>): Promise<WebAssembly.Module> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  let source = await (options.wasm ?? fallback());
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL || isRequest(source)) {
    source = await fetch(source, signal ? { signal } : undefined);
  }
  if (isResponse(source)) {
    if (!source.ok) throw new Error(`the engine could not be loaded: ${source.url} answered ${source.status}`);
    return compileResponse(onProgress ? withProgress(source, onProgress) : source);
  }
  const bytes = source as BufferSource;
  onProgress?.(bytes.byteLength, bytes.byteLength);
  return WebAssembly.compile(bytes);
}

function isRequest(it: unknown): it is Request {
  return typeof Request === "function" && it instanceof Request;
}

function isResponse(it: unknown): it is Response {
  return typeof Response === "function" && it instanceof Response;
}

/** Servers that give the file another type than `application/wasm` are met as well. */
async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (response.headers.get("content-type")?.startsWith("application/wasm") && WebAssembly.compileStreaming) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

function withProgress(response: Response, onProgress: (loaded: number, total?: number) => void): Response {
  if (!response.body) return response;
  // Of a compressed answer only the compressed length is known.
  const length = response.headers.get("content-encoding") ? NaN : Number(response.headers.get("content-length") ?? NaN);
  const total = Number.isFinite(length) && length > 0 ? length : undefined;
  let loaded = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onProgress(loaded, total);
      controller.enqueue(chunk);
    },
  });
  const headers = { "content-type": response.headers.get("content-type") ?? "" };
  return new Response(response.body.pipeThrough(count), { headers });
}

/** The engine died in the middle of a call; the next one is made by another of the same module. */
export class EngineReplaced extends Error {}

/** Calls into the engine; one that died of a call (no stack, no memory) is replaced before the next. */
export function call<T>(run: (engine: typeof glue) => T): T {
  if (module === undefined) throw new Error("the engine is not loaded: `await init()` first");
  if (isDead) {
    // Not where it died: there may be no stack left for it.
    glue.__wbg_reset_state();
    generation += 1;
    isDead = false;
  }
  try {
    return run(glue);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    isDead = true;
    throw new EngineReplaced(`the engine stopped and was replaced: ${error.message}`, { cause: error });
  }
}

/** What is said when there is no answer: nothing was found, and nothing is known. */
export function unanswered(files: number, file: string, message: string): Report {
  const problem: Problem = { kind: "internal", file, message };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  const stats = { files: 0, skipped: files, rules: 0, routes: 0, bySeverity, fixable: 0 };
  return { schemaVersion: 1, findings: [], suppressed: [], problems: [problem], routes: [], stats };
}
