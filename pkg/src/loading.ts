/** Where an engine comes from. */

/** A global type of the platform, or any object where its declarations are not loaded. */
type Global<Name extends string> = typeof globalThis extends { [N in Name]: { prototype: infer Type } } ? Type : object;

export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Type } } } ? Type : object;
export type WasmBytes = ArrayBuffer | ArrayBufferView;
export type WasmSource = string | URL | Global<"Request"> | Global<"Response"> | WasmBytes | WasmModule;

export interface InitOptions {
  /** Where the engine is, or what it is; without it the file of this package. */
  wasm?: WasmSource | PromiseLike<WasmSource>;
  signal?: AbortSignal;
  /** Bytes so far, and in all where that is known. */
  onProgress?(loaded: number, total?: number): void;
}

export type Init = (options?: InitOptions) => Promise<void>;
