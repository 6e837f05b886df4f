//! What the change introduced, fixed, opened and silenced: the project before and after it.

use std::collections::BTreeSet;
use std::path::Path;

use backend_specialist_core::analyze;
use backend_specialist_core::baseline::{Baseline, keep_introduced};
use backend_specialist_core::report::matrix::changes;
use backend_specialist_core::report::{Report, SuppressedBy};
use backend_specialist_github::event::{Event, Pull};
use backend_specialist_github::found::{Change, Found, Gone, Silenced};

use super::ReviewArgs;
use super::base::{self, Base};
use super::started::Started;
use crate::check::{Analyzed, threads};
use crate::fault::Fault;
use crate::git::{Git, since_commit};
use crate::names::{absolute, below};
use crate::{baseline, settings};

const BASELINE: &str = "backend-specialist-baseline.json";

/// The findings to speak of, and how many there are in all. Paths are those of the repository.
pub fn found(args: &ReviewArgs, started: &Started, analyzed: &mut Analyzed) -> Result<(Found, usize), Fault> {
    let known = known(args, analyzed)?;
    known.apply(&mut analyzed.report);
    mask(analyzed);
    let all = analyzed.report.findings.len();
    let mut found = match &started.event {
        Event::Pull(pull) => introduced(args, pull, analyzed)?,
        _ => Found { report: analyzed.report.clone(), change: None },
    };
    let prefix = prefix(analyzed);
    if !prefix.is_empty() {
        found.in_folder(&prefix);
    }
    Ok((found, all))
}

/// Before anything is taken out: a secret that is known already is one.
fn mask(analyzed: &mut Analyzed) {
    let mut whole = Found { report: std::mem::take(&mut analyzed.report), change: None };
    whole.mask_secrets();
    analyzed.report = whole.report;
}

/// The project's folder as seen from the top of the repository, with `/` at its end unless it is the top.
pub fn prefix(analyzed: &Analyzed) -> String {
    Git::new(&analyzed.root).map(|it| it.prefix).unwrap_or_default()
}

fn known(args: &ReviewArgs, analyzed: &Analyzed) -> Result<Baseline, Fault> {
    match &args.baseline {
        Some(file) => baseline::read(&absolute(&analyzed.current, file)),
        None if analyzed.root.join(BASELINE).is_file() => baseline::read(&analyzed.root.join(BASELINE)),
        None => Ok(Baseline::default()),
    }
}

fn introduced(args: &ReviewArgs, pull: &Pull, analyzed: &Analyzed) -> Result<Found, Fault> {
    let base = match base::find(&analyzed.root, pull)? {
        Ok(base) => base,
        Err(without) => return Ok(unknown(analyzed, &without.0)),
    };
    let (project, renamed) = since_commit(&base.git, &analyzed.project, &base.sha)?;
    let mut config = analyzed.config.clone();
    config.renamed = renamed;
    let before = threads(args.project.jobs)?.install(|| analyze(&project, &config));
    let after = &analyzed.report;
    let mut report = after.clone();
    keep_introduced(&mut report, &before);
    let change = Change {
        older: (after.findings.len() - report.findings.len()) as u32,
        fixed: gone(&before, after),
        routes: changes(&before, after),
        silenced: silenced(args, &base, &before, after, analyzed)?,
        notes: notes(args, &base, analyzed)?,
    };
    Ok(Found { report, change: Some(change) })
}

/// An unknown change never makes everything new.
fn unknown(analyzed: &Analyzed, why: &str) -> Found {
    let mut report = analyzed.report.clone();
    let older = std::mem::take(&mut report.findings).len() as u32;
    report.recount();
    let note = format!("What this change introduced is not known: {why}.");
    Found { report, change: Some(Change { older, notes: vec![note], ..Change::default() }) }
}

fn gone(before: &Report, after: &Report) -> Vec<Gone> {
    let suppressed = after.suppressed.iter().map(|it| it.finding.fingerprint.as_str());
    let there: BTreeSet<&str> = after.findings.iter().map(|it| it.fingerprint.as_str()).chain(suppressed).collect();
    let gone = before.findings.iter().filter(|it| !there.contains(it.fingerprint.as_str()));
    gone.map(|it| Gone { rule: it.rule.clone(), file: it.file.clone(), line: it.range.start.line }).collect()
}

/// What would be reported if the change did not silence it.
fn silenced(
    args: &ReviewArgs,
    base: &Base,
    before: &Report,
    after: &Report,
    analyzed: &Analyzed,
) -> Result<Vec<Silenced>, Fault> {
    let was_silent: BTreeSet<&str> = before.suppressed.iter().map(|it| it.finding.fingerprint.as_str()).collect();
    let known_before = known_before(args, base, analyzed);
    let is_known_before = |it: &str| known_before.findings.iter().any(|known| known.fingerprint == it);
    let mut silenced = Vec::new();
    for it in &after.suppressed {
        let fingerprint = it.finding.fingerprint.as_str();
        if was_silent.contains(fingerprint) || is_known_before(fingerprint) {
            continue;
        }
        let by = match it.by {
            SuppressedBy::Comment => "a comment",
            SuppressedBy::Baseline => "the baseline",
        };
        let reason = it.reason.clone().unwrap_or_default();
        silenced.push(Silenced { by: by.to_string(), reason, finding: it.finding.clone() });
    }
    Ok(silenced)
}

fn known_before(args: &ReviewArgs, base: &Base, analyzed: &Analyzed) -> Baseline {
    let file = match &args.baseline {
        Some(file) => below(&analyzed.root, &absolute(&analyzed.current, file)),
        None => Some(BASELINE.to_string()),
    };
    let read = |file: String| serde_json::from_slice(&base.git.file(&base.sha, &file).ok()??).ok();
    file.and_then(read).unwrap_or_default()
}

/// A configuration that the change itself touches is said: it decides what is reported.
fn notes(args: &ReviewArgs, base: &Base, analyzed: &Analyzed) -> Result<Vec<String>, Fault> {
    let found = settings::read(&args.project, &analyzed.current, &analyzed.root)?;
    let ignored = analyzed.root.join(".backend-specialist-ignore");
    let mut notes = Vec::new();
    for file in found.file.iter().chain([&ignored]) {
        let Some(path) = below(&analyzed.root, file) else { continue };
        let now = std::fs::read(Path::new(file)).ok();
        if now != base.git.file(&base.sha, &path)? {
            notes.push(format!("This change touches `{path}`, which decides what is reported."));
        }
    }
    Ok(notes)
}
