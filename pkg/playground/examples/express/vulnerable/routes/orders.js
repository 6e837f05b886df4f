import { Router } from "express";
import { findOrders, findOrder, updateOrder } from "../services/orders.js";

export const orders = Router();

orders.get("/", async (req, res) => {
  const { status } = req.query;
  res.json(await findOrders(status));
});

// Any user who knows a number sees the order of anybody.
orders.get("/:id", async (req, res) => {
  res.json(await findOrder(req.params.id));
});

orders.patch("/:id", async (req, res) => {
  await updateOrder(req.params.id, req.body.note);
  res.status(204).end();
});
