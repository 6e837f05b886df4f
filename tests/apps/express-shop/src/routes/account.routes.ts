import { Router } from "express";
import * as controller from "../controllers/account.controller";
import { authenticate } from "../middleware/authenticate";

export const account = Router();

account.put("/preferences/:group/:name", authenticate, controller.setPreference);
