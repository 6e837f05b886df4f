//! The project's own models: the files that the configuration names.

use std::path::{Path, PathBuf};

use backend_specialist_core::model::Models;
use backend_specialist_core::model::schema::ModelFile;
use backend_specialist_core::paths::Glob;
use backend_specialist_literate::models::{self, Problem};
use ignore::WalkBuilder;

use crate::fault::{Fault, shown_path};
use crate::names::below;

/// Reads and checks the model files below the root that fit one of the patterns.
pub fn read(patterns: &[String], root: &Path) -> Result<Vec<ModelFile>, Fault> {
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let paths = matching(patterns, root)?;
    let mut texts = Vec::with_capacity(paths.len());
    let mut files = Vec::with_capacity(paths.len());
    for path in &paths {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Fault::new(format!("cannot read {}: {error}", shown_path(path))))?;
        files.push(models::read("", &text).map_err(|problem| fault(path, &text, &problem))?);
        texts.push(text);
    }
    if let Some(error) = Models::with_user(&files).err().and_then(|errors| errors.into_iter().next()) {
        let (path, text) = (&paths[error.file], &texts[error.file]);
        return Err(fault(path, text, &models::locate("", text, &error)));
    }
    Ok(files)
}

fn matching(patterns: &[String], root: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut all: Vec<(String, PathBuf)> = WalkBuilder::new(root)
        .hidden(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .build()
        .filter_map(|entry| {
            let path = entry.ok()?.into_path();
            let is_model = path.extension().is_some_and(|it| it == "toml");
            below(root, &path).filter(|_| is_model).map(|name| (name, path))
        })
        .collect();
    all.sort();
    let mut found = Vec::new();
    for pattern in patterns {
        let glob = Glob::new(pattern);
        let before = found.len();
        found.extend(all.iter().filter(|(name, _)| glob.matches(name)).map(|(_, path)| path.clone()));
        if found.len() == before {
            return Err(Fault::new(format!("no model file fits `{pattern}`"))
                .help("`files` under `[models]` are patterns of TOML files, from the project's root"));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn fault(path: &Path, text: &str, problem: &Problem) -> Fault {
    Fault::new(problem.message.clone()).at(path, text, problem.span.clone())
}
