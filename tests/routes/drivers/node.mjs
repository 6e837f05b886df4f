// Runs the apps of one framework and tells what ran for each request. Reads JSON, writes JSON:
// {framework, apps: [{folder, requests: [{method, path}]}]} -> [{listed, answers: [{variant: [what was noted]}], error}]
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

import { adapters, load } from "./adapters.mjs";

const [task, result] = process.argv.slice(2);
const given = JSON.parse(readFileSync(task, "utf8"));
process.env.JWT_SECRET = "a secret of this test, long enough to sign with";
process.env.API_KEY = "key-of-this-test";
globalThis.journal = [];

const jwt = createRequire(import.meta.url)("jsonwebtoken");
const token = (role, secret) => jwt.sign({ sub: "7", id: 7, role }, secret, { algorithm: "HS256" });
const headers = (role, secret, key) => ({ authorization: `Bearer ${token(role, secret)}`, "x-api-key": key });
const VARIANTS = {
  nobody: {},
  forged: headers("admin", "another secret that nobody should trust", "another-key"),
  user: headers("user", process.env.JWT_SECRET, process.env.API_KEY),
  editor: headers("editor", process.env.JWT_SECRET, process.env.API_KEY),
  admin: headers("admin", process.env.JWT_SECRET, process.env.API_KEY),
};

const results = [];
for (const { folder, requests } of given.apps) {
  try {
    const { send, listed, close } = await adapters[given.framework](await load(given.framework, folder));
    const answers = [];
    for (const { method, path } of requests) {
      const noted = {};
      for (const [variant, headers] of Object.entries(VARIANTS)) {
        globalThis.journal.length = 0;
        await send(method, path, headers);
        noted[variant] = [...globalThis.journal];
      }
      answers.push(noted);
    }
    await close?.();
    results.push({ listed: listed ?? null, answers, error: "" });
  } catch (error) {
    results.push({ listed: null, answers: [], error: `${folder}: ${error.stack}` });
  }
}
writeFileSync(result, JSON.stringify(results));
process.exit(0);
