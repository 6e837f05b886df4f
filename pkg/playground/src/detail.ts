/** One finding: what is wrong, the way of the data, the fixes, and the page of its rule. */

import type { Finding, Fix, FlowStep, Range } from "backend-specialist/worker";
import { hunks } from "./diff.js";
import { h, icon, replace, shownName } from "./dom.js";
import { prose } from "./findings.js";

export interface DetailEvents {
  back(): void;
  goto(file: string, range: Range): void;
  apply(fix: Fix): void;
  text(file: string): string | undefined;
}

const WORDS: Record<FlowStep["kind"], string> = {
  source: "comes in", assign: "assigned", write: "written into", read: "read from", parameter: "passed as parameter",
  return: "returned", call: "given back", item: "one of", propagate: "becomes part of", sink: "arrives",
};

export function detailPanel(parent: HTMLElement, events: DetailEvents) {
  let current = "";

  function draw(it: Finding): void {
    current = it.fingerprint;
    replace(
      parent,
      h("button", { class: "ghost small back", onclick: events.back }, icon("back"), "All findings"),
      h("article", { class: `detail ${it.severity}` },
        h("header", {},
          h("p", { class: "finding-head" }, h("span", { class: `severity ${it.severity}` }, it.severity), h("span", { class: "facts" }, `${it.confidence} confidence`)),
          h("h2", { tabindex: -1, id: "detail-title" }, it.rule)),
        h("p", { class: "message" }, prose(it.message)),
        h("button", { class: "link place", onclick: () => events.goto(it.file, it.range) }, `${shownName(it.file)}:${it.range.start.line}:${it.range.start.column}`),
        it.help !== undefined && h("p", { class: "help" }, h("strong", {}, "What to do: "), prose(it.help)),
        it.flow.length > 0 && flow(it.flow, (step) => events.goto(step.file, step.range)),
        it.related.length > 0 && related(it),
        it.fixes.map((fix) => fixCard(fix)),
        weaknesses(it),
        rulePage(it.rule)),
    );
  }

  function related(it: Finding): HTMLElement {
    return h("section", { class: "related" }, h("h3", {}, "See also"),
      h("ul", {}, it.related.map((other) => h("li", {},
        h("button", { class: "link place", onclick: () => events.goto(other.file, other.range) }, `${shownName(other.file)}:${other.range.start.line}`), " ", prose(other.message)))));
  }

  function fixCard(fix: Fix): HTMLElement {
    const files = [...new Set(fix.edits.map((it) => it.file))];
    return h("section", { class: "fix" },
      h("h3", {}, icon("wrench"), fix.title, h("span", { class: "kind" }, fix.kind)),
      files.map((file) => h("div", { class: "diff", role: "group", "aria-label": `Changes of ${shownName(file)}` },
        h("p", { class: "place" }, shownName(file)),
        h("pre", { tabindex: 0 }, hunks(events.text(file) ?? "", fix.edits.filter((it) => it.file === file)).map((line) =>
          h("span", { class: `line ${line.kind}` }, h("span", { class: "sign" }, { removed: "−", added: "+", same: " " }[line.kind]), `${line.text}\n`))))),
      h("button", { class: "primary", onclick: () => events.apply(fix) }, "Apply this fix"));
  }

  function weaknesses(it: Finding): HTMLElement | false {
    const all = [...it.cwe.map((cwe) => `CWE-${cwe}`), ...it.owasp.map((owasp) => `OWASP ${owasp}`)];
    return all.length > 0 && h("p", { class: "tags" }, all.map((tag) => h("span", { class: "tag" }, tag)));
  }

  function rulePage(rule: string): HTMLElement {
    const body = h("div", { class: "page" });
    const details = h("details", { class: "rule-page" }, h("summary", {}, "About this rule"), body);
    details.addEventListener("toggle", async () => {
      if (!details.open || body.childElementCount > 0) return;
      const [{ page }, { markdown }] = await Promise.all([import("backend-specialist/rules"), import("./markdown.js")]);
      const text = await page(rule);
      replace(body, text === undefined ? h("p", {}, "This rule has no page.") : markdown(text));
    });
    return details;
  }

  return {
    draw,
    /** The finding as the newest report has it; gone if it is not there any more. */
    refresh(findings: readonly Finding[]): boolean {
      const now = findings.find((it) => it.fingerprint === current);
      const open = parent.querySelector("details")?.open ?? false;
      if (!now) return false;
      if (!open && !parent.contains(document.activeElement)) draw(now);
      return true;
    },
  };
}

/** A line from source to sink; steps in the same file stand in one card. */
function flow(steps: readonly FlowStep[], goto: (step: FlowStep) => void): HTMLElement {
  const groups: { file: string; steps: { step: FlowStep; number: number }[] }[] = [];
  for (const [index, step] of steps.entries()) {
    const last = groups.at(-1);
    if (last?.file === step.file) last.steps.push({ step, number: index + 1 });
    else groups.push({ file: step.file, steps: [{ step, number: index + 1 }] });
  }
  const list = h("ol", { class: "flow" }, groups.map((group) =>
    h("li", { class: "flow-file" },
      h("p", { class: "flow-name" }, shownName(group.file)),
      h("ol", { start: group.steps[0]?.number }, group.steps.map(({ step, number }) =>
        h("li", { class: `step ${step.kind}` },
          h("button", { onclick: () => goto(step), onkeydown: walk, "data-step": number },
            h("span", { class: "dot" }, number),
            h("span", { class: "word" }, WORDS[step.kind]),
            h("code", {}, step.text),
            h("span", { class: "line-number" }, h("span", { class: "sr" }, "line "), step.range.start.line))))))));
  return h("section", { class: "flow-section", "aria-label": "Flow from source to sink" },
    h("h3", {}, "The way of the data", h("span", { class: "kind" }, groups.length > 1 ? `${steps.length} steps, ${new Set(groups.map((it) => it.file)).size} files` : `${steps.length} steps`)), list);
}

function walk(event: KeyboardEvent): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const all = [...(event.currentTarget as HTMLElement).closest(".flow")?.querySelectorAll<HTMLElement>("button") ?? []];
  const next = all[all.indexOf(event.currentTarget as HTMLElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}
