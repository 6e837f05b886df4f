import type { Request, Response } from "express";
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
  const order = await service.find(id, principalOf(req).id);
  if (!order) {
    throw new HttpError(404, "There is no such order");
  }
  res.json({ data: order });
}

export async function previewCart(req: Request, res: Response) {
  const stored = Buffer.from(String(req.cookies.cart ?? ""), "base64").toString("utf8");
  const { lines } = cart.parse(parseJson(stored));
  res.json({ data: await service.price(lines) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, "The cart is not readable", { cause: error });
  }
}

export async function place(req: Request, res: Response) {
  const { lines } = cart.parse(req.body);
  const order = await service.place(principalOf(req).id, lines);
  res.status(201).json({ data: order });
}
