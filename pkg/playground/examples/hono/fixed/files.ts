import { readFile } from "node:fs/promises";
import path from "node:path";
import { Hono } from "hono";

export const files = new Hono();

files.get("/:name", async (c) => {
  const file = path.join("uploads", path.basename(c.req.param("name")));
  return c.body(await readFile(file));
});

files.get("/", (c) => {
  const next = c.req.query("next");
  return c.redirect(next === "list" ? "/files/list" : "/");
});
