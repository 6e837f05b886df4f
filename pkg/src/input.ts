/** The shapes in which files may be handed over. */

import type { SourceFile } from "./types.js";

/** One text, one file, several, or texts by path. */
export type Input = string | SourceFile | readonly SourceFile[] | Readonly<Record<string, string>>;

/** A text without a name is given one of its language by `guess`. */
export function toFiles(input: Input, guess: (text: string) => string = () => "stdin.tsx"): SourceFile[] {
  if (typeof input === "string") return [{ file: guess(input), text: input }];
  if (Array.isArray(input)) return input.map(checked);
  if (isFile(input)) return [checked(input)];
  if (typeof input === "object" && input !== null) {
    return Object.entries(input).map(([file, text]) => checked({ file, text }));
  }
  throw new TypeError("files are a text, `{ file, text }`, a list of these, or texts by path");
}

function isFile(input: object): input is SourceFile {
  const keys = Object.keys(input);
  return keys.length === 2 && keys.includes("file") && keys.includes("text");
}

function checked(it: SourceFile): SourceFile {
  if (typeof it?.file !== "string" || typeof it.text !== "string") {
    throw new TypeError("a file is `{ file, text }`, both of them texts");
  }
  return { file: it.file, text: it.text };
}
