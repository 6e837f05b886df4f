/** The lines that a fix changes, with one line around them. */

import type { Edit } from "backend-specialist/worker";

export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

const AROUND = 1;

export function hunks(text: string, edits: readonly Edit[]): DiffLine[] {
  const lines = text.split("\n");
  const groups = joined(edits.map((it) => ({ from: it.range.start.line, to: it.range.end.line, edits: [it] })));
  const out: DiffLine[] = [];
  let shown = 0;
  for (const { from, to, edits: own } of groups) {
    const begin = Math.max(shown + 1, from - AROUND);
    if (shown > 0 && begin > shown + 1) out.push({ kind: "same", text: "⋯" });
    for (let line = begin; line < from; line++) out.push({ kind: "same", text: lines[line - 1] ?? "" });
    const start = offsetOf(lines, from);
    const old = lines.slice(from - 1, to).join("\n");
    for (const line of old.split("\n")) out.push({ kind: "removed", text: line });
    for (const line of edited(old, start, own).split("\n")) out.push({ kind: "added", text: line });
    shown = Math.min(lines.length, to + AROUND);
    for (let line = to + 1; line <= shown; line++) out.push({ kind: "same", text: lines[line - 1] ?? "" });
  }
  return out;
}

interface Group {
  from: number;
  to: number;
  edits: Edit[];
}

function joined(groups: Group[]): Group[] {
  const out: Group[] = [];
  for (const group of groups.sort((left, right) => left.from - right.from)) {
    const last = out.at(-1);
    if (last && group.from <= last.to + AROUND) {
      last.to = Math.max(last.to, group.to);
      last.edits.push(...group.edits);
    } else out.push(group);
  }
  return out;
}

function offsetOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line - 1).reduce((sum, it) => sum + it.length + 1, 0);
}

function edited(text: string, start: number, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of [...edits].sort((left, right) => left.range.start.offset - right.range.start.offset)) {
    out += text.slice(at, edit.range.start.offset - start) + edit.text;
    at = edit.range.end.offset - start;
  }
  return out + text.slice(at);
}
