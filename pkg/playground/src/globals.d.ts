/** Put in by `build.mjs`: names of files beside the page. */
declare const ENGINE_FILE: string;
declare const WORKER_FILE: string;
declare const EXAMPLES: readonly { id: string; title: string; group: string; about: string; file: string }[];
