//! Reports into formats, and formats to where they are wanted.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use backend_specialist_core::project::Project;
use backend_specialist_core::report::text::{TextOptions, text};
use backend_specialist_core::report::{Report, concise, github, gitlab, json, junit, markdown, sarif};
use backend_specialist_core::rules::RULES;

use crate::fault::Fault;
use crate::names::relative;

pub const FORMATS: [&str; 9] = ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"];

/// What a format needs beside the report.
#[derive(Debug)]
pub struct Printer<'a> {
    pub root: &'a Path,
    /// `text` and `concise` name files from here, for clicking.
    pub current: &'a Path,
    pub project: &'a Project,
}

impl Printer<'_> {
    /// `color` concerns `text` alone.
    pub fn print(&self, report: &Report, format: &str, color: bool) -> String {
        let name = |file: &str| relative(self.current, &self.root.join(file));
        let source = |file: &str| self.project.text(file);
        match format {
            "concise" => concise::concise(report, &name),
            "json" => json::json(report),
            "jsonl" => json::jsonl(report),
            "sarif" => sarif::sarif(report, &RULES),
            "github" => github::github(report),
            "gitlab" => gitlab::gitlab(report),
            "junit" => junit::junit(report),
            "markdown" => markdown::markdown(report),
            _ => text(report, &TextOptions { color, name: &name, source: &source }),
        }
    }
}

/// Whether text on stdout gets colors: when asked for, else on a terminal unless the reader objects.
pub fn wants_color(asked: &str) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    match asked {
        "always" => true,
        "never" => false,
        _ if is_set("NO_COLOR") => false,
        _ => is_set("CLICOLOR_FORCE") || std::io::stdout().is_terminal(),
    }
}

/// Columns of the terminal that stdout is; nothing if it is none.
pub fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// `--output FORMAT=FILE`
pub fn parse_target(written: &str) -> Result<(&'static str, PathBuf), Fault> {
    let Some((format, file)) = written.split_once('=').filter(|it| !it.1.is_empty()) else {
        return Err(Fault::new(format!("`--output {written}` names no file"))
            .help("write it as `--output FORMAT=FILE`, for example `--output sarif=report.sarif`"));
    };
    match FORMATS.iter().find(|it| **it == format) {
        Some(format) => Ok((format, PathBuf::from(file))),
        None => Err(Fault::new(format!("unknown format `{format}`")).help(format!("one of {}", FORMATS.join(", ")))),
    }
}

pub fn write_file(file: &Path, text: &str) -> Result<(), Fault> {
    std::fs::write(file, text).map_err(|it| Fault::new(format!("cannot write {}: {it}", file.display())))
}

/// A reader who closes the pipe has seen enough; that is no fault.
pub fn write_stdout(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
