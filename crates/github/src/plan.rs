//! From what was found and what is already said to what has to be written. Nothing is sent here.

use std::collections::BTreeMap;

use backend_specialist_core::report::Finding;

use crate::body::{Body, gone, short};
use crate::diff::{Anchor, Unanchored};
use crate::marker::{Memory, Namespace, REMEMBERED_MAX, Settled};

/// More new findings of one rule share a comment.
const RULE_MAX: usize = 5;

/// One of our inline comments as GitHub lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    pub id: u64,
    pub fingerprint: String,
    pub is_fixed: bool,
    pub body: String,
    /// GitHub no longer shows it at a line.
    pub is_outdated: bool,
    pub has_replies: bool,
    pub is_resolved: bool,
}

/// A finding, and where and what would be said of it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    pub finding: &'a Finding,
    pub anchor: Result<Anchor, Unanchored>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub fingerprint: String,
    pub anchor: Anchor,
    pub body: String,
    /// The outdated comment that it stands for.
    pub replaces: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub id: u64,
    pub body: String,
}

/// How a finding can be seen, beside the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Inline,
    /// In the plan's `new`.
    Posted,
    Listed(Listed),
}

/// Why a finding has no comment of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    Unanchored(Unanchored),
    Grouped,
    Capped,
    Refused,
    /// Somebody deleted it.
    Unwanted,
    Failed(String),
    /// Only a summary was asked for.
    Off,
}

impl Listed {
    pub fn reason(&self) -> String {
        match self {
            Listed::Unanchored(it) => it.reason().to_string(),
            Listed::Grouped => "one comment stands for all of its rule".to_string(),
            Listed::Capped => "there are more important ones".to_string(),
            Listed::Refused => "GitHub does not take a comment there".to_string(),
            Listed::Unwanted => "somebody deleted its comment".to_string(),
            Listed::Failed(why) => why.clone(),
            Listed::Off => "only a summary is wanted".to_string(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub new: Vec<New>,
    pub edits: Vec<Edit>,
    pub deletes: Vec<u64>,
    /// One for each candidate.
    pub shown: Vec<Shown>,
    pub memory: Memory,
}

/// What does not change while a plan is made.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub namespace: &'a Namespace,
    pub head: &'a str,
    pub inline: bool,
    pub comments_max: usize,
    /// Fingerprints that a comment or the baseline silences, with the reason.
    pub silenced: &'a BTreeMap<String, String>,
}

/// Candidates come in the order in which they matter.
pub fn plan(candidates: &[Candidate<'_>], existing: &[Existing], memory: &Memory, rules: Rules<'_>) -> Plan {
    let mut by_fingerprint: BTreeMap<&str, Vec<&Existing>> = BTreeMap::new();
    for it in existing {
        by_fingerprint.entry(&it.fingerprint).or_default().push(it);
    }
    let mut plan = Plan::default();
    let mut wanted = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let fingerprint = candidate.finding.fingerprint.as_str();
        let known = by_fingerprint.remove(fingerprint).unwrap_or_default();
        let said = memory.get(fingerprint);
        let fate = fate(candidate, &known, said, rules.inline && at < REMEMBERED_MAX);
        keep(&mut plan, candidate, &known, &fate);
        plan.shown.push(match fate {
            Fate::Kept(_) => Shown::Inline,
            Fate::Listed(listed) => Shown::Listed(listed),
            Fate::Wanted => {
                wanted.push((at, known.iter().map(|it| it.id).collect::<Vec<_>>()));
                Shown::Posted
            }
        });
    }
    choose(&mut plan, candidates, wanted, rules.comments_max);
    for (fingerprint, known) in by_fingerprint {
        for it in known {
            leave(&mut plan, it, fingerprint, rules);
        }
    }
    remember(&mut plan, candidates, memory);
    plan
}

enum Fate<'a> {
    Kept(&'a Existing),
    Wanted,
    Listed(Listed),
}

fn fate<'a>(candidate: &Candidate<'_>, known: &[&'a Existing], said: Option<Settled>, inline: bool) -> Fate<'a> {
    let kept = |is: &dyn Fn(&Existing) -> bool| known.iter().copied().find(|it| is(it)).map(Fate::Kept);
    // What somebody answered or resolved is theirs: it is neither moved nor said again.
    let best = kept(&|it| !it.is_outdated && it.has_replies)
        .or_else(|| kept(&|it| !it.is_outdated))
        .or_else(|| kept(&|it| it.has_replies || it.is_resolved));
    if let Some(best) = best {
        return best;
    }
    if let Some(outdated) = known.first() {
        return if inline && candidate.anchor.is_ok() { Fate::Wanted } else { Fate::Kept(outdated) };
    }
    let listed = match said {
        _ if !inline => Listed::Off,
        Some(Settled::Inline) => Listed::Unwanted,
        Some(Settled::Grouped) => Listed::Grouped,
        Some(Settled::Capped) => Listed::Capped,
        Some(Settled::Refused) => Listed::Refused,
        None => match candidate.anchor {
            Ok(_) => return Fate::Wanted,
            Err(why) => Listed::Unanchored(why),
        },
    };
    Fate::Listed(listed)
}

/// One comment stays for each finding: it is brought up to date, others of the same finding go.
fn keep(plan: &mut Plan, candidate: &Candidate<'_>, known: &[&Existing], fate: &Fate<'_>) {
    let Fate::Kept(kept) = fate else { return };
    if kept.is_fixed || !candidate.body.is_said_by(&kept.body) {
        plan.edits.push(Edit { id: kept.id, body: candidate.body.text() });
    }
    plan.deletes.extend(known.iter().filter(|it| it.id != kept.id && !it.has_replies).map(|it| it.id));
}

/// Which of the wanted comments are posted: one for many of a rule, and not more than asked for.
fn choose(plan: &mut Plan, candidates: &[Candidate<'_>], wanted: Vec<(usize, Vec<u64>)>, comments_max: usize) {
    let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, replaces) in &wanted {
        *of_rule.entry(&candidates[*at].finding.rule).or_default() += usize::from(replaces.is_empty());
    }
    let mut stands_for_all: BTreeMap<&str, bool> = BTreeMap::new();
    for (at, replaces) in wanted {
        let candidate = &candidates[at];
        let rule = candidate.finding.rule.as_str();
        let others = of_rule[rule].saturating_sub(1);
        let is_new = replaces.is_empty();
        let is_many = is_new && others >= RULE_MAX;
        if is_many && stands_for_all.contains_key(rule) {
            plan.shown[at] = Shown::Listed(Listed::Grouped);
            continue;
        }
        if plan.new.len() >= comments_max {
            // The outdated comment stays where it is.
            plan.shown[at] = if is_new { Shown::Listed(Listed::Capped) } else { Shown::Inline };
            continue;
        }
        let Ok(anchor) = candidate.anchor.clone() else { continue };
        let mut body = candidate.body.clone();
        if is_many {
            stands_for_all.insert(rule, true);
            let more = format!("{others} more findings of this rule stand in the summary.");
            body.rest = if body.rest.is_empty() { more } else { format!("{more}\n\n{}", body.rest) };
        }
        let fingerprint = candidate.finding.fingerprint.clone();
        plan.new.push(New { fingerprint, anchor, body: body.text(), replaces });
    }
}

/// The finding is gone: so is its comment, unless somebody answered.
fn leave(plan: &mut Plan, comment: &Existing, fingerprint: &str, rules: Rules<'_>) {
    if !comment.has_replies {
        plan.deletes.push(comment.id);
    } else if !comment.is_fixed {
        let head = short(rules.head);
        let why = match rules.silenced.get(fingerprint) {
            Some(reason) if reason.is_empty() => format!("Suppressed in `{head}`"),
            Some(reason) => format!("Suppressed in `{head}`: {}", crate::markup::sentence(reason)),
            None => format!("Fixed in `{head}`"),
        };
        let marker = rules.namespace.fixed(fingerprint);
        plan.edits.push(Edit { id: comment.id, body: gone(&comment.body, &why, &marker) });
    }
}

/// Only of findings that are still there: one that returns is said again.
fn remember(plan: &mut Plan, candidates: &[Candidate<'_>], before: &Memory) {
    for (candidate, shown) in candidates.iter().zip(&plan.shown) {
        let fingerprint = &candidate.finding.fingerprint;
        let settled = match shown {
            Shown::Inline | Shown::Posted | Shown::Listed(Listed::Unwanted) => Some(Settled::Inline),
            Shown::Listed(Listed::Grouped) => Some(Settled::Grouped),
            Shown::Listed(Listed::Capped) => Some(Settled::Capped),
            Shown::Listed(Listed::Refused) => Some(Settled::Refused),
            Shown::Listed(Listed::Off) => before.get(fingerprint),
            Shown::Listed(Listed::Unanchored(_) | Listed::Failed(_)) => None,
        };
        if let Some(settled) = settled {
            plan.memory.set(fingerprint, settled);
        }
    }
}

impl Plan {
    /// What became of a comment that was to be posted.
    pub fn settle(&mut self, candidates: &[Candidate<'_>], fingerprint: &str, listed: Listed) {
        let Some(at) = candidates.iter().position(|it| it.finding.fingerprint == fingerprint) else { return };
        self.shown[at] = Shown::Listed(listed);
        let before = std::mem::take(&mut self.memory);
        remember(self, candidates, &before);
    }
}

#[cfg(test)]
mod tests;
