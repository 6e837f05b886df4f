import { Router } from "express";
import { rateLimit } from "express-rate-limit";
import * as controller from "../controllers/auth.controller";

const attempts = rateLimit({ windowMs: 15 * 60_000, limit: 10 });

export const auth = Router();

auth.post("/login", attempts, controller.login);
auth.post("/refresh", attempts, controller.refresh);
auth.post("/forgotten-password", attempts, controller.forgottenPassword);
auth.post("/new-password", attempts, controller.newPassword);
auth.get("/continue", controller.continueTo);
