//! What went wrong, where, and what to do: the only shape in which this program complains.

use std::path::Path;

/// Ends the run with exit code 2.
#[derive(Debug)]
pub struct Fault {
    what: String,
    at: Option<String>,
    /// The line of the file and the part of it that is meant.
    shown: Option<Shown>,
    help: Option<String>,
}

#[derive(Debug)]
struct Shown {
    number: usize,
    text: String,
    from: usize,
    width: usize,
}

impl Fault {
    pub fn new(what: impl Into<String>) -> Fault {
        Fault { what: what.into(), at: None, shown: None, help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    /// The bytes of a text file that are wrong.
    #[must_use]
    pub fn at(mut self, file: &Path, text: &str, bytes: std::ops::Range<usize>) -> Fault {
        let start = bytes.start.min(text.len());
        let before = &text.as_bytes()[..start];
        let number = before.iter().filter(|&&it| it == b'\n').count() + 1;
        let line_start = before.iter().rposition(|&it| it == b'\n').map_or(0, |it| it + 1);
        let line = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let from = text.get(line_start..start).unwrap_or_default().chars().count();
        let meant = text.get(start..bytes.end).unwrap_or_default();
        let width = meant.lines().next().unwrap_or_default().chars().count().max(1);
        self.at = Some(format!("{}:{number}:{}", shown_path(file), from + 1));
        self.shown = Some(Shown { number, text: line.replace('\t', " "), from, width });
        self
    }

    /// A file as a whole.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Fault {
        self.at = Some(shown_path(file));
        self
    }

    pub fn print(&self) {
        eprint!("{}", self.text());
    }

    fn text(&self) -> String {
        let mut out = format!("error: {}\n", self.what);
        if let Some(at) = &self.at {
            out.push_str(&format!("  --> {at}\n"));
        }
        if let Some(it) = &self.shown {
            let number = it.number.to_string();
            let margin = " ".repeat(number.len());
            out.push_str(&format!("{margin} |\n{number} | {}\n", it.text));
            out.push_str(&format!("{margin} | {}{}\n", " ".repeat(it.from), "^".repeat(it.width)));
        }
        if let Some(help) = &self.help {
            out.push_str(&format!("help: {help}\n"));
        }
        out
    }
}

/// With `/` on every system.
pub fn shown_path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A fault of this program: said plainly, without a backtrace.
pub fn internal(what: &str) -> Fault {
    let what = what.replace('\n', ": ");
    Fault::new(format!("internal error: {what}"))
        .help("please report it; to go on without the file in question, use `--exclude FILE` or `exclude` in the configuration")
}
