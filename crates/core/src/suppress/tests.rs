use super::*;
use crate::finding::{Confidence, Profile, Severity, Specialist};

static RULE_A: Rule = rule("rule-a");
static RULE_B: Rule = rule("rule-b");

const fn rule(id: &'static str) -> Rule {
    Rule {
        id,
        summary: "A fault",
        group: "test",
        severity: Severity::High,
        confidence: Confidence::High,
        profile: Profile::Core,
        cwe: &[],
        owasp: &[],
        specialist: Specialist::Security,
        since: "0.1.0",
        check: |_, _| {},
    }
}

fn file(text: &str) -> LoadedFile {
    LoadedFile {
        path: "a.yaml".into(),
        text: text.into(),
        language: None,
        module: None,
        is_test: false,
        problems: Vec::new(),
        skipped: false,
    }
}

/// Findings are (rule, first line, last line) with lines from 1; gives the reasons and the problems.
#[track_caller]
fn check(text: &str, findings: &[(&'static str, u32, u32)], expected: &[Option<&str>], problems: &[&str]) {
    let file = file(text);
    let lines = LineIndex::new(file.text.as_str());
    let config = Config::default();
    let mut suppressions = Suppressions::read(FileId(0), &file, &lines, &config, &[&RULE_A, &RULE_B]);
    let verdicts = suppressions.apply(findings);
    let verdicts: Vec<_> = verdicts.into_iter().map(|it| it.map(Option::unwrap_or_default)).collect();
    assert_eq!(verdicts, expected.iter().map(|it| it.map(str::to_string)).collect::<Vec<_>>());
    let said: Vec<_> = suppressions.problems(&config).into_iter().map(|it| it.message).collect();
    assert_eq!(said, problems);
}

#[test]
fn the_line_itself_and_the_line_above() {
    check("x // backend-specialist-ignore rule-a -- known\n", &[("rule-a", 1, 1)], &[Some("known")], &[]);
    check("# backend-specialist-ignore rule-a\nx\n", &[("rule-a", 2, 2)], &[Some("")], &[]);
    check("{/* backend-specialist-ignore rule-a -- b */}\nx\n", &[("rule-a", 2, 2)], &[Some("b")], &[]);
    check("x(\n y, // backend-specialist-ignore rule-a\n z)\n", &[("rule-a", 1, 3)], &[Some("")], &[]);
}

#[test]
fn two_comments_above_each_other() {
    let text = "# backend-specialist-ignore rule-a\n# backend-specialist-ignore rule-b\nx\n";
    check(text, &[("rule-a", 3, 3), ("rule-b", 3, 3)], &[Some(""), Some("")], &[]);
}

#[test]
fn a_comment_behind_code_spares_its_neighbor() {
    let text = "x # backend-specialist-ignore rule-a\ny\n";
    check(text, &[("rule-a", 1, 1), ("rule-a", 2, 2)], &[Some(""), None], &[]);
    check(text, &[("rule-a", 2, 2)], &[Some("")], &[]);
}

#[test]
fn the_whole_file() {
    let text = "x\ny\n// backend-specialist-ignore-file rule-a, rule-b -- old\n";
    check(text, &[("rule-a", 1, 1), ("rule-b", 2, 2)], &[Some("old"), Some("old")], &[]);
}

#[test]
fn refused_unknown_and_unused() {
    check(
        "# backend-specialist-ignore\nx\n",
        &[("rule-a", 2, 2)],
        &[None],
        &["a suppression must name its rules: `backend-specialist-ignore rule -- reason`"],
    );
    check(
        "# backend-specialist-ignore rule-aa\nx\n",
        &[("rule-a", 2, 2)],
        &[None],
        &["unknown rule `rule-aa` in a suppression; did you mean `rule-a`?"],
    );
    check(
        "# backend-specialist-ignore rule-b\nx\n",
        &[("rule-a", 2, 2)],
        &[None],
        &["unused suppression: `rule-b` finds nothing here"],
    );
}

#[test]
fn words_that_are_no_suppression() {
    check("s = 'backend-specialist-ignore rule-a'\n", &[("rule-a", 1, 1)], &[None], &[]);
    check("# backend-specialist-ignored rule-a\n", &[("rule-a", 1, 1)], &[None], &[]);
}
