//! What a function gives depends on what it reads: written to between two calls, the second gives something else.

use crate::{Files, report};

/// The findings of a project as rule and line.
fn found(files: &[(&str, &str)]) -> Vec<(String, u32)> {
    let files: Files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    report(&files).findings.into_iter().map(|it| (it.rule.to_string(), it.range.start.line)).collect()
}

fn command_at(line: u32) -> (String, u32) {
    ("command-injection".to_owned(), line)
}

#[test]
fn what_is_registered_after_the_first_look_is_seen() {
    let app = r#"const express = require("express");
const cp = require("child_process");
class Registry {
  constructor() { this.tools = {}; }
  add(name, tool) { this.tools[name] = tool; }
  get(name) { return this.tools[name]; }
}
const registry = new Registry();
console.log(registry.get("run"));
registry.add("run", cp.exec);
const run = registry.get("run");
const app = express();
app.get("/", (req, res) => { run(req.query.text); });
"#;
    assert_eq!(found(&[("app.js", app)]), [command_at(13)]);
}

#[test]
fn a_global_that_is_set_after_the_first_look_is_seen() {
    let app = r#"const express = require("express");
const cp = require("child_process");
function current() { return global.shell; }
console.log(current());
global.shell = cp.exec;
const run = current();
const app = express();
app.get("/", (req, res) => { run(req.query.text); });
"#;
    assert_eq!(found(&[("app.js", app)]), [command_at(8)]);
}

#[test]
fn a_name_of_another_module_that_is_set_after_the_first_look_is_seen() {
    let app = r#"import os
import settings
from flask import Flask, request
app = Flask(__name__)
def current():
    return settings.shell
print(current())
settings.shell = os.system
run = current()
@app.get("/")
def index():
    run(request.args["text"])
    return "ok"
"#;
    assert_eq!(found(&[("app.py", app), ("settings.py", "shell = None\n")]), [command_at(12)]);
}

#[test]
fn what_a_handler_writes_is_seen_by_what_it_calls_next() {
    let app = r#"const express = require("express");
const cp = require("child_process");
const tools = {};
let shell;
function tool() { return tools.run; }
function chosen() { return shell; }
function of(options) { return options.run; }
function stored(map) { return map.get("run"); }
const app = express();
app.get("/", (req, res) => {
  const options = {}, map = new Map();
  console.log(tool(), chosen(), of(options), stored(map));
  tools.run = shell = options.run = cp.exec;
  map.set("run", cp.exec);
  tool()(req.query.a);
  chosen()(req.query.b);
  of(options)(req.query.c);
  stored(map)(req.query.d);
});
"#;
    assert_eq!(found(&[("app.js", app)]), [15, 16, 17, 18].map(command_at));
}
