import { Router } from "express";
import * as controller from "../controllers/media.controller";

export const media = Router();

media.get("/:name", controller.show);
