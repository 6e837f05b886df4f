//! The example backends are judged as their marks say: each fault where it is marked, and nothing else.

use std::collections::BTreeSet;

use backend_specialist_core::analyze;
use backend_specialist_core::config::Config;
use backend_specialist_core::finding::Severity;
use backend_specialist_core::rules::RULES;
use backend_specialist_xtask::projects::{Files, apps, project};
use backend_specialist_xtask::root;

/// Faults that are marked and that no rule speaks of yet. Whoever adds the rule deletes its name here.
const WITHOUT_RULE: &[&str] =
    &["blocking-call-in-async", "body-limit-missing", "n-plus-one", "page-size-uncapped", "unbounded-query"];

/// File, line and rule.
type Place = (String, usize, String);

fn is_rule(name: &str) -> bool {
    RULES.iter().any(|it| it.id == name)
}

/// `// expect: a, b` and `# expect: a, b`, at the end of the line that they are about.
fn marks(files: &Files) -> BTreeSet<Place> {
    let mut all = BTreeSet::new();
    for (path, text) in files {
        for (index, line) in text.lines().enumerate() {
            let Some((_, names)) = line.split_once("// expect: ").or_else(|| line.split_once("# expect: ")) else {
                continue;
            };
            all.extend(names.split(',').map(|it| (path.clone(), index + 1, it.trim().to_owned())));
        }
    }
    all
}

fn found(files: &Files) -> BTreeSet<Place> {
    let report = analyze(&project(files), &Config::default());
    let findings = report.findings.into_iter().filter(|it| it.severity >= Severity::Medium);
    findings.map(|it| (it.file.to_string(), it.range.start.line as usize, it.rule.to_string())).collect()
}

#[track_caller]
fn check(name: &str) {
    let apps = apps(&root()).expect("apps can be read");
    let (_, files) = apps.into_iter().find(|it| it.0 == name).expect("the app is there");
    let (wanted, found) = (marks(&files), found(&files));
    let without_rule = |it: &&Place| !is_rule(&it.2);
    for (file, line, rule) in wanted.iter().filter(without_rule) {
        assert!(WITHOUT_RULE.contains(&rule.as_str()), "{name}/{file}:{line}: there is no rule `{rule}`");
    }
    let missed = wanted.difference(&found).filter(|it| is_rule(&it.2)).map(|it| format!("not found: {it:?}"));
    let more = found.difference(&wanted).map(|it| format!("not marked: {it:?}"));
    let differences: Vec<String> = missed.chain(more).collect();
    assert!(differences.is_empty(), "{name}\n{}", differences.join("\n"));
}

#[test]
fn rules_that_are_said_to_be_absent_are() {
    let there: Vec<&&str> = WITHOUT_RULE.iter().filter(|it| is_rule(it)).collect();
    assert!(there.is_empty(), "there are rules now: delete {there:?}");
}

#[test]
fn express_shop_is_judged_as_marked() {
    check("express-shop");
}

#[test]
fn express_shop_sound_is_sound() {
    check("express-shop-sound");
}

#[test]
fn fastapi_notes_is_judged_as_marked() {
    check("fastapi-notes");
}

#[test]
fn fastapi_notes_sound_is_sound() {
    check("fastapi-notes-sound");
}
