// Runs every program below a folder with one input, and says which commands reached a shell in which program.
// node run.cjs FOLDER INPUT → { program: { commands: […], error: "…" } }

const { AsyncLocalStorage } = require("node:async_hooks");
const childProcess = require("node:child_process");
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [folder, input] = process.argv.slice(2);
const programs = new AsyncLocalStorage();
const results = {};

for (const name of ["exec", "execSync"]) {
  childProcess[name] = (command) => {
    programs.getStore().commands.push(String(command));
    return "";
  };
}
syncBuiltinESMExports();
console.log = () => {};
const failed = (error) => {
  const result = programs.getStore();
  if (result) {
    result.error ||= String((error && error.stack) || error);
  }
};
process.on("uncaughtException", failed);
process.on("unhandledRejection", failed);

// Whatever is asked for is the input.
const anything = () => new Proxy({}, { get: () => input });
const request = () => ({
  method: "GET",
  query: anything(),
  body: anything(),
  params: anything(),
  headers: anything(),
  cookies: anything(),
  get: () => input,
});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
  const handlers = [];
  for (const name of fs.readdirSync(folder).sort()) {
    globalThis.handlers = [];
    const result = { commands: [], error: "" };
    results[name] = result;
    try {
      await import(pathToFileURL(path.join(folder, name, "server.js")));
      handlers.push([result, globalThis.handlers[0]]);
    } catch (error) {
      result.error = String(error.stack);
    }
  }
  for (const [result, handler] of handlers) {
    programs.run(result, async () => {
      try {
        await handler(request(), { end() {} });
      } catch (error) {
        failed(error);
      }
    });
  }
  await pause(200);
  process.stdout.write(JSON.stringify(results), () => process.exit(0));
}

main();
