import { exec } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { config } from "@/config";
import { HttpError } from "@/middleware/errors";

const run = promisify(exec);

export async function importImage(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }); // expect: ssrf
  if (!response.ok) {
    throw new HttpError(502, "The image could not be read");
  }
  const name = `${randomUUID()}.png`;
  await writeFile(path.join(config.mediaRoot, name), Buffer.from(await response.arrayBuffer()));
  return name;
}

export async function makeThumbnail(name: string, width: number) {
  await run(`convert ${name} -resize ${width}x small-${name}`, { cwd: config.mediaRoot }); // expect: command-injection
}
