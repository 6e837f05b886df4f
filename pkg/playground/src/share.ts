/** The files as a link: `#1.` and base64url of the deflated JSON. A link comes from anybody. */

/** A longer link is refused by some programs: a file is offered instead. */
export const LINK_MAX = 8_000;
/** Of what a link inflates to. */
const INFLATED_MAX = 2_000_000;
const VERSION = "1";

export interface Shared {
  files: [path: string, text: string][];
  open: string;
  example: string;
}

export function isShared(it: unknown): it is Shared {
  if (typeof it !== "object" || it === null) return false;
  const { files, open, example } = it as Partial<Shared>;
  const isFile = (file: unknown): boolean =>
    Array.isArray(file) && file.length === 2 && typeof file[0] === "string" && typeof file[1] === "string";
  return Array.isArray(files) && files.length > 0 && files.length <= 2000 && files.every(isFile) && typeof open === "string" && typeof example === "string";
}

export async function toHash(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return `#${VERSION}.${toBase64(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
}

/** An error says in a sentence what is wrong with the link. */
export async function fromHash(hash: string): Promise<Shared> {
  const found = /^#([0-9A-Za-z]{1,8})\.([\w-]*)$/.exec(hash);
  if (!found) throw new Error("This link is broken.");
  const [, version, data = ""] = found;
  if (version !== VERSION) throw new Error("This link was made by a newer version of the playground.");
  let shared: unknown;
  try {
    shared = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await inflate(fromBase64(data), INFLATED_MAX)));
  } catch (error) {
    if (error instanceof TooLarge) throw new Error("This link holds more than the playground opens.");
    throw new Error("This link is broken.");
  }
  if (!isShared(shared)) throw new Error("This link is broken.");
  return shared;
}

export class TooLarge extends Error {}

/** Stops as soon as there is more than allowed. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      throw new TooLarge();
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));
}
