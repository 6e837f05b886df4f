import { Router } from "express";
import { account } from "./account.routes";
import { admin } from "./admin.routes";
import { auth } from "./auth.routes";
import { media } from "./media.routes";
import { orders } from "./orders.routes";
import { products } from "./products.routes";

export const api = Router();

api.use("/auth", auth);
api.use("/products", products);
api.use("/orders", orders);
api.use("/media", media);
api.use("/account", account);
api.use("/admin", admin);
