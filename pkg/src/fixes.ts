/** Edits of text; the engine has no part in it. */

import { type Input, toFiles } from "./input.js";
import type { Fix, SourceFile } from "./types.js";

export interface ApplyFixesOptions {
  /** Leave out fixes that are only suggested. */
  only?: "safe";
}

export interface AppliedFixes {
  /** All files, in the order given, with their new texts. */
  files: SourceFile[];
  applied: Fix[];
  /** Fixes that touch what one before them has changed, or a text that is not there. */
  conflicts: Fix[];
}

/** Applies the fixes one after the other, each wholly or not at all. */
export function applyFixes(input: Input, fixes: readonly Fix[], options: ApplyFixesOptions = {}): AppliedFixes {
  const files = toFiles(input);
  const lengths = new Map(files.map((it) => [it.file, it.text.length]));
  const taken = new Map<string, Edit[]>();
  const applied: Fix[] = [];
  const conflicts: Fix[] = [];
  for (const fix of fixes) {
    if (options.only === "safe" && fix.kind !== "safe") continue;
    const edits = fix.edits.map((it) => ({
      file: it.file,
      start: it.range.start.offset,
      end: it.range.end.offset,
      text: it.text,
    }));
    // Two findings may want the same change: made once, it serves both.
    const fresh = edits.filter((it) => !taken.get(it.file)?.some((other) => same(it, other)));
    const fits = fresh.every((it, at) => {
      const length = lengths.get(it.file);
      const others = [...(taken.get(it.file) ?? []), ...fresh.slice(0, at).filter((other) => other.file === it.file)];
      return length !== undefined && it.start <= it.end && it.end <= length && !others.some((other) => meet(it, other));
    });
    if (!fits) {
      conflicts.push(fix);
      continue;
    }
    for (const edit of fresh) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
    applied.push(fix);
  }
  return { files: files.map((it) => ({ file: it.file, text: edited(it.text, taken.get(it.file) ?? []) })), applied, conflicts };
}

interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

function same(left: Edit, right: Edit): boolean {
  return left.start === right.start && left.end === right.end && left.text === right.text;
}

/** Two insertions at one place meet as well: nobody knows which comes first. */
function meet(left: Edit, right: Edit): boolean {
  if (left.start === right.start) return true;
  return left.start < right.end && right.start < left.end;
}

function edited(text: string, edits: Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start)) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}
