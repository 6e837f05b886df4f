/** The tabs of the report, the switch between code and report on phones, and the divider between them. */

import { byId, h, icon, replace } from "./dom.js";

export type View = "findings" | "routes" | "ir";

export function views(onShow: (view: View) => void) {
  const titles: Record<View, string> = { findings: "Findings", routes: "Routes", ir: "IR" };
  const panels = {} as Record<View, HTMLElement>;
  const buttons = {} as Record<View, HTMLButtonElement>;
  const badges = {} as Record<View, HTMLElement>;
  const list = h("div", { role: "tablist", "aria-label": "Report", class: "tablist", onkeydown: move });
  for (const view of Object.keys(titles) as View[]) {
    badges[view] = h("span", { class: "badge", hidden: true });
    buttons[view] = h("button", { role: "tab", class: "tab", id: `tab-${view}`, "aria-controls": `panel-${view}`, onclick: () => show(view) }, titles[view], badges[view]);
    panels[view] = h("div", { role: "tabpanel", id: `panel-${view}`, "aria-labelledby": `tab-${view}`, class: "panel" });
    list.append(buttons[view]);
    byId("panels").append(panels[view]);
  }
  byId("views").append(list);

  let current: View = "findings";
  function show(view: View): void {
    current = view;
    for (const it of Object.keys(titles) as View[]) {
      buttons[it].setAttribute("aria-selected", String(it === view));
      buttons[it].tabIndex = it === view ? 0 : -1;
      panels[it].hidden = it !== view;
    }
    onShow(view);
  }

  function move(event: KeyboardEvent): void {
    const all = Object.keys(titles) as View[];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by === undefined ? undefined : all[(all.indexOf(current) + by + all.length) % all.length];
    if (!next) return;
    event.preventDefault();
    show(next);
    buttons[next].focus();
  }

  return {
    panels,
    show,
    current: () => current,
    badge(view: View, number: number): void {
      badges[view].textContent = String(number);
      badges[view].hidden = number === 0;
    },
  };
}

/** On a narrow window either the code or the report is seen. */
export function sides(): { show(side: "code" | "side"): void } {
  const buttons = {
    code: h("button", { onclick: () => show("code") }, icon("code"), "Code"),
    side: h("button", { onclick: () => show("side") }, icon("list"), "Report"),
  };
  replace(byId("switch"), buttons.code, buttons.side);
  function show(side: "code" | "side"): void {
    byId("main").dataset.side = side;
    for (const it of ["code", "side"] as const) buttons[it].setAttribute("aria-pressed", String(it === side));
  }
  show("code");
  return { show };
}

/** Moved with the pointer or the arrow keys. */
export function divider(moved: () => void): void {
  const bar = byId("divider");
  const main = byId("main");
  function set(percent: number): void {
    const width = Math.round(Math.min(75, Math.max(25, percent)));
    main.style.setProperty("--code-width", `${width}%`);
    bar.setAttribute("aria-valuenow", String(width));
    moved();
  }
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = main.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100);
  });
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (by !== undefined) set(Number(bar.getAttribute("aria-valuenow")) + by);
  });
}
