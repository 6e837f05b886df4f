//! `test`: the literate pages of a project's own models. A page is a Markdown file whose first heading names its
//! subject in backquotes.

use std::path::{Path, PathBuf};

use backend_specialist_core::config::Config;
use backend_specialist_literate::engine::Engine;
use backend_specialist_literate::page::Page;
use backend_specialist_literate::run;
use ignore::WalkBuilder;

use crate::args::TestArgs;
use crate::fault::{Fault, shown_path};
use crate::names::{absolute, relative};
use crate::output::write_stdout;
use crate::{exit, models, settings};

pub fn run(args: &TestArgs) -> Result<u8, Fault> {
    let current = std::env::current_dir().map_err(|it| Fault::new(format!("no current folder: {it}")))?;
    let found = settings::read(&args.project, &current, &current)?;
    let config = Config { model_files: models::read(&found.config.models.files, &found.root)?, ..found.config };
    let pages = pages(&args.paths, &current, &found.root)?;
    if pages.is_empty() {
        return Err(Fault::new("no page was found")
            .help("a page is a Markdown file that begins with a name in backquotes: # `name`"));
    }
    let engine = Engine { config };
    let mut out = String::new();
    let mut differences = 0;
    for path in &pages {
        let name = relative(&current, path);
        match Page::parse(&name, &read(path)?) {
            Err(problems) => {
                differences += problems.len();
                out.extend(problems.iter().map(|it| format!("{it}\n\n")));
            }
            Ok(page) => {
                let failures = run::check(&page, "", &engine);
                differences += failures.len();
                out.extend(failures.iter().map(|it| format!("{it}\n")));
            }
        }
    }
    let (pages, verb) = (counted(pages.len(), "page"), if pages.len() == 1 { "holds" } else { "hold" });
    match differences {
        0 => out.push_str(&format!("{pages} {verb}\n")),
        count => out.push_str(&format!("{} in {pages}\n", counted(count, "difference"))),
    }
    write_stdout(&out);
    Ok(if differences == 0 { exit::OK } else { exit::FINDINGS })
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The files named, and the pages in the folders named; without a name those of the whole project.
fn pages(paths: &[PathBuf], current: &Path, root: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    let named: Vec<PathBuf> = match paths {
        [] => vec![root.to_path_buf()],
        paths => paths.iter().map(|it| absolute(current, it)).collect(),
    };
    for path in named {
        if path.is_file() {
            found.push(path);
        } else if path.is_dir() {
            let all = WalkBuilder::new(&path).require_git(false).git_global(false).git_exclude(false).build();
            let all = all.filter_map(|it| Some(it.ok()?.into_path()));
            for file in all.filter(|it| it.extension().is_some_and(|it| it == "md")) {
                if is_page(&read(&file)?) {
                    found.push(file);
                }
            }
        } else {
            return Err(Fault::new(format!("cannot read `{}`: there is no such file or folder", shown_path(&path))));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Other Markdown files lie around in a project.
fn is_page(text: &str) -> bool {
    text.lines().find(|line| line.starts_with("# ")).is_some_and(|line| line.starts_with("# `"))
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| Fault::new(format!("cannot read {}: {error}", shown_path(path))))
}
