use super::*;

use backend_specialist_core::finding::{Confidence, Profile, Severity, Specialist};
use backend_specialist_core::report::{Position, Range};

fn finding(fingerprint: &str, rule: &str) -> Finding {
    let at = Position { line: 3, column: 1, offset: 0 };
    Finding {
        rule: rule.into(),
        severity: Severity::High,
        confidence: Confidence::High,
        message: "m".into(),
        help: String::new(),
        specialist: Specialist::Security,
        file: "a.js".into(),
        range: Range { start: at, end: at },
        related: Vec::new(),
        flow: Vec::new(),
        fixes: Vec::new(),
        cwe: Vec::new(),
        owasp: Vec::new(),
        docs: None,
        fingerprint: fingerprint.into(),
        profile: Profile::Core,
    }
}

fn name() -> Namespace {
    Namespace::new("n")
}

fn candidate<'a>(finding: &'a Finding, anchor: Result<u32, Unanchored>) -> Candidate<'a> {
    let marker = name().finding(&finding.fingerprint);
    let body = Body { lead: format!("lead of {}", finding.fingerprint), rest: String::new(), marker };
    let anchor = anchor.map(|line| Anchor { path: finding.file.clone(), line, start: None });
    Candidate { finding, anchor, body }
}

fn existing(id: u64, fingerprint: &str) -> Existing {
    let body = format!("lead of {fingerprint}\n\n{}", name().finding(fingerprint));
    Existing { id, fingerprint: fingerprint.into(), body, ..Existing::default() }
}

fn planned(candidates: &[Candidate<'_>], existing: &[Existing], memory: &Memory) -> Plan {
    let (name, silenced) = (name(), BTreeMap::from([("5e".to_string(), "known".to_string())]));
    let rules = Rules { namespace: &name, head: "abc1234567", inline: true, comments_max: 3, silenced: &silenced };
    plan(candidates, existing, memory, rules)
}

fn new(plan: &Plan) -> Vec<&str> {
    plan.new.iter().map(|it| it.fingerprint.as_str()).collect()
}

#[test]
fn what_is_said_is_not_said_again() {
    let (a, b) = (finding("aa", "r"), finding("bb", "r"));
    let candidates = [candidate(&a, Ok(3)), candidate(&b, Ok(4))];
    let plan = planned(&candidates, &[existing(1, "aa")], &Memory::default());
    assert_eq!(new(&plan), ["bb"]);
    assert_eq!(plan.shown, [Shown::Inline, Shown::Posted]);
    assert!(plan.edits.is_empty() && plan.deletes.is_empty());
}

#[test]
fn a_fixed_finding_takes_its_comment_along_unless_somebody_answered() {
    let answered = Existing { has_replies: true, ..existing(2, "bb") };
    let silenced = Existing { has_replies: true, ..existing(3, "5e") };
    let plan = planned(&[], &[existing(1, "aa"), answered, silenced], &Memory::default());
    assert_eq!(plan.deletes, [1]);
    let told: Vec<_> = plan.edits.iter().map(|it| (it.id, it.body.lines().next().unwrap_or_default())).collect();
    assert_eq!(told, [(3, "**Suppressed in `abc1234`: known.**"), (2, "**Fixed in `abc1234`.**")]);
    assert!(plan.edits[1].body.ends_with("<!-- backend-specialist:v1 id=n fp=bb fixed -->"));
    assert!(plan.edits[1].body.contains("lead of bb"));
}

#[test]
fn a_finding_that_returns_gets_its_comment_back() {
    let finding = finding("aa", "r");
    let old = Existing { is_fixed: true, has_replies: true, is_outdated: true, ..existing(1, "aa") };
    let plan = planned(&[candidate(&finding, Ok(3))], &[old], &Memory::default());
    assert_eq!(plan.edits, [Edit { id: 1, body: format!("lead of aa\n\n{}", name().finding("aa")) }]);
    assert!(plan.new.is_empty());
}

#[test]
fn an_outdated_comment_is_replaced_but_not_one_that_was_answered() {
    let (a, b, c) = (finding("aa", "r"), finding("bb", "r"), finding("cc", "r"));
    let outdated = |id, fingerprint| Existing { is_outdated: true, ..existing(id, fingerprint) };
    let resolved = Existing { is_resolved: true, ..outdated(3, "cc") };
    let all = [outdated(1, "aa"), outdated(2, "bb"), resolved];
    let candidates = [candidate(&a, Ok(3)), candidate(&b, Err(Unanchored::Unchanged)), candidate(&c, Ok(5))];
    let plan = planned(&candidates, &all, &Memory::default());
    assert_eq!(new(&plan), ["aa"]);
    assert_eq!(plan.new[0].replaces, [1]);
    assert!(plan.deletes.is_empty(), "the old one goes only when the new one is there");
}

#[test]
fn doubles_go_and_the_oldest_stays() {
    let finding = finding("aa", "r");
    let answered = Existing { has_replies: true, ..existing(9, "aa") };
    let candidates = [candidate(&finding, Ok(3))];
    let plan = planned(&candidates, &[existing(1, "aa"), existing(4, "aa")], &Memory::default());
    assert_eq!(plan.deletes, [4]);
    let plan = planned(&candidates, &[existing(1, "aa"), answered], &Memory::default());
    assert_eq!(plan.deletes, [1], "the one with answers stays");
}

#[test]
fn nobody_is_contradicted_and_nothing_trickles_in() {
    let findings: Vec<Finding> = (0..5).map(|it| finding(&format!("a{it}"), &format!("r{it}"))).collect();
    let candidates: Vec<_> = findings.iter().map(|it| candidate(it, Ok(3))).collect();
    let first = planned(&candidates, &[], &Memory::default());
    assert_eq!(new(&first), ["a0", "a1", "a2"]);
    assert_eq!(first.shown[4], Shown::Listed(Listed::Capped));
    // Somebody deleted the first; the capped ones do not take its place.
    let second = planned(&candidates, &[existing(1, "a1"), existing(2, "a2")], &first.memory);
    assert!(second.new.is_empty());
    assert_eq!(second.shown[0], Shown::Listed(Listed::Unwanted));
    assert_eq!(second.memory, first.memory);
}

#[test]
fn one_comment_stands_for_many_of_a_rule() {
    let findings: Vec<Finding> = (0..6).map(|it| finding(&format!("a{it}"), "r")).collect();
    let candidates: Vec<_> = findings.iter().map(|it| candidate(it, Ok(3))).collect();
    let plan = planned(&candidates, &[], &Memory::default());
    assert_eq!(new(&plan), ["a0"]);
    assert!(plan.new[0].body.contains("5 more findings of this rule"));
    assert_eq!(plan.shown[5], Shown::Listed(Listed::Grouped));
    // Five do not share.
    let plan = planned(&candidates[..5], &[], &Memory::default());
    assert_eq!(new(&plan), ["a0", "a1", "a2"]);
}

#[test]
fn what_could_not_be_posted_is_tried_again() {
    let finding = finding("aa", "r");
    let candidates = [candidate(&finding, Ok(3))];
    let mut plan = planned(&candidates, &[], &Memory::default());
    plan.settle(&candidates, "aa", Listed::Failed("no answer".into()));
    let again = planned(&candidates, &[], &plan.memory);
    assert_eq!(new(&again), ["aa"]);
}
