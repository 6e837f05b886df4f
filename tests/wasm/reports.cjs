// `node reports.cjs ENGINE.js PROJECTS.json REPORTS.json`: what the engine says of each project, as the command line
// would print it. Started by `cargo xtask wasm`, which compares the reports with those of the native build.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const [engine, projects, reports] = process.argv.slice(2);
const { analyze, format } = require(path.resolve(engine));

const written = JSON.parse(fs.readFileSync(projects, "utf8")).map(({ files }) => {
  const report = analyze(files, { profile: "audit", tests: "same" });
  const text = JSON.stringify(report, null, 2) + "\n";
  if (format(report, "json", undefined) !== text) {
    throw new Error("format(report, \"json\") is not JSON.stringify(report, null, 2)");
  }
  return text;
});
fs.writeFileSync(reports, JSON.stringify(written));
