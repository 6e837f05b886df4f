//! Reports and routes as text, in the formats of the command line; and the IR, for those who write rules.

use backend_specialist_core::project::Project;
use backend_specialist_core::report::matrix::{self, TableOptions};
use backend_specialist_core::report::text::{TextOptions, text};
use backend_specialist_core::report::{Report, concise, github, gitlab, json, junit, markdown, sarif};
use backend_specialist_core::rules::RULES;
use backend_specialist_syntax::{Language, decode, lower, print};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::read_files;

/// `files` give `text` its source lines.
#[wasm_bindgen]
pub fn format(report: JsValue, kind: &str, files: JsValue) -> Result<String, JsError> {
    let report: Report = serde_wasm_bindgen::from_value(report)?;
    let project = if files.is_undefined() { Project::default() } else { Project::new(read_files(files)?) };
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
        "routes" => matrix::table(&report, &TableOptions { color: false, width: None, name: &name }),
        "routes-json" => matrix::json(&report),
        "routes-markdown" => matrix::markdown(&report),
        "routes-openapi" => matrix::openapi(&report),
        "routes-http" => matrix::http(&report),
        "routes-curl" => matrix::curl(&report),
        _ => return Err(JsError::new(&format!("unknown format `{kind}`"))),
    })
}

/// The intermediate representation of one text; nothing if its name is that of no source.
#[wasm_bindgen]
pub fn ir(path: &str, text: &str) -> Option<String> {
    let language = Language::from_path(path)?;
    Some(print(&lower(&decode(text.as_bytes()).text, language)))
}
