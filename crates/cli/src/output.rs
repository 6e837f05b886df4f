//! Reports into formats, and formats to where they are wanted.

use std::io::Write;
use std::path::{Path, PathBuf};

use backend_specialist_core::report::{Report, concise, json, sarif};
use backend_specialist_core::rules::RULES;

use crate::fault::Fault;
use crate::names::relative;

pub const FORMATS: [&str; 5] = ["text", "concise", "json", "jsonl", "sarif"];

/// What a format needs beside the report.
#[derive(Debug)]
pub struct Printer<'a> {
    pub root: &'a Path,
    /// `text` and `concise` name files from here, for clicking.
    pub current: &'a Path,
}

impl Printer<'_> {
    pub fn print(&self, report: &Report, format: &str) -> String {
        let name = |file: &str| relative(self.current, &self.root.join(file));
        match format {
            "json" => json::json(report),
            "jsonl" => json::jsonl(report),
            "sarif" => sarif::sarif(report, RULES),
            _ => concise::concise(report, &name),
        }
    }
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
