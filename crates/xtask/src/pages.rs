//! The rules' pages: an index for the command line, and copies under `docs/` where findings' addresses lead.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use backend_specialist_core::rules::RULES;

const RULES_FOLDER: &str = "crates/core/src/rules";
const INDEX: &str = "crates/cli/src/pages.rs";
const DOCS: &str = "docs/rules";

/// All generated files that show rules, by their paths from the root.
pub fn files(root: &Path) -> Result<BTreeMap<String, String>> {
    let pages = pages(root)?;
    let mut files = BTreeMap::new();
    files.insert(INDEX.to_owned(), index(&pages)?);
    files.insert(format!("{DOCS}/README.md"), table()?);
    for (id, path) in &pages {
        if RULES.iter().any(|it| it.id == id) {
            let text = fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"))?;
            files.insert(format!("{DOCS}/{id}.md"), with_note(&text, path));
        }
    }
    Ok(files)
}

/// Pages under `docs/` that no rule has any more.
pub fn orphans(root: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let Ok(folder) = fs::read_dir(root.join(DOCS)) else { return Vec::new() };
    let names = folder.filter_map(|it| Some(format!("{DOCS}/{}", it.ok()?.file_name().to_string_lossy())));
    let mut orphans: Vec<String> = names.filter(|it| !files.contains_key(it)).collect();
    orphans.sort();
    orphans
}

/// Rule id to the path of its page, which stands beside the rule.
fn pages(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![root.join(RULES_FOLDER)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                let id = path.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-");
                let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                if let Some(other) = pages.insert(id.clone(), path.clone()) {
                    bail!("two pages for `{id}`: {other} and {path}");
                }
            }
        }
    }
    Ok(pages)
}

fn index(pages: &BTreeMap<String, String>) -> Result<String> {
    let mut out = "//! Made by `cargo xtask gen` from the pages beside the rules.\n\n".to_owned();
    out.push_str("/// Rule id and page, by id.\n#[rustfmt::skip]\npub const PAGES: &[(&str, &str)] = &[\n");
    for (id, path) in pages {
        let below = path.strip_prefix("crates/").unwrap_or(path);
        writeln!(out, "    (\"{id}\", include_str!(\"../../{below}\")),")?;
    }
    out.push_str("];\n");
    Ok(out)
}

fn table() -> Result<String> {
    let mut out = "<!-- Made by `cargo xtask gen` from the rules. -->\n\n# Rules\n\n".to_owned();
    out.push_str("| rule | what | severity | confidence | profile | weakness |\n|---|---|---|---|---|---|\n");
    for it in RULES.iter() {
        let cwe: Vec<String> = it.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        let (severity, confidence, profile) = (it.severity.as_str(), it.confidence.as_str(), it.profile.as_str());
        let weakness = cwe.join(", ");
        writeln!(
            out,
            "| [`{0}`]({0}.md) | {1} | {severity} | {confidence} | {profile} | {weakness} |",
            it.id, it.summary
        )?;
    }
    Ok(out)
}

fn with_note(text: &str, path: &str) -> String {
    format!("<!-- Made by `cargo xtask gen` from {path}. -->\n\n{text}")
}
