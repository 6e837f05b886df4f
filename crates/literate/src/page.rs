//! A page as its author wrote it: headings make cases, fences make files, comments make expectations.

use std::fmt;

use backend_specialist_core::nearest::nearest;

/// A literate page.
#[derive(Debug)]
pub struct Page {
    pub path: String,
    /// What the first heading names in backquotes: a rule or a library.
    pub subject: String,
    pub cases: Vec<Case>,
}

#[derive(Debug)]
pub struct Case {
    /// The headings above it, the page's own left out.
    pub title: String,
    pub section: Section,
    /// The line of its heading in the page, from 1.
    pub line: usize,
    pub files: Vec<CaseFile>,
    pub expectations: Vec<Expectation>,
}

/// What the second-level heading promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Vulnerable,
    /// Every core rule is silent here.
    Safe,
    Other,
}

#[derive(Debug)]
pub struct CaseFile {
    pub path: String,
    pub text: String,
    /// The line of the page on which its text begins.
    pub page_line: usize,
}

/// What a comment says of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Index of the file in its case.
    pub file: usize,
    /// The line of code in that file, from 1.
    pub line: usize,
    pub holds: Holds,
    pub what: What,
    /// The rule, kind or text that is expected; empty where the subject or any will do.
    pub name: String,
}

/// Whether the checker is expected to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Yes,
    /// It should, and does not yet.
    Missing,
    /// It should not, and does still.
    Spurious,
    /// It must not.
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Finding,
    Source,
    Sink,
    Sanitizer,
    Call,
    Type,
    Route,
    Guard,
}

/// Something about the page itself that cannot be right.
#[derive(Debug, PartialEq, Eq)]
pub struct PageProblem {
    pub path: String,
    pub line: usize,
    pub message: String,
}

impl fmt::Display for PageProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

impl What {
    pub const NAMES: &[(&str, What)] = &[
        ("finding", What::Finding),
        ("source", What::Source),
        ("sink", What::Sink),
        ("sanitizer", What::Sanitizer),
        ("call", What::Call),
        ("type", What::Type),
        ("route", What::Route),
        ("guard", What::Guard),
    ];

    pub fn name(self) -> &'static str {
        What::NAMES.iter().find(|(_, what)| *what == self).map_or("", |(name, _)| name)
    }
}

impl Page {
    pub fn parse(path: &str, text: &str) -> Result<Page, Vec<PageProblem>> {
        let mut reader = Reader::new(path, text);
        reader.read();
        reader.finish()
    }
}

/// Second-level headings that mean something.
const SECTIONS: &[&str] = &["Vulnerable", "Safe", "Limits"];

/// Fences without a name get one by their language; others are prose unless they are named.
const LANGUAGES: &[(&str, &str)] = &[
    ("js", "app.js"),
    ("javascript", "app.js"),
    ("mjs", "app.mjs"),
    ("cjs", "app.cjs"),
    ("jsx", "app.jsx"),
    ("ts", "app.ts"),
    ("typescript", "app.ts"),
    ("tsx", "app.tsx"),
    ("py", "app.py"),
    ("python", "app.py"),
];

struct Reader<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    at: usize,
    subject: Option<String>,
    /// Level and text of the headings above, the page's own left out.
    headings: Vec<(usize, &'a str)>,
    heading_line: usize,
    /// The name that stands above the next fence.
    file_name: Option<&'a str>,
    case: Option<Case>,
    cases: Vec<Case>,
    problems: Vec<PageProblem>,
}

impl<'a> Reader<'a> {
    fn new(path: &'a str, text: &'a str) -> Reader<'a> {
        Reader {
            path,
            lines: text.lines().collect(),
            at: 0,
            subject: None,
            headings: Vec::new(),
            heading_line: 1,
            file_name: None,
            case: None,
            cases: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn read(&mut self) {
        while self.at < self.lines.len() {
            let line = self.lines[self.at];
            self.at += 1;
            if let Some((level, text)) = heading(line) {
                self.heading(level, text);
            } else if let Some(name) = line.strip_prefix('`').and_then(|it| it.strip_suffix("`:")) {
                self.file_name = Some(name);
            } else if line.starts_with("```") {
                self.fence(line);
            }
        }
        self.close_case();
    }

    fn finish(mut self) -> Result<Page, Vec<PageProblem>> {
        let subject = self.subject.take().unwrap_or_default();
        if subject.is_empty() {
            self.problem(1, "the first heading names a rule or library in backquotes: # `name`");
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(Page { path: self.path.to_owned(), subject, cases: self.cases })
    }

    fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(PageProblem { path: self.path.to_owned(), line, message: message.into() });
    }

    fn heading(&mut self, level: usize, text: &'a str) {
        self.close_case();
        self.heading_line = self.at;
        if level == 1 && self.subject.is_none() {
            self.subject = Some(text.split('`').nth(1).unwrap_or_default().to_owned());
            return;
        }
        // A section that is spelled wrong would turn its cases off.
        if level == 2
            && !SECTIONS.contains(&text)
            && let Some(meant) = nearest(text, SECTIONS.iter().copied())
        {
            self.problem(self.at, format!("unknown section `{text}`; did you mean `{meant}`?"));
        }
        self.headings.retain(|(above, _)| *above < level);
        self.headings.push((level, text));
    }

    fn close_case(&mut self) {
        self.file_name = None;
        let Some(case) = self.case.take() else { return };
        if case.section == Section::Vulnerable && case.expectations.is_empty() {
            self.problem(case.line, format!("`{}` expects nothing: mark the line with `// finding`", case.title));
        }
        self.cases.push(case);
    }

    /// Reads up to the closing fence; `open` is the line that has been read.
    fn fence(&mut self, open: &str) {
        let info = open.trim_start_matches('`');
        let mark = &open[..open.len() - info.len()];
        let language = info.split([' ', ',']).next().unwrap_or_default();
        let (begin, name) = (self.at, self.file_name.take());
        while self.at < self.lines.len() && self.lines[self.at] != mark {
            self.at += 1;
        }
        let code = begin..self.at;
        if self.at == self.lines.len() {
            self.problem(begin, format!("the fence is not closed by `` {mark} ``"));
        }
        self.at += 1;
        let by_language = LANGUAGES.iter().find(|(known, _)| *known == language).map(|(_, name)| *name);
        if let Some(name) = name.or(by_language) {
            self.file(name, code);
        } else if language.len() > 4
            && let Some(meant) = nearest(language, LANGUAGES.iter().map(|it| it.0))
        {
            self.problem(begin, format!("unknown language `{language}`; did you mean `{meant}`?"));
        }
    }

    fn file(&mut self, name: &str, code: std::ops::Range<usize>) {
        let lines = self.lines[code.clone()].to_vec();
        let case = self.case.get_or_insert_with(|| new_case(&self.headings, self.heading_line));
        let is_new = case.files.iter().all(|file| file.path != name);
        let index = case.files.len();
        case.expectations.extend(expectations(index, &lines));
        let mut text = lines.join("\n");
        text.push('\n');
        case.files.push(CaseFile { path: name.to_owned(), text, page_line: code.start + 1 });
        if !is_new {
            let message =
                format!("two files of one case are called `{name}`: name them (`` `path`: ``) above the fence");
            self.problem(code.start, message);
        }
    }
}

fn new_case(headings: &[(usize, &str)], line: usize) -> Case {
    let titles: Vec<&str> = headings.iter().map(|(_, text)| *text).collect();
    let section = match titles.first() {
        Some(&"Vulnerable") => Section::Vulnerable,
        Some(&"Safe") => Section::Safe,
        _ => Section::Other,
    };
    Case { title: titles.join(" / "), section, line, files: Vec::new(), expectations: Vec::new() }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.strip_prefix(' ')?;
    (level > 0).then_some((level, text.trim()))
}

/// The expectations of a file. A comment that stands alone speaks of the next line of code.
fn expectations(file: usize, lines: &[&str]) -> Vec<Expectation> {
    let mut all = Vec::new();
    let mut waiting: Vec<Expectation> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (code, found) = trailing(line);
        let on_line =
            found.into_iter().map(|(holds, what, name)| Expectation { file, line: index + 1, holds, what, name });
        if code.trim().is_empty() {
            waiting.extend(on_line);
        } else {
            all.extend(waiting.drain(..).map(|it| Expectation { line: index + 1, ..it }));
            all.extend(on_line);
        }
    }
    all
}

type Words = (Holds, What, String);

/// The code before the comments that expect something, and what they expect.
fn trailing(line: &str) -> (&str, Vec<Words>) {
    let mut code = line.trim_end();
    let mut found = Vec::new();
    while let Some((before, comment)) = last_comment(code) {
        let Some(words) = words(comment) else { break };
        found.splice(0..0, words);
        code = before.trim_end();
    }
    (code, found)
}

/// Text before the last comment of the line, and the comment's own.
fn last_comment(line: &str) -> Option<(&str, &str)> {
    for (open, close) in [("{/* ", " */}"), ("/* ", " */"), ("<!-- ", " -->")] {
        if let Some(body) = line.strip_suffix(close)
            && let Some((before, comment)) = body.rsplit_once(open)
        {
            return Some((before, comment));
        }
    }
    let at = ["// ", "# "].iter().filter_map(|mark| line.rfind(mark).map(|at| (at, mark.len()))).max()?;
    Some((&line[..at.0], &line[at.0 + at.1..]))
}

/// `finding`, `finding: a, b`, `source: http`, `missing`, `missing: a`, `missing source: http`, `no finding`, …
fn words(comment: &str) -> Option<Vec<Words>> {
    let (head, names) = comment.split_once(':').unwrap_or((comment, ""));
    let mut head = head.split_whitespace().peekable();
    let holds = match *head.peek()? {
        "missing" => Holds::Missing,
        "spurious" => Holds::Spurious,
        "no" => Holds::No,
        _ => Holds::Yes,
    };
    if holds != Holds::Yes {
        head.next();
    }
    let what = match head.next() {
        Some(word) => What::NAMES.iter().find(|(name, _)| *name == word)?.1,
        None if holds == Holds::No => return None,
        None => What::Finding,
    };
    if head.next().is_some() {
        return None;
    }
    // The path of a route may hold commas; of the others each name is an expectation.
    let names: Vec<&str> = if what == What::Route { vec![names] } else { names.split(',').collect() };
    Some(names.into_iter().map(|name| (holds, what, name.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests;
