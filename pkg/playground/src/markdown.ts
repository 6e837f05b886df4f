/** The Markdown of our rule pages as elements: headings, paragraphs, lists, tables, code. HTML in it is text. */

import { h } from "./dom.js";

export function markdown(text: string): Node[] {
  const lines = text.split(/\r?\n/);
  const out: Node[] = [];
  let at = 0;
  const line = (): string => lines[at] ?? "";
  while (at < lines.length) {
    const fence = /^(`{3,})(\S*)/.exec(line());
    const heading = /^(#{1,4}) (.*)/.exec(line());
    if (fence?.[1] !== undefined) {
      const code: string[] = [];
      for (at++; at < lines.length && !line().startsWith(fence[1]); at++) code.push(line());
      at++;
      out.push(h("pre", { tabindex: 0 }, h("code", {}, code.join("\n"))));
    } else if (heading) {
      // The panel has a heading above these.
      out.push(h(heading[1]?.length === 1 ? "h3" : "h4", {}, inline(heading[2] ?? "")));
      at++;
    } else if (/^\s*[-*] /.test(line())) out.push(list());
    else if (line().startsWith("|")) out.push(table());
    else if (line().trim() === "") at++;
    else {
      const words: string[] = [];
      for (; at < lines.length && line().trim() !== "" && !/^(?:`{3,}|#{1,4} |\s*[-*] |\|)/.test(line()); at++) words.push(line().trim());
      if (words.length === 0) words.push(lines[at++] ?? "");
      out.push(h("p", {}, inline(words.join(" "))));
    }
  }
  return out;

  function list(): HTMLElement {
    const items: string[] = [];
    for (; at < lines.length && line().trim() !== ""; at++) {
      const item = /^\s*[-*] (.*)/.exec(line());
      if (item) items.push(item[1] ?? "");
      else if (/^\s+/.test(line()) && items.length > 0) items[items.length - 1] += ` ${line().trim()}`;
      else break;
    }
    return h("ul", {}, items.map((it) => h("li", {}, inline(it))));
  }

  function table(): HTMLElement {
    const rows: string[][] = [];
    for (; line().startsWith("|"); at++) {
      const cells = line().split("|").slice(1, -1).map((it) => it.trim());
      if (!cells.every((it) => /^:?-+:?$/.test(it))) rows.push(cells);
    }
    const [head = [], ...body] = rows;
    return h("table", {}, h("thead", {}, h("tr", {}, head.map((it) => h("th", {}, inline(it))))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((it) => h("td", {}, inline(it)))))));
  }
}

/** Code, strong words, and links as their text: a page may lead nowhere. */
function inline(text: string): Node[] {
  const out: Node[] = [];
  for (const [, code, strong, link, plain] of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\([^)]*\)|([^`*[]+|[`*[])/g)) {
    if (code !== undefined) out.push(h("code", {}, code));
    else if (strong !== undefined) out.push(h("strong", {}, strong));
    else if (link !== undefined) out.push(...inline(link));
    else out.push(document.createTextNode(plain ?? ""));
  }
  return out;
}
