import type { Request, Response } from "express";
import { z } from "zod";
import { HttpError } from "../middleware/errors";
import * as service from "@/services/product.service";

const page = z.object({
  sort: z.string().max(20).default("name"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const searchQuery = z.object({ q: z.string().min(1).max(100) });
const newProduct = z.object({
  name: z.string().min(1).max(200),
  priceCents: z.number().int().min(0),
  stock: z.number().int().min(0),
});
const byId = z.object({ id: z.coerce.number().int() });

export async function list(req: Request, res: Response) {
  const { sort, limit } = page.parse(req.query);
  res.json({ data: await service.list(sort, limit) });
}

export async function search(req: Request, res: Response) {
  const { q } = searchQuery.parse(req.query);
  const found = await service.search(q);
  if (found.length === 0 && req.accepts("html")) {
    res.status(404).send(`<p>Nothing was found for <em>${q}</em>.</p>`); // expect: reflected-xss
    return;
  }
  res.json({ data: found });
}

export async function create(req: Request, res: Response) {
  const product = await service.create(newProduct.parse(req.body));
  res.status(201).json({ data: product });
}

export async function remove(req: Request, res: Response) {
  const { id } = byId.parse(req.params);
  if (!(await service.remove(id))) {
    throw new HttpError(404, "There is no such product");
  }
  res.status(204).end();
}
