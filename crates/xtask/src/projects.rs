//! The programs that the repository holds, as projects: the example backends, and every case of every page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backend_specialist_core::project::{Project, SourceFile, wanted};
use backend_specialist_literate::page::Page;

use crate::literate;

const APPS: &str = "tests/apps";

/// Path and text.
pub type Files = Vec<(String, String)>;

pub fn project(files: &Files) -> Project {
    let files = files.iter().map(|(path, text)| SourceFile { path: path.clone(), bytes: text.clone().into_bytes() });
    Project::new(files.collect())
}

/// Name and files of every project.
pub fn all(root: &Path) -> Result<Vec<(String, Files)>> {
    let mut all = apps(root)?;
    for path in literate::paths(root)? {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        let Ok(page) = Page::parse(&name, &text) else { continue };
        for case in page.cases {
            let files = case.files.into_iter().map(|it| (it.path, it.text)).collect();
            all.push((format!("{name}: {}", case.title), files));
        }
    }
    Ok(all)
}

/// The example backends, each under the name of its folder.
pub fn apps(root: &Path) -> Result<Vec<(String, Files)>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root.join(APPS))
        .context("reading the example backends")?
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|it| Ok((it.file_name().unwrap_or_default().to_string_lossy().into_owned(), files_of(it)?)))
        .collect()
}

/// The files that the checker wants, by path.
fn files_of(folder: &Path) -> Result<Files> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).with_context(|| format!("reading {}", at.display()))? {
            let path = entry?.path();
            let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&name) {
                files.push((name, fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?));
            }
        }
    }
    files.sort();
    Ok(files)
}
