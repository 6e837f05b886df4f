/** Every route, and the guards that truly run before its handler. */

import type { Report, Route } from "backend-specialist/worker";
import { count, h, replace, shownName } from "./dom.js";
import { prose } from "./findings.js";

const GUARDS = [
  ["auth", "Auth", "Somebody is logged in"],
  ["role", "Role", "They may do this"],
  ["ownership", "Owner", "The record is theirs"],
  ["validation", "Input", "The input is validated"],
  ["csrf", "CSRF", "No other site sent it"],
  ["content_type", "Type", "The content type is enforced"],
  ["rate_limit", "Rate", "Requests are limited"],
] as const;

/** How each value of a guard is to be read; the word stands beside the color. */
const LOOKS: Record<string, "good" | "bad" | "soft" | "none" | "open" | "off"> = {
  present: "good", checked: "good", schema: "good", manual: "soft", optional: "soft",
  absent: "bad", missing: "bad", none: "bad", unknown: "open", "n/a": "none",
};
const SIGNS = { good: "✓", bad: "✕", off: "✕", soft: "~", none: "–", open: "?" };
/** Not every route needs these: that one is missing is no alarm. */
const OPTIONAL: ReadonlySet<string> = new Set(["role", "content_type", "rate_limit"]);

export function routesPanel(parent: HTMLElement, events: { goto(file: string, line: number): void }) {
  const summary = h("p", { class: "route-summary" });
  const body = h("div", { class: "route-scroll", tabindex: 0, role: "region", "aria-label": "Routes and their guards" });
  const legend = h("p", { class: "legend" }, ...(["good", "soft", "bad", "off", "open", "none"] as const).map((look) =>
    h("span", {}, h("span", { class: `guard ${look}`, "aria-hidden": "true" }, SIGNS[look]), { good: "runs", soft: "in part", bad: "missing", off: "not there", open: "not known", none: "not needed" }[look])));
  parent.append(summary, body, legend);
  const opened = new Set<string>();
  let routes: readonly Route[] = [];

  function draw(): void {
    const open = routes.filter((it) => it.guards.auth === "absent").length;
    replace(summary, routes.length === 0 ? "" : `${count(routes.length, "route")}${open > 0 ? `, ${open} open to everybody` : ""}.`);
    legend.hidden = routes.length === 0;
    if (routes.length === 0) {
      replace(body, h("div", { class: "empty" }, h("p", { class: "big" }, "No routes"), h("p", {}, "Express, Fastify, NestJS, Koa, Hono, Flask, FastAPI and Django routes appear here, with the guards that truly run before each handler.")));
      return;
    }
    const focused = (document.activeElement as HTMLElement | null)?.dataset.route;
    replace(body, h("table", { class: "routes" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Route"), GUARDS.map(([, name, title]) => h("th", { scope: "col", title }, name)))),
      h("tbody", {}, routes.flatMap((route) => rows(route)))));
    if (focused) body.querySelector<HTMLElement>(`[data-route="${CSS.escape(focused)}"]`)?.focus();
  }

  function rows(route: Route): HTMLElement[] {
    const key = `${route.method} ${route.path} ${route.file}:${route.line}`;
    const isOpen = opened.has(key);
    const toggle = (): void => {
      if (!opened.delete(key)) opened.add(key);
      draw();
      events.goto(route.file, route.line);
    };
    const row = h("tr", { class: isOpen ? "opened" : "" },
      h("th", { scope: "row" },
        h("button", { class: "route", "aria-expanded": isOpen ? "true" : "false", "data-route": key, onclick: toggle },
          h("span", { class: `method ${route.method.toLowerCase()}` }, route.method), h("span", { class: "path" }, route.path))),
      GUARDS.map(([guard, name]) => h("td", {}, cell(name, route.guards[guard], lookOf(route, guard)))));
    return isOpen ? [row, h("tr", { class: "evidence" }, h("td", { colspan: GUARDS.length + 1 }, evidence(route)))] : [row];
  }

  function cell(name: string, value: string, look: keyof typeof SIGNS): HTMLElement {
    return h("span", { class: `guard ${look}`, title: `${name}: ${value}` }, h("span", { "aria-hidden": "true" }, SIGNS[look]), h("span", { class: "sr" }, value));
  }

  function evidence(route: Route): HTMLElement {
    return h("div", { class: "evidence-box" },
      h("p", {}, h("code", {}, route.handler), " in ", h("button", { class: "link place", onclick: () => events.goto(route.file, route.line) }, `${shownName(route.file)}:${route.line}`), `, ${route.framework}`,
        route.roles.length > 0 && `, asks for ${route.roles.join(", ")}`),
      h("dl", {}, GUARDS.flatMap(([guard, name]) => {
        const why = route.evidence.filter((it) => it.guard === guard);
        return [h("dt", {}, name), h("dd", {}, route.guards[guard], why.map((it) => h("span", { class: "why" }, " ",
          h("button", { class: "link place", onclick: () => events.goto(it.file, it.line) }, `${shownName(it.file)}:${it.line}`), " ", prose(it.why))))];
      })));
  }

  return {
    draw(report: Report): void {
      routes = report.routes;
      draw();
    },
  };
}

function lookOf(route: Route, guard: (typeof GUARDS)[number][0]): keyof typeof SIGNS {
  const look = LOOKS[route.guards[guard]] ?? "open";
  if (look !== "bad") return look;
  const isRead = ["GET", "HEAD", "OPTIONS"].includes(route.method);
  return OPTIONAL.has(guard) || (isRead && guard !== "auth") ? "off" : "bad";
}
