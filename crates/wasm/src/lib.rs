//! The door for JavaScript: plain values in, plain values out. The package in `pkg` wraps it.

mod options;
mod printed;

use backend_specialist_core::config::Config;
use backend_specialist_core::project::{self, SourceFile};
use backend_specialist_core::report::{RuleMeta, docs_base};
use backend_specialist_core::rules::RULES;
use backend_specialist_core::workspace::Workspace;
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
pub fn analyze(files: JsValue, options: &str) -> Result<JsValue, JsError> {
    let project = project::Project::new(read_files(files)?);
    plain(&backend_specialist_core::analyze(&project, &read_options(options)?))
}

/// A project that is edited: a text is read again only when it changes.
#[wasm_bindgen]
#[derive(Default)]
pub struct Project {
    workspace: Workspace,
}

#[wasm_bindgen]
impl Project {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Project {
        Project::default()
    }

    pub fn set(&mut self, path: &str, text: String) {
        self.workspace.set(path, text.into_bytes());
    }

    pub fn delete(&mut self, path: &str) {
        self.workspace.delete(path);
    }

    pub fn list(&self) -> Vec<String> {
        self.workspace.paths().map(str::to_string).collect()
    }

    pub fn analyze(&mut self, options: &str) -> Result<JsValue, JsError> {
        plain(&self.workspace.analyze(&read_options(options)?))
    }

    /// How many texts were read so far.
    pub fn lowered(&self) -> usize {
        self.workspace.lowered()
    }
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

/// Whether a folder of this path holds nothing of the project's own.
#[wasm_bindgen]
pub fn pruned(path: &str) -> bool {
    project::pruned(path)
}

/// A file name for a text that came without one.
#[wasm_bindgen(js_name = guessName)]
pub fn guess_name(text: &str) -> String {
    project::guess_name(text.as_bytes()).to_string()
}

#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_string()
}

fn read_files(files: JsValue) -> Result<Vec<SourceFile>, JsError> {
    let files: Vec<File> = serde_wasm_bindgen::from_value(files)?;
    Ok(files.into_iter().map(|it| SourceFile { path: it.file, bytes: it.text.into_bytes() }).collect())
}

/// From JSON, for values of JavaScript do not tell of keys that nobody knows.
fn read_options(options: &str) -> Result<Config, JsError> {
    let options: Options = serde_json::from_str(options)?;
    options.config().map_err(|it| JsError::new(&it))
}

/// Objects in declared order: no `Map`, no `BigInt`, no `undefined`.
fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
