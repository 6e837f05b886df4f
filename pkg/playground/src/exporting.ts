/** Reports as files, and the whole page as one. */

import type { Format, Report } from "backend-specialist/worker";

export const KINDS: readonly { kind: Format; title: string; file: string; type: string }[] = [
  { kind: "sarif", title: "SARIF", file: "report.sarif", type: "application/sarif+json" },
  { kind: "json", title: "JSON", file: "report.json", type: "application/json" },
  { kind: "markdown", title: "Markdown", file: "report.md", type: "text/markdown" },
  { kind: "routes-markdown", title: "Routes as Markdown", file: "routes.md", type: "text/markdown" },
  { kind: "routes-openapi", title: "Routes as OpenAPI", file: "openapi.json", type: "application/json" },
];

export function download(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([text], { type }));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export async function exportReport(format: (report: Report, kind: Format) => Promise<string>, report: Report, kind: Format): Promise<void> {
  const found = KINDS.find((it) => it.kind === kind);
  if (found) download(found.file, found.type, await format(report, kind));
}
