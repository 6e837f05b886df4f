/** The files above the editor. */

import { h, icon, replace, shownName } from "./dom.js";
import type { Store } from "./store.js";

export function tabs(parent: HTMLElement, store: Store): { draw(findings: ReadonlyMap<string, number>): void } {
  let counts: ReadonlyMap<string, number> = new Map();

  function draw(): void {
    const { files, open } = store.state;
    const paths = [...files.keys()];
    const list = h(
      "div",
      { role: "tablist", "aria-label": "Files", class: "tablist", onkeydown: move },
      paths.map((path) => tab(path, path === open)),
    );
    replace(parent, list, h("div", { class: "tab-tools" }, ...tools(open, paths.length)));
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function tab(path: string, isOpen: boolean): HTMLElement {
    const number = counts.get(path) ?? 0;
    return h(
      "button",
      {
        role: "tab", class: "tab", "aria-selected": isOpen, tabindex: isOpen ? 0 : -1, title: shownName(path), "aria-controls": "editor",
        onclick: () => store.open(path),
        ondblclick: () => rename(path),
      },
      h("span", { class: "tab-name" }, shownName(path)),
      number > 0 && h("span", { class: "badge" }, h("span", { class: "sr" }, ", findings: "), number),
    );
  }

  function tools(open: string, number: number): HTMLElement[] {
    return [
      h("button", { class: "ghost small", title: "New file", "aria-label": "New file", onclick: create }, icon("plus")),
      h("button", { class: "ghost small", title: "Rename this file", "aria-label": `Rename ${shownName(open)}`, onclick: () => rename(open) }, "Rename"),
      h("button", { class: "ghost small", title: "Delete this file", "aria-label": `Delete ${shownName(open)}`, disabled: number < 2, onclick: () => store.remove(open) }, icon("close")),
    ];
  }

  function create(): void {
    name("New file", "new.ts", (path) => store.add(path));
  }

  function rename(path: string): void {
    name("Rename", path, (to) => store.rename(path, to));
  }

  /** In place of the tabs, for `prompt` is no good on phones. */
  function name(label: string, value: string, done: (path: string) => void): void {
    const input = h("input", { class: "name", value, "aria-label": `${label}: path`, spellcheck: "false", autocapitalize: "off" });
    const finish = (): void => {
      const path = input.value.trim();
      draw();
      if (path) done(path);
    };
    const form = h("form", { class: "name-form", onsubmit: (event: Event) => { event.preventDefault(); finish(); } }, input,
      h("button", { class: "small" }, label === "Rename" ? "Rename" : "Create"),
      h("button", { class: "ghost small", type: "button", onclick: draw }, "Cancel"));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") draw(); });
    replace(parent, form);
    input.focus();
    input.setSelectionRange(value.lastIndexOf("/") + 1, value.lastIndexOf(".") > 0 ? value.lastIndexOf(".") : value.length);
  }

  function move(event: KeyboardEvent): void {
    const paths = [...store.state.files.keys()];
    const at = paths.indexOf(store.state.open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: paths.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const path = paths[(to + paths.length) % paths.length];
    if (path !== undefined) store.open(path);
    parent.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  return {
    draw(findings) {
      counts = findings;
      if (!parent.querySelector("form")) draw();
    },
  };
}
