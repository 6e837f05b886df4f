import { Router } from "express";
import * as controller from "../controllers/order.controller";
import { authenticate } from "../middleware/authenticate";

export const orders = Router();

orders.use(authenticate);
orders.get("/", controller.listOwn);
orders.get("/cart", controller.previewCart);
orders.get("/:id", controller.show); // expect: missing-ownership-check
orders.post("/", controller.place);
