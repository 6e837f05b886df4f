//! Which files are there, and their bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use backend_specialist_core::config::FILE_SIZE_MAX;
use backend_specialist_core::project::{Project, SourceFile, pruned, wanted};
use ignore::WalkBuilder;
use rayon::prelude::*;

use crate::fault::{Fault, shown_path};
use crate::names::below;

/// All files of the project below the root that the core wants, and those named by the user even if ignored.
pub fn read_project(root: &Path, named: &[PathBuf], replaced: Option<SourceFile>) -> Result<Project, Fault> {
    let mut paths = BTreeMap::new();
    walk(root, root, &mut paths)?;
    for path in named.iter().filter(|it| it.as_path() != root) {
        let Some(name) = below(root, path) else { continue };
        if path.is_file() {
            if wanted(&name) {
                paths.insert(name, path.clone());
            }
        } else if !paths.keys().any(|it| it.strip_prefix(&name).is_some_and(|rest| rest.starts_with('/'))) {
            walk(root, path, &mut paths)?;
        }
    }
    if let Some(it) = &replaced {
        paths.remove(&it.path);
    }
    let paths: Vec<_> = paths.into_iter().collect();
    let mut files = paths.par_iter().map(|(name, path)| read_file(name, path)).collect::<Result<Vec<_>, _>>()?;
    files.extend(replaced);
    Ok(Project::new(files))
}

fn walk(root: &Path, from: &Path, paths: &mut BTreeMap<String, PathBuf>) -> Result<(), Fault> {
    let start = from.to_path_buf();
    let walker = WalkBuilder::new(from)
        // What is read must not depend on the machine: no global ignore file, and no need for a repository.
        .hidden(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .add_custom_ignore_filename(".backend-specialist-ignore")
        .filter_entry(move |it| {
            let is_folder = it.file_type().is_some_and(|it| it.is_dir());
            it.path() == start || !is_folder || !is_foreign(it.path())
        })
        .build();
    for entry in walker {
        let entry = entry.map_err(|it| unreadable(&it.to_string()))?;
        if !entry.file_type().is_some_and(|it| it.is_file()) {
            continue;
        }
        if let Some(name) = below(root, entry.path())
            && wanted(&name)
        {
            paths.insert(name, entry.into_path());
        }
    }
    Ok(())
}

/// Installed packages, caches, and virtual environments whatever they are called.
fn is_foreign(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    pruned(&name) || folder.join("pyvenv.cfg").is_file()
}

/// At most one byte more than the largest file that is ever read, so that the core can tell.
fn read_file(name: &str, path: &Path) -> Result<SourceFile, Fault> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|it| it.take(FILE_SIZE_MAX + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(SourceFile { path: name.to_string(), bytes }),
        Err(error) => Err(unreadable(&format!("{}: {error}", shown_path(path)))),
    }
}

fn unreadable(what: &str) -> Fault {
    Fault::new(format!("cannot read {what}"))
        .help("make it readable, or leave it out with a line in `.backend-specialist-ignore`")
}
