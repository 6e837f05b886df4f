//! The one comment that says it all, and the job's summary, which says the same to those who cannot be commented.

use std::collections::BTreeMap;
use std::fmt::Write;

use backend_specialist_core::finding::Severity;
use backend_specialist_core::report::Finding;
use backend_specialist_core::report::matrix::{ChangeKind, RouteChange};

use crate::body::{Links, Secrets, rule, short};
use crate::found::{Change, Found};
use crate::markup::{code, sentence};
use crate::plan::{Listed, Shown};

/// Characters of a comment; GitHub takes 65,536.
const COMMENT_MAX: usize = 64_000;
/// Bytes of a job's summary; GitHub takes 1 MiB.
const JOB_MAX: usize = 1_000_000;
/// Rows of each list, before anything has to be cut.
const ROWS: usize = 400;

/// Everything a summary is made of.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    pub found: &'a Found,
    /// In the order of the table, each with how it is shown; none where nothing is posted.
    pub findings: &'a [(&'a Finding, Option<&'a Shown>)],
    pub secrets: &'a Secrets,
    pub links: &'a Links,
    /// Issues that the pull request names.
    pub issues: &'a [Issue],
    /// What the reader should know of this run.
    pub notes: &'a [String],
    /// Whether the findings are those of a change.
    pub of_change: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub number: u64,
    pub title: String,
}

impl Summary<'_> {
    /// A comment, without its marker.
    pub fn comment(&self, marker: &str) -> String {
        let room = COMMENT_MAX.saturating_sub(marker.len());
        format!("{}\n\n{marker}", self.fitting(|text| text.chars().count() <= room))
    }

    pub fn job(&self) -> String {
        self.fitting(|text| text.len() <= JOB_MAX) + "\n"
    }

    fn fitting(&self, fits: impl Fn(&str) -> bool) -> String {
        let mut rows = ROWS;
        loop {
            let text = self.text(rows);
            if fits(&text) || rows == 0 {
                return text;
            }
            rows /= 2;
        }
    }

    fn text(&self, rows: usize) -> String {
        let mut out = format!("## backend-specialist: {}\n", self.title());
        for issue in self.issues {
            let _ = write!(out, "\nFor issue {}: {}\n", issue.number, sentence(&issue.title));
        }
        self.table(&mut out, rows);
        self.listed(&mut out, rows);
        if let Some(change) = &self.found.change {
            self.routes(&mut out, change, rows);
            self.silenced(&mut out, change, rows);
            self.fixed(&mut out, change, rows);
        }
        self.unread(&mut out, rows);
        self.foot(&mut out);
        out.trim_end().to_string()
    }

    fn title(&self) -> String {
        let new = if self.of_change { "new " } else { "" };
        if self.findings.is_empty() {
            return format!("no {new}findings");
        }
        let by = Severity::ALL.iter().filter_map(|severity| {
            let number = self.findings.iter().filter(|it| it.0.severity == *severity).count();
            (number > 0).then(|| format!("{number} {}", severity.as_str()))
        });
        let by: Vec<String> = by.collect();
        format!("{} ({})", count(self.findings.len(), &format!("{new}finding")), by.join(", "))
    }

    fn table(&self, out: &mut String, rows: usize) {
        if self.findings.is_empty() {
            return;
        }
        out.push_str("\n| severity | rule | where | what |\n|---|---|---|---|\n");
        for (finding, _) in self.findings.iter().take(rows) {
            let cells = [
                finding.severity.as_str().to_string(),
                rule(finding),
                self.links.place(&finding.file, finding.range.start.line),
                self.secrets.message(finding),
            ];
            let cells = cells.map(|it| it.replace("\\|", "|").replace('|', "\\|"));
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        more(out, self.findings.len(), rows);
    }

    /// What has no comment of its own, by the reason.
    fn listed(&self, out: &mut String, rows: usize) {
        let mut by_reason: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
        for (finding, shown) in self.findings {
            if let Some(Shown::Listed(listed)) = shown
                && *listed != Listed::Off
            {
                by_reason.entry(listed.reason()).or_default().push(finding);
            }
        }
        if by_reason.is_empty() {
            return;
        }
        out.push_str("\n<details><summary>Not shown inline</summary>\n\n");
        for (reason, findings) in by_reason {
            let places = findings
                .iter()
                .take(rows.min(60))
                .map(|it| format!("{} at {}", code(&it.rule), code(&format!("{}:{}", it.file, it.range.start.line))));
            let places: Vec<String> = places.collect();
            let rest = findings.len() - places.len();
            let rest = if rest > 0 { format!(", and {rest} more") } else { String::new() };
            let _ = writeln!(out, "- {} ({}): {}{rest}", sentence(&reason), findings.len(), places.join(", "));
        }
        out.push_str("\n</details>\n");
    }

    fn routes(&self, out: &mut String, change: &Change, rows: usize) {
        if change.routes.is_empty() {
            return;
        }
        let (lost, other): (Vec<_>, Vec<_>) = change.routes.iter().partition(|it| it.is_loss());
        out.push_str("\n### Routes\n\n");
        for it in lost.iter().take(rows) {
            let _ = writeln!(out, "- **{}**", self.route(it));
        }
        more(out, lost.len(), rows);
        if other.is_empty() {
            return;
        }
        let _ = write!(out, "\n<details><summary>{}</summary>\n\n", count(other.len(), "other change"));
        for it in other.iter().take(rows) {
            let _ = writeln!(out, "- {}", self.route(it));
        }
        more(out, other.len(), rows);
        out.push_str("\n</details>\n");
    }

    fn route(&self, it: &RouteChange) -> String {
        let name = code(&format!("{} {}", it.method, it.path));
        let place = self.links.place(&it.file, it.line);
        match it.kind {
            ChangeKind::Removed => format!("{name} is gone (was at {})", code(&format!("{}:{}", it.file, it.line))),
            ChangeKind::Added => match it.guards.first().map(|it| it.is.as_str()) {
                Some("absent") => format!("{name} is new and has no authentication ({place})"),
                Some("present") => format!("{name} is new, with authentication ({place})"),
                Some("optional") => format!("{name} is new, with optional authentication ({place})"),
                _ => format!("{name} is new; whether it has authentication is not known ({place})"),
            },
            ChangeKind::Changed => {
                let guards = it.guards.iter().map(|it| {
                    format!(
                        "{} was {}, is {}",
                        sentence(&it.guard.replace('_', " ")),
                        sentence(&it.was),
                        sentence(&it.is)
                    )
                });
                format!("{name}: {} ({place})", guards.collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn silenced(&self, out: &mut String, change: &Change, rows: usize) {
        if change.silenced.is_empty() {
            return;
        }
        out.push_str("\n### Silenced here\n\n");
        for it in change.silenced.iter().take(rows) {
            let place = self.links.place(&it.finding.file, it.finding.range.start.line);
            let reason = if it.reason.is_empty() { String::new() } else { format!(": {}", sentence(&it.reason)) };
            let severity = it.finding.severity.as_str();
            let _ = writeln!(out, "- {severity} {} at {place}, by {}{reason}", rule(&it.finding), sentence(&it.by));
        }
        more(out, change.silenced.len(), rows);
    }

    fn fixed(&self, out: &mut String, change: &Change, rows: usize) {
        if change.fixed.is_empty() {
            return;
        }
        let title = count(change.fixed.len(), "finding");
        let _ = write!(out, "\n<details><summary>Gone with this change: {title}</summary>\n\n");
        for it in change.fixed.iter().take(rows) {
            let _ = writeln!(out, "- {} at {}", code(&it.rule), code(&format!("{}:{}", it.file, it.line)));
        }
        more(out, change.fixed.len(), rows);
        out.push_str("\n</details>\n");
    }

    fn unread(&self, out: &mut String, rows: usize) {
        let unread: Vec<_> = self.found.report.problems.iter().filter(|it| it.kind.is_incomplete()).collect();
        if unread.is_empty() {
            return;
        }
        let title = count(unread.len(), "place");
        let _ = write!(out, "\n<details><summary>Not fully understood: {title}</summary>\n\n");
        for it in unread.iter().take(rows.min(50)) {
            let line = it.range.map(|it| format!(":{}", it.start.line)).unwrap_or_default();
            let _ = writeln!(out, "- {}: {}", code(&format!("{}{line}", it.file)), sentence(&it.message));
        }
        more(out, unread.len(), rows.min(50));
        out.push_str("\n</details>\n");
    }

    fn foot(&self, out: &mut String) {
        let change_notes = self.found.change.iter().flat_map(|it| &it.notes);
        for note in self.notes.iter().chain(change_notes) {
            let _ = write!(out, "\n{}\n", sentence(note));
        }
        let older = self.found.change.as_ref().map_or(0, |it| it.older);
        if older > 0 {
            let verb = if older == 1 { "is" } else { "are" };
            let _ = write!(
                out,
                "\n{} {verb} older than this change; `backend-specialist check` shows all.\n",
                count(older as usize, "finding")
            );
        }
        let stats = &self.found.report.stats;
        let _ = write!(
            out,
            "\n<sub>{}, {}, {} at {}</sub>\n",
            count(stats.files as usize, "file"),
            count(stats.rules as usize, "rule"),
            count(stats.routes as usize, "route"),
            code(short(&self.links.head)),
        );
    }
}

fn more(out: &mut String, all: usize, shown: usize) {
    if all > shown {
        let _ = write!(out, "\n… and {} more: the report has all of them.\n", all - shown);
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
