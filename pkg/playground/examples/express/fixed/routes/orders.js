import { Router } from "express";
import { z } from "zod";
import { findOrders, findOrder, updateOrder } from "../services/orders.js";

export const orders = Router();

const Change = z.object({ note: z.string().max(500) });

orders.get("/", async (req, res) => {
  const { status } = req.query;
  res.json(await findOrders(req.user.id, status));
});

orders.get("/:id", async (req, res) => {
  const order = await findOrder(req.user.id, req.params.id);
  if (!order) return res.status(404).json({ error: "no such order" });
  res.json(order);
});

orders.patch("/:id", async (req, res) => {
  const change = Change.safeParse(req.body);
  if (!change.success) return res.status(400).json({ error: "a note is a text" });
  await updateOrder(req.user.id, req.params.id, change.data.note);
  res.status(204).end();
});
