// The playground as a person uses it, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { analyzed, assertAccessible, assertNoSidewaysScroll, base, open, rules, start, stop, type, until, visitor } from "./browser.mjs";

before(start);
after(stop);

const VULNERABLE = `import express from "express";
import { Pool } from "pg";
const app = express();
const db = new Pool();

app.get("/users", async (req, res) => {
  const id = req.query.id;
  res.json((await db.query("SELECT * FROM users WHERE id = " + id)).rows);
});
`;

test("type, see the finding, follow the flow, mend it, see it gone", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await page.click("[role=tab] >> text=db.js");
  await type(page, VULNERABLE);
  await page.waitForSelector(".finding:has-text('db.js:8')");
  await page.click(".finding:has-text('db.js:8')");
  assert.equal(await page.textContent("#detail-title"), "sql-injection");
  const steps = await page.$$eval(".step", (all) => all.map((it) => it.className));
  assert.equal(steps[0], "step source");
  assert.equal(steps.at(-1), "step sink");
  await page.click(".step.source button");
  assert.match(await page.textContent(".cm-activeLine"), /const id = req\.query\.id/);
  assert.ok((await page.$$(".flow-mark.flow-sink")).length > 0);
  await page.click("text=About this rule");
  await page.waitForSelector(".page h3:has-text('sql-injection')");

  await type(page, VULNERABLE.replace('" + id)', '$1", [id])').replace("= $1", "= $1"));
  await page.waitForSelector(".finding:has-text('db.js:8')", { state: "detached" });
  assert.deepEqual(faults, []);
  await context.close();
});

test("the flow goes through files, and a step opens its file", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await page.click(".finding:has-text('sql-injection')");
  assert.deepEqual(await page.$$eval(".flow-name", (all) => all.map((it) => it.textContent)), ["routes/orders.js", "services/orders.js"]);
  assert.equal(await page.textContent("#tabs [aria-selected=true] .tab-name"), "services/orders.js");
  await page.click(".step.source button");
  assert.equal(await page.textContent("#tabs [aria-selected=true] .tab-name"), "routes/orders.js");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.textContent("#tabs [aria-selected=true] .tab-name"), "services/orders.js");
  assert.deepEqual(faults, []);
  await context.close();
});

test("the route table says which guards run, and where", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await page.click("#tab-routes");
  const table = await page.$$eval(".routes tbody tr", (all) => all.map((row) => [row.querySelector(".method").textContent, row.querySelector(".path").textContent, row.querySelector("td .sr").textContent].join(" ")));
  assert.deepEqual(table, ["GET /health absent", "GET /orders present", "GET /orders/:id present", "PATCH /orders/:id present"]);
  await page.click(".route:has-text('PATCH')");
  assert.match(await page.textContent(".evidence"), /auth\.js:\d+/);
  assert.match(await page.textContent(".cm-activeLine"), /orders\.patch/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("every example has findings, and its fixed version none", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  const ids = await page.$$eval("#examples option", (all) => all.map((it) => it.value).filter(Boolean));
  assert.ok(ids.length >= 8);
  for (const id of ids) {
    await page.selectOption("#examples select", id);
    await page.waitForSelector(".finding");
    await page.click("[data-version=fixed]");
    await page.waitForSelector(".empty:has-text('No findings')", { timeout: 5000 }).catch(() => assert.fail(`${id}: the fixed version has findings`));
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("a link opens the same code for somebody else", async () => {
  const first = await visitor();
  await open(first.page);
  await first.page.click("[role=tab] >> text=db.js");
  await type(first.page, VULNERABLE);
  await first.page.waitForSelector(".finding:has-text('db.js:8')");
  await first.page.click("text=Share");
  await first.page.waitForSelector("#notice:has-text('The link is copied')");
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${base}#1.`));

  const second = await visitor();
  await open(second.page, link);
  await second.page.waitForSelector(".finding:has-text('db.js:8')");
  assert.equal(await second.page.textContent("#tabs [aria-selected=true] .tab-name"), "db.js");
  assert.deepEqual([...first.faults, ...second.faults], []);
  await first.context.close();
  await second.context.close();
});

test("what was typed is there at the next visit", async () => {
  const { context, page } = await visitor();
  await open(page);
  await type(page, "eval(location.hash); // mine\n");
  await page.waitForTimeout(700);
  await page.reload();
  await analyzed(page);
  assert.match(await page.textContent(".cm-content"), /mine/);
  await context.close();
});

test("it works without a network after the first visit", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await until(page, () => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector(".finding");
  await page.selectOption("#examples select", "flask");
  await page.waitForSelector(".finding:has-text('app.py')");
  await page.click(".finding");
  await page.click("text=About this rule");
  await page.waitForSelector(".page h3");
  assert.deepEqual(faults, []);
  await context.close();
});

test("from load to a finding by keyboard alone", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  const focus = async (selector) => {
    for (let tries = 0; tries < 60; tries++) {
      if (await page.evaluate((it) => document.activeElement?.matches(it) ?? false, selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${selector} cannot be reached`);
  };
  await focus("#tab-findings");
  await page.keyboard.press("ArrowRight");
  await focus(".route-scroll");
  await focus(".route");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".evidence");
  for (let tries = 0; tries < 40 && !(await page.evaluate(() => document.activeElement?.id === "tab-routes")); tries++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("ArrowLeft");
  await focus(".finding");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "detail-title");
  await focus(".step button");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.step), "2");
  await page.keyboard.press("Escape");
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".finding")));
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [width, height] of [[390, 844], [320, 256]]) {
  test(`a window of ${width} × ${height} needs no sideways scrolling`, async () => {
    const { context, page, faults } = await visitor({ viewport: { width, height }, hasTouch: true });
    await page.goto(base);
    await page.waitForSelector("#status .done", { state: "attached" });
    await assertNoSidewaysScroll(page, "code");
    await page.click("#switch button:has-text('Report')");
    await assertNoSidewaysScroll(page, "list");
    await page.click(".finding");
    await assertNoSidewaysScroll(page, "finding");
    await page.click("text=About this rule");
    await page.waitForSelector(".page h3");
    await assertNoSidewaysScroll(page, "rule page");
    await page.click("#tab-routes");
    await page.click(".route >> nth=1");
    await assertNoSidewaysScroll(page, "routes");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

for (const [name, options] of [["light", { colorScheme: "light" }], ["dark", { colorScheme: "dark" }], ["forced colors", { forcedColors: "active" }]]) {
  test(`axe finds nothing: ${name}`, async () => {
    const { context, page, faults } = await visitor(options);
    await open(page);
    await assertAccessible(page, "list");
    await page.click(".finding");
    await page.click("text=About this rule");
    await page.waitForSelector(".page h3");
    await assertAccessible(page, "finding with flow and page");
    await page.click("#tab-routes");
    await page.click(".route >> nth=1");
    await assertAccessible(page, "routes");
    await page.click("#tab-ir");
    await until(page, () => document.querySelector(".ir").textContent.length > 10);
    await assertAccessible(page, "IR");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

const link = (shared) => `${base}#1.${deflateRawSync(typeof shared === "string" ? shared : JSON.stringify(shared)).toString("base64url")}`;

test("a hostile link does no harm", async () => {
  const markup = "<img src=x onerror=document.title='harm'>";
  const shared = { files: [[`../../${markup}.js`, `eval(req.query["${markup}"]);`], ["\u202Egnp.js", ""]], open: "nowhere", example: "x" };
  const { context, page, faults } = await visitor();
  await open(page, link(shared));
  await page.waitForSelector(".finding");
  await page.click(".finding");
  await page.click("#tab-routes");
  assert.match(await page.textContent("#tabs"), /\.\.\/\.\.\/<img src=x/);
  assert.ok(!(await page.textContent("#tabs")).includes("\u202E"));
  assert.equal(await page.title(), "backend-specialist playground");
  assert.deepEqual(await page.$$eval("img", (all) => all.length), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [what, address, words] of [
  ["broken", () => `${base}#1.AAAA`, "This link is broken."],
  ["not base64", () => `${base}#%3Cb%3E`, "This link is broken."],
  ["of another shape", () => link({ files: { length: 5 } }), "This link is broken."],
  ["newer", () => `${base}#2.AAAA`, "newer version"],
  ["of 100 MB", () => link(`{"files":[["a.js","${" ".repeat(100_000_000)}"]]}`), "more than the playground opens"],
]) {
  test(`a link that is ${what} says so and opens the example`, async () => {
    const { context, page, faults } = await visitor();
    await open(page, address());
    await page.waitForSelector(`#notice:has-text("${words}")`);
    await page.waitForSelector(".finding:has-text('services/orders.js')");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the rules' pages are part of the site", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await page.click("text=All rules");
  await page.click("a:has-text('sql-injection')");
  await page.waitForSelector("h1:has-text('sql-injection')");
  await assertAccessible(page, "rule page");
  await page.click("text=Playground");
  await page.waitForSelector(".finding");
  assert.deepEqual(faults, []);
  await context.close();
});

/** A zip with one entry, by hand: its size is said to be what the caller wants. */
function zip(entries) {
  const parts = [];
  const central = [];
  let at = 0;
  for (const [name, content] of entries) {
    const [file, packed] = [Buffer.from(name), deflateRawSync(content)];
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt16LE(file.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(file.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(head, file, packed);
    central.push(entry, file);
    at += head.length + file.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

test("a zip opens, a hostile one does no harm", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  const give = (name, buffer) => page.setInputFiles("input[type=file]", { name, mimeType: "application/zip", buffer });
  await give("a.zip", zip([["shop/app.py", "import os\nos.system('ls ' + input())\n"], ["shop/logo.png", "no"], ["../../evil.js", "eval(input)"]]));
  await page.waitForSelector("#notice:has-text('2 files are open')");
  assert.match(await page.textContent("#tabs"), /\.\.\/\.\.\/evil\.js/);
  await give("bomb.zip", zip([["a.js", Buffer.alloc(60_000_000, 32)], ["b.js", "1;"]]));
  await page.waitForSelector("#notice:has-text('1 file was left out')");
  await give("many.zip", zip(Array.from({ length: 2100 }, (_, index) => [`f${index}.js`, "1;"])));
  await page.waitForSelector("#notice:has-text('100 files were left out')");
  await give("broken.zip", zip([["a.js", "1;"]]).subarray(10));
  await page.waitForSelector("#notice:has-text('This zip file is broken.')");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a storm of keystrokes ends with the report of the last text", async () => {
  const { context, page, faults } = await visitor();
  await open(page);
  await page.click("[role=tab] >> text=db.js");
  await type(page, VULNERABLE);
  const pieces = ["(", "`${", "}", "\n", "eval(", "\"", "/*", "é", "👩‍👩‍👧", "import x from", ")", "class {", "\u202e", "await "];
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let index = 0; index < 300; index++) {
    if (random(4) === 0) await page.keyboard.press("Backspace");
    else await page.keyboard.insertText(pieces[random(pieces.length)]);
  }
  await type(page, VULNERABLE);
  await page.waitForSelector(".finding:has-text('db.js:8')");
  assert.match(await page.textContent(".cm-content"), /SELECT \* FROM users WHERE id/);
  assert.deepEqual(faults, []);
  await context.close();
});
