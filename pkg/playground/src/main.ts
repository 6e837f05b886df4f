/** The page: its parts, and what happens between them. */

import { type Finding, type Fix, type Range, type Report, type SourceFile, applyFixes } from "backend-specialist/worker";
import { detailPanel } from "./detail.js";
import { byId, h, replace } from "./dom.js";
import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import { findingsPanel } from "./findings.js";
import { routesPanel } from "./routes.js";
import { LINK_MAX, fromHash, toHash } from "./share.js";
import { Store } from "./store.js";
import { tabs } from "./tabs.js";
import { top } from "./top.js";
import { divider, sides, views } from "./views.js";

const store = new Store();
const editor = new Editor(byId("editor"), {
  changed: (path, text) => store.setText(path, text),
  chosen: (finding) => choose(finding),
});
const files = tabs(byId("tabs"), store);
const side = sides();
const view = views((shown) => { if (shown === "ir") void drawIntermediate(); });
const bar = top({ example: (id, version) => void openExample(id, version), share, export: exportAs, openFiles: (list) => void open(list) });

const listBox = h("div", { class: "list" });
const detailBox = h("div", { class: "detail-box", hidden: true });
view.panels.findings.append(listBox, detailBox);
const list = findingsPanel(listBox, { chosen: choose, fixAll });
const detail = detailPanel(detailBox, { back, goto, apply: (fix) => applyAll([fix]), text: (file) => store.state.files.get(file) });
const routes = routesPanel(view.panels.routes, { goto: gotoLine });
const intermediate = h("pre", { class: "ir", tabindex: 0, "aria-label": "Intermediate representation of this file" });
view.panels.ir.append(h("p", { class: "hint" }, "How the engine sees this file, for authors of rules."), intermediate);

let report: Report | undefined;
let chosen: Finding | undefined;

store.listen((change) => {
  if (change.kind === "all") {
    editor.clear();
    back();
  }
  if (change.kind === "text" && store.state.example && !isRestoring) markOwn();
  if (change.kind !== "text" || change.path === store.state.open) {
    editor.show(store.state.open, store.state.files.get(store.state.open) ?? "");
  }
  if (change.kind !== "text") {
    drawTabs();
    bar.show(store.state.example);
    editor.setFindings(report?.findings ?? []);
    drawMarks();
  }
  if (view.current() === "ir") void drawIntermediate();
});

const engine = new Engine(store, {
  loading: (loaded, total) => status(total ? `Loading the engine: ${Math.round((loaded / total) * 100)} %` : `Loading the engine: ${(loaded / 1e6).toFixed(1)} MB`),
  ready: () => status("Analyzing …"),
  report: show,
  failed: (why) => notice(`The engine could not be used: ${why}`),
});

let isRestoring = false;
void begin();
view.show("findings");
divider(() => editor.measure());
void offline();

async function begin(): Promise<void> {
  if (location.hash.length > 1) {
    try {
      const shared = await fromHash(location.hash);
      load(shared.files.map(([file, text]) => ({ file, text })), shared.open, shared.example);
      return;
    } catch (error) {
      notice(`${(error as Error).message} The example is shown instead.`);
      await openExample(EXAMPLES[0]?.id ?? "", "vulnerable");
      return;
    }
  }
  const stored = store.restore();
  if (stored) load(stored.files.map(([file, text]) => ({ file, text })), stored.open, stored.example);
  else await openExample(EXAMPLES[0]?.id ?? "", "vulnerable");
}

addEventListener("hashchange", () => void begin());

function load(all: readonly SourceFile[], open?: string, example = ""): void {
  isRestoring = true;
  store.load(all, open, example);
  isRestoring = false;
}

async function openExample(id: string, version: "vulnerable" | "fixed"): Promise<void> {
  const found = EXAMPLES.find((it) => it.id === id);
  if (!found) return;
  const response = await fetch(new URL(found.file, document.baseURI));
  if (!response.ok) return notice("This example could not be loaded.");
  const example = (await response.json()) as Record<"vulnerable" | "fixed", SourceFile[]> & { open: string };
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  load(example[version], example.open, `${id}:${version}`);
}

/** An example that was edited is the visitor's own code from then on. */
function markOwn(): void {
  store.state.example = "";
  bar.show("");
}

function show(next: Report, milliseconds: number): void {
  report = next;
  list.draw(next);
  routes.draw(next);
  view.badge("findings", next.findings.length);
  view.badge("routes", next.routes.length);
  drawTabs();
  editor.setFindings(next.findings);
  if (chosen && !detail.refresh(next.findings)) {
    back();
  } else drawMarks();
  const { files: number } = next.stats;
  status(`${number} ${number === 1 ? "file" : "files"} analyzed in ${milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`}`, true);
}

function drawTabs(): void {
  const counts = new Map<string, number>();
  for (const it of report?.findings ?? []) counts.set(it.file, (counts.get(it.file) ?? 0) + 1);
  files.draw(counts);
}

function drawMarks(): void {
  const steps = chosen?.flow.filter((it) => it.file === store.state.open) ?? [];
  editor.setMarks(steps.map((it) => ({ range: it.range, kind: it.kind === "source" || it.kind === "sink" ? it.kind : "step" })));
}

function choose(finding: Finding): void {
  chosen = finding;
  view.show("findings");
  side.show("side");
  list.choose(finding.fingerprint);
  detail.draw(finding);
  listBox.hidden = true;
  detailBox.hidden = false;
  detailBox.querySelector<HTMLElement>("#detail-title")?.focus();
  store.open(finding.file);
  editor.reveal(finding.range, false);
  drawMarks();
}

function back(): void {
  const had = chosen !== undefined && detailBox.contains(document.activeElement);
  chosen = undefined;
  detailBox.hidden = true;
  listBox.hidden = false;
  list.choose("");
  if (had) list.focus();
  drawMarks();
}

detailBox.addEventListener("keydown", (event) => {
  if (event.key === "Escape") back();
});

function goto(file: string, range: Range): void {
  store.open(file);
  editor.reveal(range, false);
  drawMarks();
}

function gotoLine(file: string, line: number): void {
  store.open(file);
  editor.revealLine(line);
}

function fixAll(): void {
  applyAll((report?.findings ?? []).flatMap((it) => it.fixes.slice(0, 1)));
}

function applyAll(fixes: readonly Fix[]): void {
  const { files: fixed, applied, conflicts } = applyFixes(store.files(), fixes);
  for (const { file, text } of fixed) store.setText(file, text);
  const left = conflicts.length > 0 ? ` ${conflicts.length} touch the same text: apply again.` : "";
  notice(`${applied.length === 1 ? "The fix is" : `${applied.length} fixes are`} applied.${left} Ctrl+Z in the editor undoes it.`);
}

async function share(): Promise<void> {
  const hash = await toHash(store.shared());
  if (hash.length > LINK_MAX) {
    const { download } = await import("./exporting.js");
    download("backend-specialist-playground.json", "application/json", JSON.stringify(store.shared()));
    notice("This is too much for a link: it was saved as a file, which Open reads again.");
    return;
  }
  history.replaceState(null, "", hash);
  try {
    await navigator.clipboard.writeText(location.href);
    notice("The link is copied. It holds the code itself: nothing was sent anywhere.");
  } catch {
    notice("The address of this page is the link now. It holds the code itself.");
  }
}

async function exportAs(kind: Parameters<Engine["format"]>[1]): Promise<void> {
  if (!report) return;
  const { exportReport } = await import("./exporting.js");
  await exportReport((it, as) => engine.format(it, as), report, kind);
}

async function open(list: File[]): Promise<void> {
  await opened(async () => {
    const { fromFiles } = await import("./zip.js");
    const [first] = list;
    if (list.length === 1 && first?.name === "backend-specialist-playground.json") {
      const { isShared } = await import("./share.js");
      const shared: unknown = JSON.parse(await first.text());
      if (isShared(shared)) return { files: shared.files.map(([file, text]) => ({ file, text })), note: "" };
    }
    return fromFiles(list);
  });
}

async function opened(read: () => Promise<{ files: SourceFile[]; note: string }>): Promise<void> {
  try {
    const { files: all, note } = await read();
    if (all.length === 0) return notice("There is no JavaScript, TypeScript or Python in it.");
    load(all);
    notice(`${all.length} files are open. They stay in this browser. ${note}`);
  } catch (error) {
    notice((error as Error).message);
  }
}

addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
addEventListener("drop", (event) => {
  const data = event.dataTransfer;
  if (!data?.types.includes("Files")) return;
  event.preventDefault();
  void opened(async () => (await import("./zip.js")).fromDrop(data));
});

async function drawIntermediate(): Promise<void> {
  const path = store.state.open;
  const text = await engine.intermediate(path).catch(() => undefined);
  if (path === store.state.open) intermediate.textContent = text ?? "This file is no source.";
}

function status(text: string, isDone = false): void {
  replace(byId("status"), h("span", { class: isDone ? "done" : "busy" }, text), h("span", { class: "promise" }, "Your code never leaves this browser. ", h("a", { href: "rules/index.html" }, "All rules")));
}

let noticeTimer: ReturnType<typeof setTimeout> | undefined;
function notice(text: string): void {
  const box = byId("notice");
  replace(box, h("span", {}, text), h("button", { class: "ghost small", onclick: () => replace(box) }, "Dismiss"));
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { if (!box.contains(document.activeElement)) replace(box); }, 12_000);
}

/** A new version is there for the next load, and said. */
async function offline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const hadOne = navigator.serviceWorker.controller !== null;
    const registration = await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "activated" && hadOne) notice("A new version is here: it is used from the next load on.");
      });
    });
  } catch {
    // Without it the page needs the network.
  }
}
