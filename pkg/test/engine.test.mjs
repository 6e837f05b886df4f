// What the package's functions do, in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Project, analyze, analyzeSync, applyFixes, format, init, intermediate, isWanted, rules } from "../dist/node.js";
import { rules as offline } from "../dist/rules.js";

const SQL = (column) => `import pg from "pg";\nconst db = new pg.Pool();\nexport const find = (req) => db.query("SELECT ${column} FROM t WHERE id = " + req.query.id);\n`;

test("all shapes of input mean the same", async () => {
  const text = SQL("a");
  const expected = analyzeSync({ file: "a.js", text });
  assert.deepEqual(await analyze([{ file: "a.js", text }]), expected);
  assert.deepEqual(analyzeSync({ "a.js": text }), expected);
  assert.equal(analyzeSync("def f():\n    pass\n").stats.files, 1);
  assert.throws(() => analyzeSync(7), TypeError);
  assert.throws(() => analyzeSync([{ file: "a.js" }]), TypeError);
});

test("a report is plain JSON in the bytes of the command line", () => {
  const report = analyzeSync({ "a.js": SQL("a") });
  assert.equal(format(report, "json"), `${JSON.stringify(report, null, 2)}\n`);
  assert.deepEqual(structuredClone(report), report);
  assert.equal(format(JSON.parse(format(report, "json")), "concise"), format(report, "concise"));
  assert.throws(() => format(report, "pdf"), /unknown format `pdf`/);
});

test("positions count as `slice` does, behind emoji and combining marks", () => {
  const text = `// 👩‍👩‍👧 e\u0301 ⚠️\n${SQL("a")}`.replace("req.query.id", "req.query['😀'] ");
  const [finding] = analyzeSync({ "a.js": text }).findings;
  const { start, end } = finding.range;
  const shown = text.slice(start.offset, end.offset);
  assert.ok(shown.includes("'😀'") && shown.startsWith('"SELECT a'), shown);
  const line = text.split("\n")[start.line - 1];
  assert.equal(line.slice(start.column - 1, start.column - 1 + 9), '"SELECT a');
});

test("an edited project says what a new one would, and reads one file", () => {
  const project = new Project({ "a.js": SQL("a"), "b.js": SQL("b"), "c.js": "export {};\n" });
  project.analyzeSync();
  assert.equal(project.textsRead, 3);
  project.set("c.js", SQL("c"));
  project.delete("b.js");
  assert.deepEqual(project.analyzeSync(), analyzeSync({ "a.js": SQL("a"), "c.js": SQL("c") }));
  assert.equal(project.textsRead, 4);
  assert.deepEqual(project.list(), ["a.js", "c.js"]);
  project.configure({ select: ["ssrf"] });
  assert.deepEqual(project.analyzeSync().findings, []);
  project.dispose();
  assert.equal(project.analyzeSync({ config: {} }).findings.length, 2);
});

test("bad source is a problem of the report, bad options throw", () => {
  const report = analyzeSync({ "a.js": "const = ;", "b.py": "def (:\n" });
  assert.deepEqual([...new Set(report.problems.map((it) => it.file))], ["a.js", "b.py"]);
  assert.throws(() => analyzeSync("", { select: ["sql-injektion"] }), /did you mean `sql-injection`\?/);
  assert.throws(() => analyzeSync("", { config: { profil: "core" } }), /profil/);
});

test("a signal ends an analysis that has not begun", async () => {
  await assert.rejects(analyze("", { signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(new Project().analyze({ signal: AbortSignal.abort() }), { name: "AbortError" });
  await init();
});

test("an engine that dies is replaced, and the call says so", () => {
  const files = { "a.js": SQL("a") };
  const project = new Project(files);
  const before = project.analyzeSync();
  // To read it takes more stack than is left where the first call does not fail at once.
  const nested = { "deep.js": `x = ${"[".repeat(230)}${"]".repeat(230)};` };
  const whereNoStackIsLeft = () => {
    try {
      return whereNoStackIsLeft();
    } catch {
      return analyzeSync(nested);
    }
  };
  const report = whereNoStackIsLeft();
  assert.match(report.problems[0].message, /^the engine stopped and was replaced/);
  assert.deepEqual(analyzeSync(files), before);
  assert.deepEqual(project.analyzeSync(), before);
});

function fix(...edits) {
  const position = (offset) => ({ line: 1, column: 1, offset });
  return { kind: "safe", title: "t", edits: edits.map(([start, end, text, file = "a"]) => ({ file, range: { start: position(start), end: position(end) }, text })) };
}

test("fixes are applied wholly or not at all", () => {
  const files = { a: "0123456789", b: "xy" };
  const texts = (...fixes) => applyFixes(files, fixes).files.map((it) => it.text);
  assert.deepEqual(texts(fix([2, 4, "--"], [0, 0, ">"]), fix([4, 5, ""])), [">01--56789", "xy"]);
  const overlapping = [fix([2, 5, "A"]), fix([4, 6, "B"], [0, 1, "C", "b"]), fix([9, 11, "D"]), fix([0, 1, "E", "missing"])];
  const { files: after, applied, conflicts } = applyFixes(files, overlapping);
  assert.deepEqual(after, [{ file: "a", text: "01A56789" }, { file: "b", text: "xy" }]);
  assert.deepEqual([applied, conflicts], [overlapping.slice(0, 1), overlapping.slice(1)]);
  assert.deepEqual(texts(fix([0, 0, "same"]), fix([0, 0, "same"], [9, 10, ""])), ["same012345678", "xy"]);
  assert.deepEqual(applyFixes(files, [{ ...fix([0, 1, ""]), kind: "suggested" }], { only: "safe" }).applied, []);
});

test("the rules are the same with and without the engine", () => {
  assert.deepEqual(offline, rules());
  assert.ok(rules().some((it) => it.id === "sql-injection" && it.severity === "critical"));
});

test("helpers for doors", () => {
  assert.deepEqual(["a.ts", "package.json", "a.png"].map(isWanted), [true, true, false]);
  assert.match(intermediate("a.py", "x = f(1)\n"), /f/);
  assert.equal(intermediate("a.txt", ""), undefined);
});
