import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import express from "express";
import jwt from "jsonwebtoken";

const app = express();
const publicKey = readFileSync("key.pub");
const PICTURES = { cat: "pictures/cat.png", dog: "pictures/dog.png" };

app.post("/session", express.json(), (req, res) => {
  const claims = jwt.verify(req.body.token, publicKey, { algorithms: ["RS256"] });
  res.cookie("session", claims.sub, { httpOnly: true, secure: true, sameSite: "lax" });
  res.status(204).end();
});

app.get("/thumbnail", (req, res) => {
  const file = Object.hasOwn(PICTURES, req.query.file) ? PICTURES[req.query.file] : undefined;
  if (!file) return res.status(404).end();
  execFile("convert", [file, "-resize", "200", "out.png"], (error) => {
    if (error) return res.status(500).json({ error: "internal server error" });
    res.sendFile("out.png", { root: "." });
  });
});

app.listen(3000);
