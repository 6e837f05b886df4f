// Writes `dist`: the page, its parts under names that change with their content, the examples, and the service worker.
// `cargo xtask playground` has built the package before.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeRulePages } from "./rule-pages.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
process.chdir(here);
const engine = path.resolve("../dist");
if (!existsSync(path.join(engine, "engine.wasm"))) throw new Error("the package is not built: cargo xtask package");

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/examples", { recursive: true });

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);

/** A copy whose name tells its content. */
function hashed(from, folder = "") {
  const bytes = readFileSync(from);
  const { name, ext } = path.parse(from);
  const to = path.posix.join(folder, `${name}-${hash(bytes)}${ext}`);
  writeFileSync(path.join("dist", to), bytes);
  return to;
}

const define = {
  ENGINE_FILE: JSON.stringify(hashed(path.join(engine, "engine.wasm"))),
  WORKER_FILE: JSON.stringify(hashed(path.join(engine, "engine-worker.js"))),
  EXAMPLES: JSON.stringify(examples()),
};
const common = { bundle: true, minify: true, target: "es2022", format: "esm", platform: "browser", logLevel: "warning", outdir: "dist", entryNames: "[name]-[hash]", chunkNames: "part-[hash]", metafile: true };
const main = await build({ ...common, define, splitting: true, entryPoints: ["src/main.ts"] });
const theme = await build({ ...common, format: "iife", entryPoints: ["src/theme.ts"] });
const style = await build({ ...common, entryPoints: ["style.css"] });
copyFileSync("favicon.svg", "dist/favicon.svg");

const outputs = { ...main.metafile.outputs, ...theme.metafile.outputs, ...style.metafile.outputs };
const entry = (source) => path.basename(Object.keys(outputs).find((it) => outputs[it].entryPoint === source));
const page = readFileSync("index.html", "utf8")
  .replace('href="style.css"', `href="${entry("style.css")}"`)
  .replace('src="theme.js"', `src="${entry("src/theme.ts")}"`)
  .replace('src="main.js"', `src="${entry("src/main.ts")}"`);
writeFileSync("dist/index.html", page);

const all = ["dist", "dist/examples"].flatMap((folder) => readdirSync(folder, { withFileTypes: true }).filter((it) => it.isFile()).map((it) => path.posix.join(path.posix.relative("dist", folder), it.name))).sort();
const version = hash(all.map((it) => hash(readFileSync(path.join("dist", it)))).join());
const cached = ["./", ...all.filter((it) => it !== "index.html")];
writeFileSync("dist/sw.js", readFileSync("sw.js", "utf8").replace("VERSION", () => version).replace("FILES", () => JSON.stringify(cached)));

// For readers with a network: they are no part of what is kept.
await writeRulePages("dist/rules", entry("style.css"));

/** Each folder of `examples` holds `about.json`, and the files of both versions. */
function examples() {
  const ids = JSON.parse(readFileSync("examples/order.json", "utf8"));
  const found = readdirSync("examples", { withFileTypes: true }).filter((it) => it.isDirectory()).map((it) => it.name);
  if (ids.toSorted().join() !== found.toSorted().join()) throw new Error(`examples/order.json does not name the folders: ${found}`);
  return ids.map((id) => {
    const folder = path.join("examples", id);
    const { title, group, about, open } = JSON.parse(readFileSync(path.join(folder, "about.json"), "utf8"));
    const [vulnerable, fixed] = ["vulnerable", "fixed"].map((version) => sources(path.join(folder, version)));
    const text = JSON.stringify({ open, vulnerable, fixed });
    const file = `examples/${id}-${hash(text)}.json`;
    writeFileSync(path.join("dist", file), text);
    return { id, title, group, about, file };
  });
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => path.join(it.parentPath ?? it.path, it.name))
    .sort()
    .map((it) => ({ file: path.relative(folder, it).replaceAll("\\", "/"), text: readFileSync(it, "utf8") }));
}
