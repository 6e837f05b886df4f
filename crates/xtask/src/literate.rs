//! The literate pages of the repository: which there are, and whether the checker agrees with them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use backend_specialist_literate::engine::Engine;
use backend_specialist_literate::page::Page;
use backend_specialist_literate::run;

const FOLDERS: &[&str] = &["crates/core/src/rules", "crates/core/models"];

/// Runs the pages whose path contains `page`, and of them the cases whose title contains `case`.
pub fn check(root: &Path, page: &str, case: &str) -> Result<()> {
    let mut failures = Vec::new();
    let mut ran = 0;
    for path in paths(root)? {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if !name.contains(page) {
            continue;
        }
        ran += 1;
        let text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        match Page::parse(&name, &text) {
            Err(problems) => failures.extend(problems.iter().map(ToString::to_string)),
            Ok(page) => failures.extend(run::check(&page, case, &Engine::default()).iter().map(ToString::to_string)),
        }
    }
    match failures.len() {
        0 if ran == 0 => bail!("no page has `{page}` in its path"),
        0 => Ok(()),
        count => bail!("{count} differences in {ran} pages\n\n{}", failures.join("\n")),
    }
}

/// Every page, by path. Pages called `README.md` speak of their folder.
pub fn paths(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") && path.file_stem().is_some_and(|it| it != "README")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    fn check(folder: &str) {
        match super::check(&crate::root(), folder, "") {
            Err(error) if !error.to_string().starts_with("no page") => {
                panic!("{error}\none page: `cargo xtask page NAME`");
            }
            _ => {}
        }
    }

    #[test]
    fn pages_of_rules_hold() {
        check("crates/core/src/rules/");
    }

    #[test]
    fn pages_of_models_hold() {
        check("crates/core/models/");
    }
}
