/** The rules and their pages, without the engine. */

import type { RuleMeta } from "./types.js";

export type { Confidence, Profile, RuleMeta, Severity, Specialist } from "./types.js";

/** All rules, by id. */
export const rules: readonly RuleMeta[] = RULES;

/** The page of one rule, in Markdown; nothing if there is no such rule. */
export async function page(rule: string): Promise<string | undefined> {
  const { pages } = (await import("./pages.js")) as { pages: Record<string, string> };
  return Object.hasOwn(pages, rule) ? pages[rule] : undefined;
}
