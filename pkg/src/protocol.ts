/** What the client and the worker say to each other. */

import type { AnalyzeOptions } from "./api.js";
import type { Config, Report, RuleMeta, SourceFile } from "./types.js";

export type Request =
  | { op: "start"; module: WebAssembly.Module; files: SourceFile[]; config: Config | undefined }
  | { op: "set"; path: string; text: string }
  | { op: "delete"; path: string }
  | { op: "configure"; config: Config }
  | { op: "analyze"; id: number; options: Omit<AnalyzeOptions, "signal"> }
  | { op: "format"; id: number; report: Report; kind: string; files: SourceFile[] | undefined }
  | { op: "intermediate"; id: number; path: string }
  | { op: "rules"; id: number };

export type Answer = { id: number; ok: true; value: Report | RuleMeta[] | string | undefined } | { id: number; ok: false; error: string };
