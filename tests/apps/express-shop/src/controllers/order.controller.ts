import type { Request, Response } from "express";
import { unserialize } from "node-serialize";
import { z } from "zod";
import { principalOf } from "../middleware/authenticate";
import { HttpError } from "../middleware/errors";
import * as service from "@/services/order.service";

const line = z.object({ productId: z.number().int(), quantity: z.number().int().min(1).max(100) });
const cart = z.object({ lines: z.array(line).min(1).max(50) });
const byId = z.object({ id: z.coerce.number().int() });

export async function listOwn(req: Request, res: Response) {
  res.json({ data: await service.listOf(principalOf(req).id) });
}

export async function listRecent(_req: Request, res: Response) {
  res.json({ data: await service.listRecent() });
}

export async function show(req: Request, res: Response) {
  const { id } = byId.parse(req.params);
  const order = await service.find(id);
  if (!order) {
    throw new HttpError(404, "There is no such order");
  }
  res.json({ data: order });
}

export async function previewCart(req: Request, res: Response) {
  const stored = Buffer.from(String(req.cookies.cart ?? ""), "base64").toString("utf8");
  const { lines } = cart.parse(unserialize(stored)); // expect: unsafe-deserialization
  res.json({ data: await service.price(lines) });
}

export async function place(req: Request, res: Response) {
  const { lines } = cart.parse(req.body);
  const order = await service.place(principalOf(req).id, lines);
  res.status(201).json({ data: order });
}
