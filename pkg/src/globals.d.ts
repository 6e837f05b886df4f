/** Put in by `build.mjs`. */
declare const PACKAGE_VERSION: string;
declare const RULES: readonly import("./types.js").RuleMeta[];
declare module "*/pages.js" {
  export const pages: Record<string, string>;
}
