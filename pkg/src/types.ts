// Made by `cargo xtask gen` from the Rust types.

/** As in the reports: the path, and the text. */
export interface SourceFile {
  file: string;
  text: string;
}

export interface Report {
  schemaVersion: number;
  findings: Finding[];
  suppressed: Suppressed[];
  problems: Problem[];
  routes: Route[];
  stats: Stats;
}

export interface Finding {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  message: string;
  help?: string;
  specialist: Specialist;
  file: string;
  range: Range;
  related: Related[];
  flow: FlowStep[];
  fixes: Fix[];
  cwe: number[];
  owasp: string[];
  docs?: string;
  fingerprint: string;
}

export interface Suppressed extends Finding {
  by: SuppressedBy;
  reason?: string;
}

export type SuppressedBy = "comment" | "baseline";

/** End exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

/** Line and column count from 1; column and offset are UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

export interface Related {
  file: string;
  range: Range;
  message: string;
}

export interface FlowStep {
  file: string;
  range: Range;
  kind: StepKind;
  text: string;
}

export interface Fix {
  kind: FixKind;
  title: string;
  edits: Edit[];
}

export interface Edit {
  file: string;
  range: Range;
  text: string;
}

export interface Problem {
  kind: ProblemKind;
  file: string;
  range?: Range;
  message: string;
}

export interface Stats {
  /** Sources that were analyzed. */
  files: number;
  /** Sources that were left out, each said in `problems`. */
  skipped: number;
  rules: number;
  routes: number;
  bySeverity: BySeverity;
  /** Findings with at least one fix. */
  fixable: number;
}

export interface BySeverity {
  critical: number;
  high: number;
  medium: number;
  low: number;
  info: number;
}

export interface Route {
  /** In capitals; `ANY` for all. */
  method: string;
  /** In the framework's own spelling, joined with every prefix. */
  path: string;
  file: string;
  line: number;
  handler: string;
  framework: string;
  guards: Guards;
  /** What the role guard asks for, where it is known. */
  roles: string[];
  evidence: Evidence[];
}

/** The words are those of the specification: `present`, `absent`, `unknown`, `n/a`, … */
export interface Guards {
  auth: string;
  role: string;
  ownership: string;
  validation: string;
  csrf: string;
  content_type: string;
  rate_limit: string;
}

export interface Evidence {
  guard: string;
  file: string;
  line: number;
  why: string;
}

export interface RuleMeta {
  id: string;
  summary: string;
  group: string;
  severity: Severity;
  confidence: Confidence;
  profile: Profile;
  specialist: Specialist;
  cwe: number[];
  owasp: string[];
  since: string;
  docs?: string;
}

export type Severity = "info" | "low" | "medium" | "high" | "critical";

export type Confidence = "low" | "medium" | "high";

export type Profile = "core" | "strict" | "audit";

export type Specialist = "backend" | "database" | "security" | "performance" | "documentation";

export type StepKind = "source" | "assign" | "write" | "read" | "parameter" | "return" | "call" | "item" | "propagate" | "sink";

export type FixKind = "safe" | "suggested";

/** Why a part of the project was not, or not fully, analyzed, or why a comment has no effect. */
export type ProblemKind = "syntax" | "skipped" | "limit" | "unresolved" | "suppression" | "internal";

export interface Options {
  /** The configuration with the keys of `backend-specialist.toml`. */
  config?: Config;
  profile?: Profile;
  select?: string[];
  ignore?: string[];
  tests?: TestTreatment;
}

/** Keys are spelled like the options: `min-severity`. */
export interface Config {
  profile?: Profile;
  /** The lowest severity that makes a run fail. */
  "fail-on"?: FailOn;
  "min-severity"?: Severity;
  "min-confidence"?: Confidence;
  /** Rules or groups that run, whatever their profile; empty means those of the profile. */
  select?: string[];
  /** Rules or groups that do not run. */
  ignore?: string[];
  tests?: TestTreatment;
  /** Patterns of files that are no part of the project. */
  exclude?: string[];
  /** In bytes, at most `FILE_SIZE_MAX`. */
  "max-file-size"?: number;
  /** A suppression without a reason is refused. */
  "require-reason"?: boolean;
  /** A file inside the repository to which the command line adds one line a run. */
  telemetry?: string;
  /** Configuration files this one builds upon; resolved by the door. */
  extends?: string | string[];
  overrides?: Override[];
  assume?: Assume;
  models?: Models;
}

export type FailOn = "critical" | "high" | "medium" | "low" | "info" | "none";

/** What happens to findings in code that tests. */
export type TestTreatment = "same" | "lower" | "skip";

/** Other settings for the files that fit one of the patterns. */
export interface Override {
  files: string[];
  ignore?: string[];
  "min-severity"?: Severity;
  "min-confidence"?: Confidence;
  tests?: TestTreatment;
}

/** Facts the code cannot show. */
export interface Assume {
  "rate-limit"?: DoneBy;
  "tls-termination"?: DoneBy;
  "security-headers"?: DoneBy;
  "body-limit"?: DoneBy;
  /** `/health`, `POST /auth/login` */
  "public-routes"?: string[];
  "trusted-headers"?: string[];
  "owner-columns"?: string[];
  "tenant-columns"?: string[];
  "small-tables"?: string[];
}

/** Something in front of the application that does the work. */
export type DoneBy = "none" | "proxy" | "gateway";

/** The project's own names, recognized like the built-in ones. */
export interface Models {
  /** Patterns of whole model files. */
  files?: string[];
  guards?: string[];
  /** By kind: `{ sql = ["quoteIdent"] }`. */
  sanitizers?: Record<string, string[]>;
  validators?: string[];
  "async-wrappers"?: string[];
  limiters?: string[];
}
