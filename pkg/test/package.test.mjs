// The packed package: what is in it, how it loads, what its types say.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { publint } from "publint";
import { build } from "esbuild";
import { consumer, here, readmeExamples, run } from "./packed.mjs";

const require = createRequire(import.meta.url);
const KB = 1000;
const dist = (name) => readFileSync(path.join(here, "dist", name));

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

test("the engine has at most 1 MB, as servers send it", () => {
  const size = brotli(dist("engine.wasm"));
  assert.ok(size <= 1000 * KB, `${size} bytes`);
});

test("what an import loads has at most 10 kB", () => {
  for (const name of ["node.js", "node.cjs", "browser.js"]) {
    const size = brotli(dist(name));
    assert.ok(size <= 10 * KB, `${name}: ${size} bytes`);
  }
});

test("everything but engine and pages has at most 60 kB", () => {
  const names = readdirSync(path.join(here, "dist")).filter((it) => it !== "engine.wasm" && !it.startsWith("pages."));
  const size = names.map((it) => brotli(dist(it))).reduce((sum, it) => sum + it, 0);
  assert.ok(size <= 60 * KB, `${size} bytes`);
});

test("publint has nothing to say", async () => {
  const { messages } = await publint({ pkgDir: here, strict: true });
  assert.deepEqual(messages, []);
});

test("the types are right for import and require", () => {
  const attw = path.join(path.dirname(require.resolve("@arethetypeswrong/cli/package.json")), "dist/index.js");
  const packed = path.join(consumer(), readdirSync(consumer()).find((it) => it.endsWith(".tgz")));
  const args = [attw, packed, "--profile", "node16", "--no-emoji", "--exclude-entrypoints", "./engine.wasm"];
  const result = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(result.status, 0, result.stdout + result.stderr);
});

const CONSUMER = `
import { Project, analyze, applyFixes, format, init, initSync, isWanted, rules, version } from "backend-specialist";
import type { AnalyzeOptions, Finding, Report, RuleMeta, Severity } from "backend-specialist";
import { page, rules as offline } from "backend-specialist/rules";
async function main(): Promise<void> {
  await init({ onProgress: (loaded: number, total?: number) => void (loaded + (total ?? 0)) });
  initSync(new Uint8Array());
  const options: AnalyzeOptions = { profile: "strict", config: { "fail-on": "low", assume: { "rate-limit": "proxy" } } };
  const report: Report = await analyze({ "a.py": "" }, options);
  const first: Finding | undefined = report.findings[0];
  const severity: Severity = first?.severity ?? "high";
  const metas: readonly RuleMeta[] = rules();
  const project = new Project([{ file: "a.js", text: "" }]);
  project.configure({ select: ["sql-injection"] });
  const text: string = format(await project.analyze(), "sarif");
  const fixed: string | undefined = applyFixes({ file: "a", text }, first?.fixes ?? []).files[0]?.text;
  // @ts-expect-error: no such profile
  await analyze("", { profile: "none" });
  // @ts-expect-error: no such format
  format(report, "pdf");
  console.log(severity, metas.length, fixed, isWanted("a.js"), version, offline.length, await page("ssrf"));
}
void main;
`;

const KINDS = {
  bundler: ["a.ts", { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [] }],
  "node16 as ES module": ["a.mts", { module: "node16", moduleResolution: "node16", lib: ["es2022"], types: ["node"] }],
  "node16 as CommonJS": ["a.cts", { module: "node16", moduleResolution: "node16", lib: ["es2022"], types: ["node"] }],
};
for (const compiler of ["typescript", "typescript-oldest"]) {
  const { version } = require(`${compiler}/package.json`);
  for (const [kind, [file, options]] of Object.entries(KINDS)) {
    test(`TypeScript ${version} compiles a strict consumer: ${kind}`, () => {
      const folder = consumer();
      writeFileSync(path.join(folder, file), CONSUMER);
      const typeRoots = [path.join(here, "node_modules/@types")];
      const compilerOptions = { ...options, typeRoots, target: "es2022", strict: true, noEmit: true, skipLibCheck: false };
      const project = path.join(folder, "tsconfig.json");
      writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
      const tsc = path.join(path.dirname(require.resolve(`${compiler}/package.json`)), "bin/tsc");
      const result = spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
      assert.equal(result.status, 0, result.stdout + result.stderr);
    });
  }
}

test("the examples of the README run", () => {
  const examples = readmeExamples();
  const printed = new Map();
  for (const [index, { language, title, text }] of examples.entries()) {
    // A page and an editor are tried in a browser.
    if (language === "html" || text.includes("createWorkerClient")) continue;
    const key = `${title} (${language})`;
    printed.set(key, run(`readme-${index}.${language === "cjs" ? "cjs" : "mjs"}`, text));
  }
  assert.match(printed.get("Node (js)"), /^app\.js:6 sql-injection: /m);
  assert.match(printed.get("Node (js)"), /GET .*\/users/);
  assert.match(printed.get("Node (cjs)"), /command-injection/);
  assert.equal(printed.get("A project that is edited (js)"), "[ 'sql-injection' ]\n[]\n");
  assert.match(printed.get("Fixes (js)"), /^eval/);
  assert.match(printed.get("Rules without the engine (js)"), /SQL[^]*# `sql-injection`/);
});

test("esbuild bundles it for Node, and the bundle finds the engine beside itself", async () => {
  const folder = consumer();
  const entry = path.join(folder, "bundled.mjs");
  writeFileSync(entry, 'import { analyzeSync } from "backend-specialist";\nconsole.log(analyzeSync({ "a.py": "eval(input())" }).stats.files);\n');
  const outfile = path.join(folder, "bundle/out.mjs");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", conditions: ["node"], logLevel: "silent" });
  writeFileSync(path.join(folder, "bundle/engine.wasm"), dist("engine.wasm"));
  assert.equal(execFileSync(process.execPath, [outfile], { encoding: "utf8" }), "1\n");
});

test("nothing but the built files is packed", () => {
  const installed = path.join(consumer(), "node_modules/backend-specialist");
  assert.deepEqual(readdirSync(installed).sort(), ["README.md", "dist", "package.json"]);
  assert.ok(statSync(path.join(installed, "dist/engine.wasm")).size > 0);
});
