/** The engine behind the page: it gets every edit and answers with the newest report. */

import { type Format, type Report, type WorkerClient, createWorkerClient } from "backend-specialist/worker";
import type { Store } from "./store.js";

/** Of a project as pasted into a page the tests are as interesting as the rest. */
const OPTIONS = { tests: "same" } as const;

export interface EngineEvents {
  loading(loaded: number, total: number | undefined): void;
  ready(): void;
  report(report: Report, milliseconds: number): void;
  failed(why: string): void;
}

export class Engine {
  readonly #client: WorkerClient;
  readonly #store: Store;
  readonly #events: EngineEvents;
  /** Paths that the worker has. */
  #sent = new Set<string>();
  #scheduled = false;

  constructor(store: Store, events: EngineEvents) {
    this.#store = store;
    this.#events = events;
    this.#client = createWorkerClient({
      wasm: new URL(ENGINE_FILE, document.baseURI),
      worker: () => new Worker(new URL(WORKER_FILE, document.baseURI), { type: "module" }),
      stuckAfter: 8_000,
      onProgress: (loaded, total) => events.loading(loaded, total),
      onReplaced: () => performance.mark("engine-replaced"),
    });
    this.#client.ready.then(events.ready, (error: unknown) => events.failed(error instanceof Error ? error.message : String(error)));
    store.listen((change) => {
      if (change.kind === "open") return;
      this.#send();
      this.schedule();
    });
  }

  /** Once for all changes of a moment. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#analyze();
    });
  }

  format(report: Report, kind: Format): Promise<string> {
    return this.#client.format(report, kind);
  }

  intermediate(path: string): Promise<string | undefined> {
    return this.#client.intermediate(path);
  }

  #send(): void {
    const { files } = this.#store.state;
    for (const path of this.#sent) if (!files.has(path)) this.#client.delete(path);
    for (const [path, text] of files) this.#client.set(path, text);
    this.#sent = new Set(files.keys());
  }

  async #analyze(): Promise<void> {
    const started = performance.now();
    try {
      const report = await this.#client.analyze({ ...OPTIONS, latestOnly: true });
      this.#events.report(report, performance.now() - started);
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.#events.failed((error as Error).message);
    }
  }
}
