import express from "express";
import { authenticate } from "./auth.js";
import { orders } from "./routes/orders.js";

const app = express();
app.use(express.json());
app.get("/health", (req, res) => res.json({ ok: true }));
app.use("/orders", authenticate, orders);
app.listen(3000);
