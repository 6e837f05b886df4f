import type { Request, Response } from "express";
import { z } from "zod";
import { config } from "../config";
import * as service from "@/services/media.service";

const importBody = z.object({ url: z.string().url().max(500) });
const thumbnailBody = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}\.png$/),
  width: z.number().int().min(16).max(2000),
});

export function show(req: Request<{ name: string }>, res: Response) {
  res.sendFile(req.params.name, { root: config.mediaRoot });
}

export async function importImage(req: Request, res: Response) {
  const { url } = importBody.parse(req.body);
  res.status(201).json({ data: { name: await service.importImage(url) } });
}

export async function makeThumbnail(req: Request, res: Response) {
  const { name, width } = thumbnailBody.parse(req.body);
  await service.makeThumbnail(name, width);
  res.status(201).json({ data: { name, width } });
}
