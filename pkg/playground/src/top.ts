/** What stands above: the examples, and what can be done with the page. */

import { byId, h, icon, replace } from "./dom.js";
import { KINDS } from "./exporting.js";
import type { Format } from "backend-specialist/worker";

export interface TopEvents {
  example(id: string, version: "vulnerable" | "fixed"): void;
  share(): void;
  export(kind: Format): void;
  openFiles(files: File[]): void;
}

export function top(events: TopEvents) {
  let version: "vulnerable" | "fixed" = "vulnerable";
  const groups = [...new Set(EXAMPLES.map((it) => it.group))];
  const select = h(
    "select",
    { "aria-label": "Example", onchange: () => { version = "vulnerable"; choose(); } },
    h("option", { value: "" }, "Your own code"),
    groups.map((group) => {
      const options = EXAMPLES.filter((it) => it.group === group).map((it) => h("option", { value: it.id }, it.title));
      return h("optgroup", { label: group }, options);
    }),
  );
  const versions = (["vulnerable", "fixed"] as const).map((it) =>
    h("button", { class: "segment", "data-version": it, onclick: () => { version = it; choose(); } }, it === "vulnerable" ? "Vulnerable" : "Fixed"));
  const segments = h("div", { class: "segments", role: "group", "aria-label": "Version of the example" }, versions);
  replace(byId("examples"), h("label", { class: "picker" }, h("span", { class: "sr" }, "Example"), select), segments);

  function choose(): void {
    if (select.value) events.example(select.value, version);
  }

  const picker = h("input", { type: "file", multiple: true, class: "sr", tabindex: -1, "aria-hidden": "true", onchange: () => {
    if (picker.files?.length) events.openFiles([...picker.files]);
    picker.value = "";
  } });
  const menu = h("div", { class: "menu", id: "export-menu", popover: "auto" }, KINDS.map(({ kind, title }) =>
    h("button", { onclick: () => { menu.hidePopover(); events.export(kind); } }, title)));
  const theme = h("button", { class: "ghost", onclick: switchTheme, "aria-label": "Dark or light", title: "Dark or light" }, icon("moon"), icon("sun"));
  replace(
    byId("actions"),
    h("button", { class: "ghost", onclick: () => picker.click(), title: "Open files or a zip; a folder can be dropped anywhere" }, icon("open"), h("span", {}, "Open")),
    picker,
    h("button", { class: "ghost", popovertarget: "export-menu", title: "Save the report", onclick: place }, icon("export"), h("span", {}, "Export")),
    menu,
    h("button", { class: "primary", onclick: events.share, title: "Copy a link to this code" }, icon("share"), h("span", {}, "Share")),
    theme,
  );

  function place(event: Event): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    menu.style.top = `${box.bottom + 6}px`;
    menu.style.right = `${Math.max(8, document.documentElement.clientWidth - box.right)}px`;
  }

  return {
    /** `express:fixed`, or nothing for code of the visitor's own. */
    show(example: string): void {
      const [id = "", shown = "vulnerable"] = example.split(":");
      select.value = EXAMPLES.some((it) => it.id === id) ? id : "";
      version = shown === "fixed" ? "fixed" : "vulnerable";
      segments.hidden = select.value === "";
      for (const it of versions) it.setAttribute("aria-pressed", String(it.dataset.version === version));
    },
  };
}

function switchTheme(): void {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("backend-specialist.theme", root.dataset.theme);
  } catch {
    // It holds for this visit.
  }
}
