import type { Request, Response } from "express";
import { z } from "zod";
import { principalOf } from "../middleware/authenticate";
import * as service from "@/services/account.service";

const place = z.object({ group: z.enum(["mail", "display"]), name: z.enum(["language", "density", "digest"]) });
const preference = z.object({ value: z.string().max(200) });

export async function setPreference(req: Request, res: Response) {
  const { group, name } = place.parse(req.params);
  const { value } = preference.parse(req.body);
  await service.setPreference(principalOf(req).id, group, name, value);
  res.status(204).end();
}
