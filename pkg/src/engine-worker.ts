/** Runs in the worker: one project, one message after the other. */

import { Project, format, intermediate, rules, setHost } from "./api.js";
import * as engine from "./engine.js";
import type { Answer, Request } from "./protocol.js";

setHost({ load: () => Promise.resolve() });
const project = new Project();

function answer(request: Request): Answer["id"] extends never ? never : unknown {
  switch (request.op) {
    case "start":
      engine.start(request.module);
      if (request.config) project.configure(request.config);
      for (const it of request.files) project.set(it.file, it.text);
      return undefined;
    case "set":
      return project.set(request.path, request.text);
    case "delete":
      return project.delete(request.path);
    case "configure":
      return project.configure(request.config);
    case "analyze":
      return project.analyzeSync(request.options);
    case "format":
      return format(request.report, request.kind as Parameters<typeof format>[1], { files: request.files });
    case "intermediate":
      return intermediate(request.path, project.get(request.path) ?? "");
    case "rules":
      return rules();
  }
}

self.onmessage = (event: MessageEvent<Request>) => {
  const request = event.data;
  const id = "id" in request ? request.id : 0;
  try {
    const value = answer(request);
    if (id !== 0) self.postMessage({ id, ok: true, value });
  } catch (error) {
    self.postMessage({ id, ok: false, error: error instanceof Error ? error.message : String(error) });
  }
};
