import { exec } from "node:child_process";
import { readFileSync } from "node:fs";
import express from "express";
import jwt from "jsonwebtoken";

const app = express();
const publicKey = readFileSync("key.pub");

app.post("/session", express.json(), (req, res) => {
  const claims = jwt.verify(req.body.token, publicKey);
  res.cookie("session", claims.sub);
  res.status(204).end();
});

app.get("/thumbnail", (req, res) => {
  exec(`convert ${req.query.file} -resize 200 out.png`, (error) => {
    if (error) return res.status(500).send(error.stack);
    res.sendFile("out.png", { root: "." });
  });
});

app.listen(3000);
