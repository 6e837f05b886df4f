// Writes `dist`: the engine, JavaScript for each environment, and the types of both kinds of module.
// `cargo xtask package` has put the engine into `engine` before.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
process.chdir(here);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
copyFileSync("engine/backend_specialist_wasm_bg.wasm", "dist/engine.wasm");

const common = {
  bundle: true,
  minify: true,
  keepNames: false,
  target: "es2022",
  define: { PACKAGE_VERSION: JSON.stringify(version) },
  logLevel: "warning",
};
// In CommonJS there is no `import.meta`.
const commonjs = {
  format: "cjs",
  platform: "node",
  define: { ...common.define, "import.meta.url": "here" },
  banner: { js: 'const here=require("node:url").pathToFileURL(__filename).href;' },
};
const entries = [
  ["src/node.ts", "dist/node.js", { format: "esm", platform: "node" }],
  ["src/node.ts", "dist/node.cjs", commonjs],
  ["src/browser.ts", "dist/browser.js", { format: "esm", platform: "browser" }],
  ["src/worker.ts", "dist/worker.js", { format: "esm", platform: "browser" }],
  ["src/worker.ts", "dist/worker.cjs", commonjs],
  ["src/engine-worker.ts", "dist/engine-worker.js", { format: "esm", platform: "browser" }],
];
await Promise.all(entries.map(([entry, outfile, kind]) => build({ ...common, ...kind, entryPoints: [entry], outfile })));

// The metadata are those of the engine; the pages come when somebody reads one.
const { rules } = await import(pathToFileURL(path.resolve("dist/node.js")));
const pages = Object.fromEntries(rules().map((it) => [it.id, pageOf(it.id)]));
writeFileSync("dist/pages.js", `export const pages=${JSON.stringify(pages)};\n`);
writeFileSync("dist/pages.cjs", `exports.pages=${JSON.stringify(pages)};\n`);
const define = { ...common.define, RULES: JSON.stringify(rules()) };
await build({ ...common, define, entryPoints: ["src/rules.ts"], outfile: "dist/rules.js", format: "esm", external: ["./pages.js"] });
await build({ ...common, define, entryPoints: ["src/rules.ts"], outfile: "dist/rules.cjs", format: "cjs", platform: "node", external: ["./pages.js"] });
replaceIn("dist/rules.cjs", "./pages.js", "./pages.cjs");

declarations();

function pageOf(rule) {
  const text = readFileSync(path.join("../docs/rules", `${rule}.md`), "utf8");
  // The first line names the generator.
  return text.replace(/^<!--.*?-->\s*/s, "");
}

/** Two files of each: a type declared for `import` alone would be wrong for `require`. */
function declarations() {
  const require = createRequire(import.meta.url);
  const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "."], { stdio: "inherit" });
  const internal = ["engine", "engine-worker", "protocol", "globals"];
  for (const file of readdirSync("dist").filter((it) => it.endsWith(".d.ts"))) {
    const name = file.slice(0, -".d.ts".length);
    const full = path.join("dist", file);
    if (internal.includes(name)) {
      rmSync(full);
      continue;
    }
    const text = `/// <reference lib="esnext.disposable" />\n${readFileSync(full, "utf8")}`;
    writeFileSync(full, text);
    writeFileSync(path.join("dist", `${name}.d.cts`), text.replace(/(from\s+"\.\/[\w-]+)\.js"/g, '$1.cjs"'));
  }
  if (!existsSync("dist/node.d.cts")) throw new Error("no declarations were written");
}

function replaceIn(file, from, to) {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not name ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}
