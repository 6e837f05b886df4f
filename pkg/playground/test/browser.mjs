// A page of the playground, served under a sub-path, with everything written down that must not happen.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { serve } from "../serve.mjs";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

let browser;
let server;
export let base;

export async function start() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((it) => existsSync(it));
  browser = await chromium.launch(executablePath ? { executablePath } : { channel: "chrome" });
  server = await serve(0, "/some/where/");
  base = `http://127.0.0.1:${server.address().port}/some/where/`;
}

export async function stop() {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
}

/** A visitor of their own; `faults` holds what went wrong so far. */
export async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
  const faults = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(?:data|blob):/.test(request.url())) faults.push(`request to ${request.url()}`);
  });
  context.on("console", (message) => faults.push(`console ${message.type()}: ${message.text()}`));
  context.on("weberror", (error) => faults.push(`error: ${error.error()}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  return { context, page, faults };
}

/** Opens the page and waits for the first report. */
export async function open(page, address = base) {
  await page.goto(address);
  await analyzed(page);
}

/** The report is that of the newest text. */
export async function analyzed(page) {
  await page.waitForSelector("#status .done", { state: "attached" });
  await page.waitForTimeout(150);
}

/** Replaces the text of the editor as a person would. */
export async function type(page, text) {
  await page.click(".cm-content");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
}

export async function rules(page) {
  return page.$$eval(".finding .rule", (all) => all.map((it) => it.textContent));
}

/** No part of the page may stand beside the window. */
export async function assertNoSidewaysScroll(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${where}: ${content} > ${window}`);
}

/** By evaluation, for the page's policy refuses foreign scripts. */
export async function assertAccessible(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map((it) => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(violations, [], where);
}

/** The page's policy refuses what `waitForFunction` does. */
export async function until(page, holds) {
  for (let tries = 0; tries < 100; tries++) {
    if (await page.evaluate(holds)) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`never: ${holds}`);
}
