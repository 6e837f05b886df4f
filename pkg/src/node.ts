/** For Node, Bun and Deno: the engine is a file beside this one. */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { setHost } from "./api.js";
import * as engine from "./engine.js";
import type { Init, WasmBytes, WasmModule } from "./loading.js";

export * from "./api.js";

const file = new URL("./engine.wasm", import.meta.url);
/** Loads the engine; a second call waits for the first. */
export const init: Init = engine.starter(() => readFile(file));

/** Starts an engine that is there already. */
export function initSync(wasm: WasmBytes | WasmModule): void {
  engine.start(wasm);
}

setHost({ load: () => init(), loadSync: () => engine.start(readFileSync(file)) });
