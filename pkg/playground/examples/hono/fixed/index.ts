import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { files } from "./files";

const app = new Hono();
app.route("/files", files);
serve(app);
