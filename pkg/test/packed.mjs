// The package as its users get it: packed, and installed into an empty project.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const here = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const shell = process.platform === "win32";

let folder;

/** The folder of the empty project. */
export function consumer() {
  if (folder) return folder;
  folder = mkdtempSync(path.join(os.tmpdir(), "backend-specialist-consumer-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const packed = JSON.parse(execFileSync(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: here, shell, stdio: ["ignore", "pipe", "ignore"] }));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  const list = Array.isArray(packed) ? packed : Object.values(packed);
  execFileSync(npm, ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${list[0].filename}`], { cwd: folder, shell, stdio: "ignore" });
  return folder;
}

/** Runs a program with the package in reach; gives what it prints. */
export function run(name, text, program = process.execPath, args = []) {
  const file = path.join(consumer(), name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return execFileSync(program, [...args, file], { cwd: consumer(), encoding: "utf8" });
}

/** The fenced code of the README, in order: `{ language, text, title }`. */
export function readmeExamples() {
  const examples = [];
  let title = "";
  let open;
  for (const line of readFileSync(path.join(here, "README.md"), "utf8").split(/\r?\n/)) {
    if (open && line === "```") {
      examples.push({ ...open, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (line.startsWith("```")) open = { language: line.slice(3), title, lines: [] };
    else if (line.startsWith("## ")) title = line.slice(3);
  }
  return examples;
}
