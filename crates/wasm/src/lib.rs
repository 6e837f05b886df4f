//! The door for JavaScript: plain values in, plain values out. The package wraps it.

mod options;

use backend_specialist_core::project::{self, Project, SourceFile};
use backend_specialist_core::report::text::{TextOptions, text};
use backend_specialist_core::report::{
    Report, RuleMeta, concise, docs_base, github, gitlab, json, junit, markdown, sarif,
};
use backend_specialist_core::rules::RULES;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use options::Options;

/// As in the reports: the path, and the text.
#[derive(Deserialize)]
struct File {
    file: String,
    text: String,
}

/// `files` are `{ file, text }`; gives a report as the command line's `--format json` has it.
#[wasm_bindgen]
pub fn analyze(files: JsValue, options: JsValue) -> Result<JsValue, JsError> {
    let project = read_project(files)?;
    let config = read_options(options)?.config().map_err(|it| JsError::new(&it))?;
    plain(&backend_specialist_core::analyze(&project, &config))
}

/// The report in one of the formats of the command line; `files` give `text` its source lines.
#[wasm_bindgen]
pub fn format(report: JsValue, kind: &str, files: JsValue) -> Result<String, JsError> {
    let report: Report = serde_wasm_bindgen::from_value(report)?;
    let project = if files.is_undefined() { Project::default() } else { read_project(files)? };
    let name = |file: &str| file.to_string();
    let source = |file: &str| project.text(file);
    Ok(match kind {
        "text" => text(&report, &TextOptions { color: false, name: &name, source: &source }),
        "concise" => concise::concise(&report, &name),
        "json" => json::json(&report),
        "jsonl" => json::jsonl(&report),
        "sarif" => sarif::sarif(&report, &RULES),
        "github" => github::github(&report),
        "gitlab" => gitlab::gitlab(&report),
        "junit" => junit::junit(&report),
        "markdown" => markdown::markdown(&report),
        _ => return Err(JsError::new(&format!("unknown format `{kind}`"))),
    })
}

/// All rules, without their pages.
#[wasm_bindgen]
pub fn rules() -> Result<JsValue, JsError> {
    let docs = docs_base();
    let all: Vec<RuleMeta> = RULES.iter().map(|it| RuleMeta::new(it, docs.as_deref())).collect();
    plain(&all)
}

/// Whether a file of this path takes part in the analysis.
#[wasm_bindgen]
pub fn wanted(path: &str) -> bool {
    project::wanted(path)
}

#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_string()
}

fn read_project(files: JsValue) -> Result<Project, JsError> {
    let files: Vec<File> = serde_wasm_bindgen::from_value(files)?;
    let files = files.into_iter().map(|it| SourceFile { path: it.file, bytes: it.text.into_bytes() });
    Ok(Project::new(files.collect()))
}

fn read_options(options: JsValue) -> Result<Options, JsError> {
    if options.is_undefined() || options.is_null() {
        return Ok(Options::default());
    }
    Ok(serde_wasm_bindgen::from_value(options)?)
}

/// Objects in declared order: no `Map`, no `BigInt`, no `undefined`.
fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
