import { Router } from "express";
import * as orders from "../controllers/order.controller";
import * as media from "../controllers/media.controller";
import { authenticate, requireRole } from "../middleware/authenticate";

export const admin = Router();

admin.get("/orders", authenticate, orders.listRecent); // expect: missing-role-check
admin.post("/media/imports", authenticate, requireRole("admin"), media.importImage);
admin.post("/media/thumbnails", authenticate, requireRole("admin"), media.makeThumbnail);
