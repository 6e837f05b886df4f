//! Whether the package gives the reports of the native one, byte for byte.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use backend_specialist_core::analyze;
use backend_specialist_core::config::{Config, TestTreatment};
use backend_specialist_core::finding::Profile;
use backend_specialist_core::report::json::json;
use rayon::prelude::*;
use serde::Serialize;

use crate::package;
use crate::projects::{self, Files};

/// Reads projects and writes their reports, under Node.
const READER: &str = "tests/wasm/reports.mjs";

/// As the script reads it.
#[derive(Serialize)]
struct Given<'a> {
    files: Vec<GivenFile<'a>>,
}

#[derive(Serialize)]
struct GivenFile<'a> {
    file: &'a str,
    text: &'a str,
}

/// All programs of the repository, with all rules, in both builds.
pub fn compare(root: &Path) -> Result<()> {
    package::build(root)?;
    let projects = projects::all(root)?;
    let theirs = reports(root, &projects)?;
    let config = Config { profile: Profile::Audit, tests: TestTreatment::Same, ..Config::default() };
    let ours: Vec<String> = threads()?
        .install(|| projects.par_iter().map(|it| json(&analyze(&projects::project(&it.1), &config))).collect());
    if theirs.len() != ours.len() {
        bail!("{READER} wrote {} reports of {}", theirs.len(), ours.len());
    }
    let all = projects.iter().zip(ours.iter().zip(&theirs));
    let differences: Vec<String> = all
        .filter(|(_, (native, wasm))| native != wasm)
        .map(|((name, _), (native, wasm))| format!("{name}: {}", first_difference(native, wasm)))
        .collect();
    if !differences.is_empty() {
        bail!("{} of {} reports differ\n{}", differences.len(), ours.len(), differences.join("\n"));
    }
    println!("{} reports are the same, native and WebAssembly", ours.len());
    Ok(())
}

/// What the package says under Node.
fn reports(root: &Path, projects: &[(String, Files)]) -> Result<Vec<String>> {
    let given: Vec<Given<'_>> = projects
        .iter()
        .map(|(_, files)| Given { files: files.iter().map(|(file, text)| GivenFile { file, text }).collect() })
        .collect();
    let folder = package::target(root).join("wasm");
    let (input, output) = (folder.join("projects.json"), folder.join("reports.json"));
    fs::write(&input, serde_json::to_string(&given)?).context("writing the projects")?;
    let mut node = Command::new("node");
    node.arg(root.join(READER)).arg(root.join(package::ENTRY)).arg(&input).arg(&output);
    package::finish(node)?;
    Ok(serde_json::from_str(&fs::read_to_string(&output).context("reading the reports")?)?)
}

/// As many frames fit on their stacks as on that of the other build.
fn threads() -> Result<rayon::ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().stack_size(16 << 20).build()?)
}

fn first_difference(native: &str, wasm: &str) -> String {
    let mut lines = native.lines().zip(wasm.lines()).enumerate();
    match lines.find(|(_, (native, wasm))| native != wasm) {
        Some((line, (native, wasm))) => format!("line {}\n  native: {native}\n  wasm:   {wasm}", line + 1),
        None => "one is longer".to_owned(),
    }
}
