import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { config } from "@/config";
import { HttpError } from "@/middleware/errors";

const run = promisify(execFile);

const IMAGE_HOSTS = new Set(["images.example.com", "cdn.example.com"]);

export async function importImage(url: string): Promise<string> {
  const source = new URL(url);
  if (source.protocol !== "https:" || !IMAGE_HOSTS.has(source.host)) {
    throw new HttpError(400, "Images are not taken from there");
  }
  const response = await fetch(source, { redirect: "error", signal: AbortSignal.timeout(5_000) });
  if (!response.ok) {
    throw new HttpError(502, "The image could not be read");
  }
  const name = `${randomUUID()}.png`;
  await writeFile(path.join(config.mediaRoot, name), Buffer.from(await response.arrayBuffer()));
  return name;
}

export async function makeThumbnail(name: string, width: number) {
  const source = path.join(config.mediaRoot, name);
  const target = path.join(config.mediaRoot, `small-${name}`);
  await run("convert", [source, "-resize", `${width}x`, target]);
}
