// `node reports.mjs PACKAGE.js PROJECTS.json REPORTS.json`: what the package says of each project, as the command line
// would print it. Started by `cargo xtask wasm`, which compares the reports with those of the native build.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [entry, projects, reports] = process.argv.slice(2);
const { analyzeSync, format } = await import(pathToFileURL(entry));

const written = JSON.parse(fs.readFileSync(projects, "utf8")).map(({ files }) => {
  const report = analyzeSync(files, { profile: "audit", tests: "same" });
  const text = JSON.stringify(report, null, 2) + "\n";
  if (format(report, "json") !== text) {
    throw new Error('format(report, "json") is not JSON.stringify(report, null, 2)');
  }
  return text;
});
fs.writeFileSync(reports, JSON.stringify(written));
