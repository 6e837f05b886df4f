// The rules' pages as plain HTML beside the playground: `rules/index.html`, `rules/sql-injection.html`, …
import { mkdirSync, writeFileSync } from "node:fs";
import { page, rules } from "backend-specialist/rules";

const escaped = (text) => text.replace(/[&<>"]/g, (it) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[it]);

export async function writeRulePages(folder, style) {
  mkdirSync(folder, { recursive: true });
  const rows = rules.map((it) => `<tr><td><a href="${it.id}.html"><code>${it.id}</code></a></td><td>${it.severity}</td><td>${escaped(it.summary)}</td></tr>`);
  const table = `<h1>Rules</h1><p>${rules.length} rules.</p><table><thead><tr><th>Rule</th><th>Severity</th><th>What</th></tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
  writeFileSync(`${folder}/index.html`, whole("Rules", style, '<a href="../">Playground</a>', table));
  for (const { id } of rules) {
    const text = (await page(id)) ?? "";
    writeFileSync(`${folder}/${id}.html`, whole(id, style, '<a href="../">Playground</a> <a href="./">All rules</a>', html(text)));
  }
}

function whole(title, style, links, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · backend-specialist</title>
<link rel="icon" href="../favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../${style}">
</head>
<body class="document">
<nav aria-label="Site">${links}</nav>
<main class="page">
${body}
</main>
</body>
</html>
`;
}

/** The Markdown of our pages: headings, paragraphs, lists, tables, code. Everything else is text. */
function html(text) {
  const out = [];
  const blocks = text.split(/\r?\n/);
  for (let at = 0; at < blocks.length; ) {
    const line = blocks[at];
    const fence = /^(`{3,})/.exec(line)?.[1];
    const heading = /^(#{1,4}) (.*)/.exec(line);
    if (fence) {
      const code = [];
      for (at++; at < blocks.length && !blocks[at].startsWith(fence); at++) code.push(blocks[at]);
      at++;
      out.push(`<pre tabindex="0"><code>${escaped(code.join("\n"))}</code></pre>`);
    } else if (heading) {
      out.push(`<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`);
      at++;
    } else if (/^\s*[-*] /.test(line)) {
      const items = [];
      for (; at < blocks.length && blocks[at].trim() !== ""; at++) {
        const item = /^\s*[-*] (.*)/.exec(blocks[at]);
        if (item) items.push(item[1]);
        else items.push(`${items.pop() ?? ""} ${blocks[at].trim()}`);
      }
      out.push(`<ul>${items.map((it) => `<li>${inline(it)}</li>`).join("")}</ul>`);
    } else if (line.startsWith("|")) {
      const rows = [];
      for (; at < blocks.length && blocks[at].startsWith("|"); at++) rows.push(blocks[at].split("|").slice(1, -1).map((it) => it.trim()));
      const cells = (row, tag) => `<tr>${row.map((it) => `<${tag}>${inline(it)}</${tag}>`).join("")}</tr>`;
      const body = rows.slice(1).filter((row) => !row.every((it) => /^:?-+:?$/.test(it)));
      out.push(`<table><thead>${cells(rows[0], "th")}</thead><tbody>${body.map((row) => cells(row, "td")).join("")}</tbody></table>`);
    } else if (line.trim() === "") at++;
    else {
      const words = [line.trim()];
      for (at++; at < blocks.length && blocks[at].trim() !== "" && !/^(?:`{3,}|#{1,4} |\s*[-*] |\|)/.test(blocks[at]); at++) words.push(blocks[at].trim());
      out.push(`<p>${inline(words.join(" "))}</p>`);
    }
  }
  return out.join("\n");
}

/** Links are their text: what they lead to stands in the repository. */
function inline(text) {
  return text.replace(/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\([^)]*\)|([^`*[]+|[`*[])/g, (_, code, strong, link, plain) => {
    if (code !== undefined) return `<code>${escaped(code)}</code>`;
    if (strong !== undefined) return `<strong>${escaped(strong)}</strong>`;
    return link !== undefined ? inline(link) : escaped(plain);
  });
}
