/** Files out of a zip or a dropped folder. Both come from anybody: names lead nowhere and sizes are not believed. */

import type { SourceFile } from "backend-specialist/worker";
import { TooLarge, inflate } from "./share.js";

const BYTES_MAX = 20_000_000;
const FILES_MAX = 2_000;
const NAMES = /\.(?:[mc]?[jt]s|[jt]sx|pyw?|json|toml|txt|cfg|ya?ml|prisma|sql|html|env)$|(?:^|\/)(?:Pipfile|\.env[\w.]*)$/;
const FOREIGN = /(?:^|\/)(?:node_modules|\.git|__pycache__|\.venv|venv|dist|build)\//;

export interface Opened {
  files: SourceFile[];
  /** What was left out, in a sentence. */
  note: string;
}

/** Whether the checker could do something with it. */
export function isInteresting(name: string): boolean {
  return NAMES.test(name) && !FOREIGN.test(name);
}

export class Collector {
  readonly #files: SourceFile[] = [];
  #bytes = 0;
  #left = 0;

  room(): number {
    return BYTES_MAX - this.#bytes;
  }

  isFull(): boolean {
    return this.#files.length >= FILES_MAX || this.room() <= 0;
  }

  leaveOut(): void {
    this.#left += 1;
  }

  add(name: string, bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    this.#files.push({ file: name, text: new TextDecoder().decode(bytes) });
  }

  opened(): Opened {
    const files = withoutCommonFolder(this.#files);
    const note = this.#left > 0 ? `${this.#left === 1 ? "1 file was" : `${this.#left} files were`} left out: there is room for ${FILES_MAX} files and ${BYTES_MAX / 1e6} MB.` : "";
    return { files, note };
  }
}

/** An error says in a sentence what is wrong with the file. */
export async function unzip(bytes: Uint8Array<ArrayBuffer>): Promise<Opened> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Collector();
  try {
    for (const entry of entries(view, bytes)) {
      if (!isInteresting(entry.name)) continue;
      if (out.isFull()) {
        out.leaveOut();
        continue;
      }
      try {
        out.add(entry.name, await content(view, bytes, entry, out.room()));
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error;
        out.leaveOut();
      }
    }
  } catch {
    throw new Error("This zip file is broken.");
  }
  return out.opened();
}

interface Entry {
  name: string;
  method: number;
  size: number;
  offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

function* entries(view: DataView, bytes: Uint8Array): Generator<Entry> {
  let end = view.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new Error("no end");
  const number = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < number; index++) {
    if (view.getUint32(at, true) !== CENTRAL) throw new Error("no entry");
    const [nameLength, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll("\\", "/");
    yield { name, method: view.getUint16(at + 10, true), size: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
    at += 46 + nameLength + extra + comment;
  }
}

async function content(view: DataView, bytes: Uint8Array<ArrayBuffer>, entry: Entry, room: number): Promise<Uint8Array> {
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const packed = bytes.subarray(start, start + entry.size);
  if (entry.method === 8) return inflate(packed, room);
  if (entry.method !== 0) throw new Error("unknown method");
  if (packed.byteLength > room) throw new TooLarge();
  return packed;
}

/** What was dropped: files, folders or one zip. */
export async function fromDrop(data: DataTransfer): Promise<Opened> {
  const roots = [...data.items].map((it) => it.webkitGetAsEntry()).filter((it) => it !== null);
  const files = [...data.files];
  if (files.length === 1 && files[0]?.name.endsWith(".zip")) return fromFiles(files);
  const out = new Collector();
  for (const root of roots) await walk(root, root.name, out);
  return out.opened();
}

/** What was chosen in a dialog. */
export async function fromFiles(files: readonly File[]): Promise<Opened> {
  const [first] = files;
  if (files.length === 1 && first?.name.endsWith(".zip")) {
    if (first.size > BYTES_MAX) throw new Error("This zip file is larger than the playground opens.");
    return unzip(new Uint8Array(await first.arrayBuffer()));
  }
  const out = new Collector();
  for (const file of files) await take(file, file.webkitRelativePath || file.name, out);
  return out.opened();
}

async function take(file: File, name: string, out: Collector): Promise<void> {
  if (!isInteresting(name)) return;
  if (out.isFull() || file.size > out.room()) out.leaveOut();
  else out.add(name, new Uint8Array(await file.arrayBuffer()));
}

async function walk(entry: FileSystemEntry, name: string, out: Collector): Promise<void> {
  if (FOREIGN.test(`${name}/`) || out.isFull()) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    await take(file, name, out);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const it of some) await walk(it, `${name}/${it.name}`, out);
  }
}

function withoutCommonFolder(files: SourceFile[]): SourceFile[] {
  const folder = files[0]?.file.split("/")[0];
  if (folder === undefined || !files.every((it) => it.file.startsWith(`${folder}/`))) return files;
  return files.map((it) => ({ ...it, file: it.file.slice(folder.length + 1) }));
}
