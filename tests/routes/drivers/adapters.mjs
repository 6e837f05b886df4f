// How each framework is sent a request, and what it says its routes are, if it can.
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const quiet = console.error;
console.error = () => {}; // What guards refuse by throwing is printed by frameworks.
process.on("unhandledRejection", (error) => quiet(error));

async function serve(handler, listed) {
  const server = http.createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new http.Agent({ keepAlive: true });
  const port = server.address().port;
  const send = (method, path, headers) =>
    new Promise((resolve, reject) => {
      const request = http.request({ port, host: "127.0.0.1", method, path, headers, agent }, (response) => {
        response.resume();
        response.on("end", resolve);
      });
      request.setTimeout(5000, () => request.destroy(new Error(`no answer to ${method} ${path}`)));
      // What answers twice is cut off; what ran is known all the same.
      request.on("error", (error) => (error.code === "ECONNRESET" ? resolve() : reject(error)));
      request.end();
    });
  return { send, listed, close: () => (agent.destroy(), server.close()) };
}

// The module that an app begins with; of TypeScript, what it compiles to, in a folder beside it.
export async function load(framework, folder) {
  if (framework !== "nest") return (await import(pathToFileURL(path.join(folder, "app.js")))).default;
  const require = createRequire(import.meta.url);
  const ts = require("typescript");
  require("reflect-metadata");
  const made = path.join(path.dirname(folder), "compiled", path.basename(folder));
  mkdirSync(made, { recursive: true });
  const options = { module: "commonjs", target: "es2022", experimentalDecorators: true, emitDecoratorMetadata: true };
  for (const name of readdirSync(path.join(folder, "src"))) {
    const text = readFileSync(path.join(folder, "src", name), "utf8");
    const { outputText } = ts.transpileModule(text, { compilerOptions: options, fileName: name });
    writeFileSync(path.join(made, name.replace(".ts", ".js")), outputText);
  }
  return require(path.join(made, "main.js")).started;
}

export const adapters = {
  express: (app) => serve(app),

  fastify: async (app) => {
    await app.ready();
    const send = (method, path, headers) => app.inject({ method, url: path, headers });
    return { send, close: () => app.close() };
  },

  hono: (app) => ({
    send: (method, path, headers) => app.request(path, { method, headers }),
    // Middleware stands in the list as well.
    listed: app.routes.filter((it) => it.handler.length < 2).map((it) => [it.method, it.path]),
  }),

  nest: async (app) => {
    await app.init();
    const served = await serve(app.getHttpAdapter().getInstance());
    return { ...served, close: () => (served.close(), app.close()) };
  },

  koa: (app) => (app.silent = true) && serve(app.callback()),
};
