//! What is compared: the example backends as projects of many files, and every case of every page.

use std::fs;
use std::path::{Path, PathBuf};

use backend_specialist_core::analyze;
use backend_specialist_core::config::Config;
use backend_specialist_core::finding::Profile;
use backend_specialist_core::project::{Project, SourceFile, wanted};
use backend_specialist_core::report::json::json;
use backend_specialist_literate::page::Page;
use backend_specialist_xtask::root;

/// Path and text.
pub type Files = Vec<(String, String)>;

const PAGES: &[&str] = &["crates/core/src/rules", "crates/core/models"];

/// Numbers that are the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// All rules run, so that all of the report is compared.
pub fn config() -> Config {
    Config { profile: Profile::Audit, ..Config::default() }
}

pub fn project(files: &Files) -> Project {
    let files = files.iter().map(|(path, text)| SourceFile { path: path.clone(), bytes: text.clone().into_bytes() });
    Project::new(files.collect())
}

pub fn report(files: &Files) -> String {
    json(&analyze(&project(files), &config()))
}

/// Name and files of every project.
pub fn all() -> Vec<(String, Files)> {
    let mut all = apps();
    for folder in PAGES {
        for path in paths(&root().join(folder)) {
            let name = path.strip_prefix(root()).expect("it was found below the root").display().to_string();
            if !name.ends_with(".md") || name.ends_with("README.md") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a page can be read");
            let Ok(page) = Page::parse(&name, &text) else { continue };
            for case in page.cases {
                let files = case.files.into_iter().map(|it| (it.path, it.text)).collect();
                all.push((format!("{name}: {}", case.title), files));
            }
        }
    }
    all
}

pub fn apps() -> Vec<(String, Files)> {
    let folder = root().join("tests/apps");
    let mut names: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the example backends are there")
        .map(|it| it.expect("a folder can be read").path())
        .filter(|it| it.is_dir())
        .collect();
    names.sort();
    names.iter().map(|it| (it.display().to_string(), files_of(it))).collect()
}

fn files_of(folder: &Path) -> Files {
    let mut files = Vec::new();
    for path in paths(folder) {
        let name = path.strip_prefix(folder).expect("it was found there").to_string_lossy().replace('\\', "/");
        if wanted(&name) {
            files.push((name, fs::read_to_string(&path).expect("a source can be read")));
        }
    }
    files
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).expect("a folder can be read") {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
