import { Router } from "express";
import * as controller from "../controllers/product.controller";
import { authenticate, requireRole } from "../middleware/authenticate";

export const products = Router();

products.get("/", controller.list);
products.get("/search", controller.search);
products.post("/", authenticate, requireRole("admin"), controller.create);
products.delete("/:id", controller.remove); // expect: missing-authentication
