// What a visitor loads, as servers send it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const size = (name) => brotliCompressSync(readFileSync(new URL(name, DIST))).length;
const sum = (names) => names.reduce((total, it) => total + size(it), 0);

/** What a script needs before it can run. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next] of readFileSync(new URL(name, DIST), "utf8").matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) needed(next, found);
  return found;
}

test("until one can type: at most 150 kB", () => {
  const main = readdirSync(DIST).find((it) => /^main-.*\.js$/.test(it));
  const others = readdirSync(DIST).filter((it) => /^(?:theme-|style-)|^index\.html$/.test(it));
  const bytes = sum([...needed(main), ...others]);
  assert.ok(needed(main).size > 1 && bytes <= 150_000, `${bytes} bytes`);
});

test("in all but the engine: at most 300 kB", () => {
  const files = (folder) => readdirSync(new URL(folder, DIST), { withFileTypes: true }).filter((it) => it.isFile()).map((it) => folder + it.name);
  const bytes = sum([...files("./"), ...files("examples/")].filter((it) => !it.endsWith(".wasm")));
  assert.ok(bytes <= 300_000, `${bytes} bytes`);
});

test("every address in the page is relative", () => {
  const page = readFileSync(new URL("index.html", DIST), "utf8");
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((it) => it[1]);
  assert.ok(addresses.length >= 4);
  assert.deepEqual(addresses.filter((it) => /^(?:\/|[a-z]+:)/.test(it)), []);
});
