/** For browsers and bundlers: the engine is fetched. */

import { setHost } from "./api.js";
import * as engine from "./engine.js";
import type { Init, WasmBytes, WasmModule } from "./loading.js";

export * from "./api.js";

/** Loads the engine; a second call waits for the first. */
export const init: Init = engine.starter(() => new URL("./engine.wasm", import.meta.url));

/** Starts an engine that is there already. */
export function initSync(wasm: WasmBytes | WasmModule): void {
  engine.start(wasm);
}

setHost({ load: () => init() });
