/** The list of findings: filtered, walked with the arrow keys, counted aloud. */

import type { Finding, Report, Severity } from "backend-specialist/worker";
import { count, h, replace, shownName } from "./dom.js";

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

export interface FindingsEvents {
  chosen(finding: Finding): void;
  /** All fixes at once. */
  fixAll(): void;
}

export function findingsPanel(parent: HTMLElement, events: FindingsEvents) {
  let report: Report | undefined;
  let chosen = "";
  let words = "";
  const hidden = new Set<Severity>();

  const search = h("input", {
    type: "search", placeholder: "Filter by rule, file or text", "aria-label": "Filter findings",
    oninput: () => { words = search.value.toLowerCase(); drawList(); },
  });
  const levels = h("div", { class: "levels", role: "group", "aria-label": "Severities" });
  const live = h("p", { class: "sr", "aria-live": "polite", id: "count" });
  const list = h("ul", { class: "findings", onkeydown: move, "aria-label": "Findings" });
  const fixAll = h("button", { class: "small fix-all", onclick: events.fixAll });
  const problems = h("details", { class: "problems" });
  parent.append(h("div", { class: "filter" }, search, levels, fixAll), live, list, problems);

  function shown(): Finding[] {
    const fits = (it: Finding): boolean => `${it.rule} ${it.file} ${it.message}`.toLowerCase().includes(words);
    return (report?.findings ?? [])
      .filter((it) => !hidden.has(it.severity) && fits(it))
      .sort((left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity));
  }

  function drawLevels(): void {
    const present = SEVERITIES.filter((it) => (report?.stats.bySeverity[it] ?? 0) > 0);
    replace(levels, present.map((it) =>
      h("button", { class: `level ${it}`, "aria-pressed": !hidden.has(it) ? "true" : "false", onclick: () => toggle(it) },
        `${report?.stats.bySeverity[it]} ${it}`)));
    levels.hidden = present.length < 2;
  }

  function toggle(level: Severity): void {
    if (!hidden.delete(level)) hidden.add(level);
    drawLevels();
    drawList();
  }

  function drawList(): void {
    const all = shown();
    const focused = document.activeElement?.closest<HTMLElement>(".finding")?.dataset.id;
    if (!report) return;
    const total = report.findings.length;
    live.textContent = all.length === total ? count(total, "finding") : `${all.length} of ${count(total, "finding")}`;
    if (all.length === 0) {
      replace(list, h("li", { class: "empty" }, ...nothing()));
    } else {
      const active = all.some((it) => it.fingerprint === chosen) ? chosen : all[0]?.fingerprint;
      replace(list, all.map((it) => h("li", {}, item(it, it.fingerprint === active))));
    }
    if (focused) list.querySelector<HTMLElement>(`[data-id="${focused}"]`)?.focus();
  }

  function nothing(): Node[] {
    if (report && report.findings.length > 0) return [h("p", {}, "No finding fits the filter.")];
    const { rules = 0, files = 0, routes = 0 } = report?.stats ?? {};
    return [
      h("p", { class: "big" }, "No findings"),
      h("p", {}, `${count(rules, "rule")} looked at ${count(files, "file")} and ${count(routes, "route")}.`),
    ];
  }

  function item(it: Finding, isActive: boolean): HTMLElement {
    const files = new Set(it.flow.map((step) => step.file)).size;
    return h(
      "button",
      { class: `finding ${it.severity}`, "data-id": it.fingerprint, tabindex: isActive ? 0 : -1, "aria-current": it.fingerprint === chosen ? "true" : undefined, onclick: () => events.chosen(it) },
      h("span", { class: "finding-head" }, h("span", { class: `severity ${it.severity}` }, it.severity), h("span", { class: "rule" }, it.rule)),
      h("span", { class: "message" }, prose(it.message)),
      h("span", { class: "facts" },
        h("span", { class: "place" }, `${shownName(it.file)}:${it.range.start.line}`),
        it.flow.length > 1 && h("span", {}, files > 1 ? `flow across ${files} files` : `flow of ${it.flow.length} steps`),
        it.fixes.length > 0 && h("span", { class: "fixable" }, "can be fixed"),
        it.confidence !== "high" && h("span", {}, `${it.confidence} confidence`)),
    );
  }

  function move(event: KeyboardEvent): void {
    const items = [...list.querySelectorAll<HTMLElement>(".finding")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    const next = to === undefined ? undefined : items[to];
    if (!next) return;
    event.preventDefault();
    for (const it of items) it.tabIndex = it === next ? 0 : -1;
    next.focus();
  }

  function drawProblems(): void {
    const all = report?.problems ?? [];
    problems.hidden = all.length === 0;
    replace(problems, h("summary", {}, `${count(all.length, "note")} on what was not understood`),
      h("ul", {}, all.map((it) => h("li", {}, h("span", { class: "place" }, `${shownName(it.file)}${it.range ? `:${it.range.start.line}` : ""}`), ` ${it.message}`))));
  }

  return {
    draw(next: Report): void {
      report = next;
      const fixable = next.findings.filter((it) => it.fixes.length > 0).length;
      fixAll.hidden = fixable === 0;
      fixAll.textContent = fixable === 1 ? "Apply the fix" : `Apply ${fixable} fixes`;
      drawLevels();
      drawList();
      drawProblems();
    },
    choose(fingerprint: string): void {
      chosen = fingerprint;
      drawList();
    },
    focus(): void {
      (list.querySelector<HTMLElement>("[aria-current=true]") ?? list.querySelector<HTMLElement>(".finding"))?.focus();
    },
  };
}

/** `code` in backticks becomes code; nothing else is looked for. */
export function prose(text: string): Node[] {
  return text.split("`").map((part, at) => (at % 2 === 1 ? h("code", {}, part) : document.createTextNode(part)));
}
