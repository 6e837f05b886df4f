//! Two projects of 5 MB made from a fixed seed: the layers, sizes and habits of an Express and of a Flask backend.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

const BYTES: usize = 5_000_000;
const NOUNS: &[&str] = &[
    "account", "address", "badge", "basket", "branch", "campaign", "channel", "comment", "contract", "coupon",
    "delivery", "device", "discount", "document", "employee", "event", "folder", "invoice", "label", "member",
    "message", "note", "order", "payment", "policy", "product", "profile", "project", "refund", "report", "review",
    "session", "shipment", "store", "supplier", "task", "team", "ticket", "vendor", "voucher",
];
const FIELDS: &[&str] = &[
    "name", "title", "status", "price", "amount", "email", "city", "country", "notes", "owner", "color", "weight",
    "currency", "priority", "category", "starts", "ends", "visible", "archived", "total",
];

/// Numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn fields(&mut self) -> Vec<&'static str> {
        let (start, count) = (self.below(FIELDS.len()), 3 + self.below(6));
        (0..count).map(|it| FIELDS[(start + it * 3) % FIELDS.len()]).collect()
    }
}

/// Writes both below the folder; gives theirs.
pub fn write(folder: &Path) -> Result<Vec<PathBuf>> {
    let express = folder.join("express");
    let flask = folder.join("flask");
    let manifest = "{ \"dependencies\": { \"express\": \"^5.0.0\", \"pg\": \"^8.0.0\", \"zod\": \"^3.0.0\" } }\n";
    project(&express, ("package.json", manifest), express_module)?;
    project(&flask, ("requirements.txt", "flask\npsycopg2\n"), flask_module)?;
    Ok(vec![express, flask])
}

fn project(
    folder: &Path,
    (manifest, text): (&str, &str),
    module: fn(&mut Dice, &str) -> Vec<(String, String)>,
) -> Result<()> {
    let mut dice = Dice(2026);
    let (mut size, mut number) = (0, 0);
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(manifest), text)?;
    while size < BYTES {
        let name = format!("{}{}", NOUNS[number % NOUNS.len()], number / NOUNS.len());
        for (path, text) in module(&mut dice, &name) {
            size += text.len();
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        number += 1;
    }
    Ok(())
}

fn express_module(dice: &mut Dice, name: &str) -> Vec<(String, String)> {
    let fields = dice.fields();
    let list = fields.join(", ");
    let mut routes = format!(
        "import {{ Router }} from 'express';\nimport {{ z }} from 'zod';\nimport * as service from '../services/{name}.js';\nimport {{ requireUser }} from '../shared/{name}-guard.js';\n\nconst schema = z.object({{\n"
    );
    let mut service = format!("import * as repository from '../repositories/{name}.js';\n\n");
    let mut repository = format!(
        "import {{ Pool }} from 'pg';\n\nconst pool = new Pool({{ connectionString: process.env.DATABASE_URL }});\nconst COLUMNS = '{list}';\n\n"
    );
    let guard = "export function requireUser(req, res, next) {\n  if (!req.headers.authorization) {\n    return res.status(401).json({ error: 'sign in first' });\n  }\n  next();\n}\n".to_owned();
    let mut test = format!(
        "import {{ strict as assert }} from 'node:assert';\nimport {{ test }} from 'node:test';\nimport * as service from '../services/{name}.js';\n\n"
    );
    for field in &fields {
        let _ = writeln!(routes, "  {field}: z.string().min(1).max({}),", 20 + dice.below(200));
    }
    routes += "});\n\nexport const router = Router();\n\n";
    for it in 0..4 + dice.below(5) {
        let field = fields[it % fields.len()];
        let _ = write!(
            routes,
            "router.get('/{name}/{field}{it}/:id', requireUser, async (req, res, next) => {{\n  try {{\n    const page = Math.max(1, Number(req.query.page ?? 1));\n    const found = await service.find{it}(req.params.id, req.query.{field}, page);\n    if (!found) {{\n      return res.status(404).json({{ error: 'no such {name}' }});\n    }}\n    res.json({{ id: found.id, {field}: found.{field}, page }});\n  }} catch (error) {{\n    next(error);\n  }}\n}});\n\nrouter.post('/{name}/{field}{it}', requireUser, async (req, res, next) => {{\n  const parsed = schema.safeParse(req.body);\n  if (!parsed.success) {{\n    return res.status(400).json({{ errors: parsed.error.issues }});\n  }}\n  try {{\n    res.status(201).json(await service.create{it}(parsed.data, req.get('x-tenant')));\n  }} catch (error) {{\n    next(error);\n  }}\n}});\n\n"
        );
        let _ = write!(
            service,
            "/** Looks up one {name} and counts what it is worth. */\nexport async function find{it}(id, {field}, page) {{\n  const rows = await repository.list{it}({field}, page);\n  const seen = new Map();\n  for (const row of rows) {{\n    const total = (seen.get(row.id) ?? 0) + Number(row.amount ?? 0);\n    seen.set(row.id, total);\n  }}\n  const match = rows.find((row) => String(row.id) === id);\n  if (!match) {{\n    return null;\n  }}\n  return {{ ...match, total: seen.get(match.id), label: `${{match.name}} (${{page}})` }};\n}}\n\nexport async function create{it}(data, tenant) {{\n  const entry = {{ ...data, tenant: tenant || 'default', createdAt: new Date().toISOString() }};\n  if (entry.{field} && entry.{field}.length > {}) {{\n    entry.{field} = entry.{field}.trim().slice(0, {});\n  }}\n  const id = await repository.insert{it}(entry);\n  return {{ id, ...entry }};\n}}\n\n",
            10 + dice.below(90),
            10 + dice.below(90),
        );
        let _ = write!(
            repository,
            "export async function list{it}({field}, page) {{\n  const size = {};\n  const conditions = [];\n  const values = [];\n  if ({field}) {{\n    values.push({field});\n    conditions.push(`{field} = $${{values.length}}`);\n  }}\n  const where = conditions.length ? `WHERE ${{conditions.join(' AND ')}}` : '';\n  const result = await pool.query(`SELECT ${{COLUMNS}} FROM {name} ${{where}} LIMIT ${{size}} OFFSET ${{(page - 1) * size}}`, values);\n  return result.rows;\n}}\n\nexport async function insert{it}(entry) {{\n  const keys = COLUMNS.split(', ').filter((key) => key in entry);\n  const marks = keys.map((_, index) => `$${{index + 1}}`).join(', ');\n  const result = await pool.query(`INSERT INTO {name} (${{keys.join(', ')}}) VALUES (${{marks}}) RETURNING id`, keys.map((key) => entry[key]));\n  return result.rows[0].id;\n}}\n\n",
            10 + dice.below(90),
        );
        let _ = write!(
            test,
            "test('{name} {it} is found by its {field}', async () => {{\n  const made = await service.create{it}({{ {field}: 'value {it}', name: 'first' }}, 'tenant-{it}');\n  const found = await service.find{it}(String(made.id), 'value {it}', 1);\n  assert.equal(found.{field}, 'value {it}');\n  assert.deepEqual(Object.keys(made).includes('createdAt'), true);\n}});\n\n"
        );
    }
    vec![
        (format!("src/routes/{name}.js"), routes),
        (format!("src/services/{name}.js"), service),
        (format!("src/repositories/{name}.js"), repository),
        (format!("src/shared/{name}-guard.js"), guard),
        (format!("test/{name}.test.js"), test),
    ]
}

fn flask_module(dice: &mut Dice, name: &str) -> Vec<(String, String)> {
    let fields = dice.fields();
    let quoted: Vec<String> = fields.iter().map(|it| format!("\"{it}\"")).collect();
    let mut views = format!(
        "\"\"\"Views of {name}.\"\"\"\n\nfrom flask import Blueprint, abort, jsonify, request\n\nfrom app.services.{name} import {name}_service\n\nblueprint = Blueprint(\"{name}\", __name__)\n\n\n"
    );
    let mut service = format!(
        "\"\"\"What can be done with a {name}.\"\"\"\n\nimport logging\n\nfrom app.repositories.{name} import Repository\n\nlogger = logging.getLogger(__name__)\n\n\nclass Service:\n    def __init__(self, repository: Repository):\n        self.repository = repository\n\n"
    );
    let mut repository = format!(
        "\"\"\"Rows of {name}.\"\"\"\n\nimport os\n\nimport psycopg2\n\nCOLUMNS = [{}]\n\n\nclass Repository:\n    def __init__(self):\n        self.connection = psycopg2.connect(os.environ[\"DATABASE_URL\"])\n\n",
        quoted.join(", ")
    );
    let mut test = format!("from app.services.{name} import {name}_service\n\n\n");
    for it in 0..4 + dice.below(5) {
        let field = fields[it % fields.len()];
        let _ = write!(
            views,
            "@blueprint.get(\"/{name}/{field}{it}/<int:identifier>\")\ndef show_{it}(identifier):\n    page = request.args.get(\"page\", 1, type=int)\n    found = {name}_service.find_{it}(identifier, request.args.get(\"{field}\"), page)\n    if found is None:\n        abort(404)\n    return jsonify({{\"id\": identifier, \"{field}\": found[\"{field}\"], \"page\": page}})\n\n\n@blueprint.post(\"/{name}/{field}{it}\")\ndef create_{it}():\n    data = request.get_json()\n    errors = [key for key in (\"{field}\", \"name\") if not data.get(key)]\n    if errors:\n        return jsonify({{\"errors\": errors}}), 400\n    return jsonify({name}_service.create_{it}(data, request.headers.get(\"X-Tenant\"))), 201\n\n\n"
        );
        let _ = write!(
            service,
            "    def find_{it}(self, identifier, {field}, page):\n        \"\"\"One {name}, with what it is worth.\"\"\"\n        rows = self.repository.list_{it}({field}, page)\n        totals = {{}}\n        for row in rows:\n            totals[row[\"id\"]] = totals.get(row[\"id\"], 0) + int(row.get(\"amount\") or 0)\n        match = next((row for row in rows if row[\"id\"] == identifier), None)\n        if match is None:\n            logger.info(\"no {name} %s\", identifier)\n            return None\n        return {{**match, \"total\": totals[match[\"id\"]], \"label\": f\"{{match['name']}} ({{page}})\"}}\n\n    def create_{it}(self, data, tenant):\n        entry = {{key: value for key, value in data.items() if key in (\"{field}\", \"name\")}}\n        entry[\"tenant\"] = tenant or \"default\"\n        if len(str(entry.get(\"{field}\", \"\"))) > {}:\n            entry[\"{field}\"] = str(entry[\"{field}\"]).strip()[:{}]\n        entry[\"id\"] = self.repository.insert_{it}(entry)\n        return entry\n\n",
            10 + dice.below(90),
            10 + dice.below(90),
        );
        let _ = write!(
            repository,
            "    def list_{it}(self, {field}, page):\n        size = {}\n        conditions, values = [], []\n        if {field}:\n            conditions.append(\"{field} = %s\")\n            values.append({field})\n        where = f\"WHERE {{' AND '.join(conditions)}}\" if conditions else \"\"\n        with self.connection.cursor() as cursor:\n            cursor.execute(f\"SELECT {{', '.join(COLUMNS)}} FROM {name} {{where}} LIMIT {{size}} OFFSET {{(int(page) - 1) * size}}\", values)\n            return [dict(zip(COLUMNS, row)) for row in cursor.fetchall()]\n\n    def insert_{it}(self, entry):\n        keys = [key for key in COLUMNS if key in entry]\n        marks = \", \".join(\"%s\" for _ in keys)\n        with self.connection.cursor() as cursor:\n            cursor.execute(f\"INSERT INTO {name} ({{', '.join(keys)}}) VALUES ({{marks}}) RETURNING id\", [entry[key] for key in keys])\n            return cursor.fetchone()[0]\n\n",
            10 + dice.below(90),
        );
        let _ = write!(
            test,
            "def test_{name}_{it}_is_found():\n    made = {name}_service.create_{it}({{\"{field}\": \"value {it}\", \"name\": \"first\"}}, \"tenant-{it}\")\n    found = {name}_service.find_{it}(made[\"id\"], \"value {it}\", 1)\n    assert found[\"{field}\"] == \"value {it}\"\n    assert \"tenant\" in made\n\n\n"
        );
    }
    let _ = write!(service, "\n{name}_service = Service(Repository())\n");
    vec![
        (format!("app/views/{name}.py"), views),
        (format!("app/services/{name}.py"), service),
        (format!("app/repositories/{name}.py"), repository),
        (format!("tests/test_{name}.py"), test),
    ]
}
