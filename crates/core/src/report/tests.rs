//! Each format against a small report made by hand, and the assembly of one from findings.

use serde_json::Value;

use super::frame::harmless;
use super::*;
use crate::baseline::{Baseline, keep_introduced};
use crate::config::{Config, TestTreatment};
use crate::finding::{self, Profile};
use crate::load::{Loaded, load};
use crate::project::{Project, SourceFile};
use crate::rules::Rule;
use crate::{FileId, Place};
use backend_specialist_syntax::ir::Span;

static SQL: Rule = Rule {
    id: "sql-injection",
    summary: "Untrusted data becomes part of a SQL statement",
    group: "injection",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[89],
    owasp: &["2021-A03"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check: |_, _| {},
};

static LOOP: Rule = Rule {
    id: "n-plus-one",
    summary: "A query for each row",
    group: "data",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[],
    owasp: &[],
    specialist: Specialist::Performance,
    since: "0.1.0",
    check: |_, _| {},
};

static RULES: [&Rule; 2] = [&LOOP, &SQL];

const SOURCE: &str = "const id = req.query.id;\nconst q = `😀 ${id}`;\ndb.query(q);\n";

fn project(files: &[(&str, &str)]) -> Project {
    Project::new(files.iter().map(|it| SourceFile { path: it.0.into(), bytes: it.1.into() }).collect())
}

fn loaded(files: &[(&str, &str)]) -> Loaded {
    load(&project(files), &Config::default())
}

/// The first place of the words in a file's text.
fn place(loaded: &Loaded, file: u32, words: &str) -> Place {
    let start = loaded.files[file as usize].text.find(words).expect("the words are in the text") as u32;
    Place { file: FileId(file), span: Span::new(start, start + words.len() as u32) }
}

fn flow(loaded: &Loaded, file: u32, steps: &[(StepKind, &str)]) -> Vec<finding::FlowStep> {
    steps.iter().map(|&(kind, words)| finding::FlowStep { kind, place: place(loaded, file, words) }).collect()
}

fn sql_finding(loaded: &Loaded, file: u32) -> finding::Finding {
    let mut made = finding::Finding::new(&SQL, place(loaded, file, "q)"), "`req.query.id` reaches `db.query`")
        .help("bind it as a parameter");
    made.place.span.end -= 1;
    made.flow = flow(loaded, file, &[(StepKind::Source, "req.query.id"), (StepKind::Propagate, "`😀 ${id}`")]);
    made.flow.push(finding::FlowStep { kind: StepKind::Sink, place: made.place });
    made
}

fn report(files: &[(&str, &str)], config: &Config, make: impl Fn(&Loaded) -> Vec<finding::Finding>) -> Report {
    let loaded = loaded(files);
    let outcome = Outcome { findings: make(&loaded), ..Outcome::default() };
    assemble(&loaded, outcome, config, &RULES)
}

fn sample() -> Report {
    report(&[("src/app.js", SOURCE)], &Config::default(), |loaded| vec![sql_finding(loaded, 0)])
}

fn printed(report: &Report) -> String {
    let name = |file: &str| file.to_string();
    let source = |_: &str| Some(SOURCE.to_string());
    text::text(report, &text::TextOptions { color: false, name: &name, source: &source })
}

#[test]
fn text_shows_the_place_the_flow_and_what_to_do() {
    let expected = "\
critical[sql-injection]: `req.query.id` reaches `db.query`
 --> src/app.js:3:10
  |
3 | db.query(q);
  |          ^
 --> src/app.js:1:12
1 | const id = req.query.id;
  |            ------------ source
 --> src/app.js:2:11
2 | const q = `😀 ${id}`;
  |           ---------- step
  = help: bind it as a parameter
  = docs: https://github.com/backend-specialist/backend-specialist/blob/v0.1.0/docs/rules/sql-injection.md

";
    assert_eq!(printed(&sample()), expected);
}

#[test]
fn concise_is_one_line_a_finding() {
    let out = concise::concise(&sample(), &|file| format!("../{file}"));
    assert_eq!(out, "../src/app.js:3:10: critical sql-injection `req.query.id` reaches `db.query`\n");
    assert_eq!(harmless("a\u{1b}[2J\nb"), "a [2J b");
}

#[test]
fn json_has_the_documented_keys_in_order() {
    let text = json::json(&sample());
    assert!(
        text.starts_with("{\n  \"schemaVersion\": 1,\n  \"findings\": [\n    {\n      \"rule\": \"sql-injection\",\n")
    );
    assert!(text.ends_with("    \"fixable\": 0\n  }\n}\n"));
    let value: Value = serde_json::from_str(&text).expect("our JSON can be read");
    let finding = &value["findings"][0];
    let keys: Vec<&str> = finding.as_object().expect("a finding is an object").keys().map(String::as_str).collect();
    let expected = [
        "rule",
        "severity",
        "confidence",
        "message",
        "help",
        "specialist",
        "file",
        "range",
        "related",
        "flow",
        "fixes",
        "cwe",
        "owasp",
        "docs",
        "fingerprint",
    ];
    assert_eq!(keys, expected);
    // Line 2 holds an emoji: two code units, four bytes.
    let start = serde_json::json!({ "line": 3, "column": 10, "offset": 56 });
    assert_eq!(finding["range"]["start"], start);
    assert_eq!(finding["flow"][1]["text"], "`😀 ${id}`");
    let again: Report = serde_json::from_str(&text).expect("a report reads its own JSON");
    assert_eq!(json::json(&again), text);
}

#[test]
fn jsonl_is_one_object_a_line() {
    let lines: Vec<String> = json::jsonl(&sample()).lines().map(str::to_string).collect();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("{\"rule\":\"sql-injection\",\"severity\":\"critical\","));
}

#[test]
fn sarif_names_the_weakness_and_the_flow() {
    let value: Value = serde_json::from_str(&sarif::sarif(&sample(), &RULES)).expect("SARIF is JSON");
    let run = &value["runs"][0];
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "sql-injection");
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    let tags = serde_json::json!(["security", "database", "external/cwe/cwe-89", "owasp/2021-A03"]);
    assert_eq!(rule["properties"]["tags"], tags);
    assert_eq!(rule["relationships"][0]["target"]["id"], "89");
    assert_eq!(run["taxonomies"][0]["taxa"][0]["id"], "89");
    let result = &run["results"][0];
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/app.js");
    assert_eq!(place["region"]["startLine"], 3);
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps[0]["location"]["message"]["text"], "req.query.id");
    assert_eq!(steps[2]["location"]["physicalLocation"]["region"]["startColumn"], 10);
    assert_eq!(result["partialFingerprints"]["backendSpecialist/v1"], sample().findings[0].fingerprint);
}

#[test]
fn a_quality_rule_is_no_security_alert() {
    let quality = report(&[("a.js", SOURCE)], &Config::default(), |loaded| {
        vec![finding::Finding::new(&LOOP, place(loaded, 0, "db"), "a query for each row")]
    });
    let value: Value = serde_json::from_str(&sarif::sarif(&quality, &RULES)).expect("SARIF is JSON");
    let rule = &value["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"].get("security-severity"), None);
    assert_eq!(rule["properties"]["tags"], serde_json::json!(["performance"]));
}

#[test]
fn github_escapes_what_would_end_the_command() {
    let mut report = sample();
    report.findings[0].message = "100%\n::error::x".into();
    report.findings[0].file = "a,b:c.js".into();
    let expected = "::error file=a%2Cb%3Ac.js,line=3,endLine=3,col=10,endColumn=11,title=sql-injection::\
                    100%25%0A::error::x%0Abind it as a parameter\n";
    assert_eq!(github::github(&report), expected);
}

#[test]
fn github_shows_the_worst_ten() {
    let mut report = sample();
    let first = report.findings[0].clone();
    for line in 0..12 {
        let mut low = first.clone();
        low.severity = Severity::Low;
        low.range.start.line = line;
        report.findings.insert(0, low);
    }
    let out = github::github_first(&report);
    assert_eq!(out.lines().filter(|it| it.starts_with("::notice")).count(), github::ANNOTATIONS_MAX);
    assert!(out.starts_with("::error"), "the error was pushed out: {out}");
}

#[test]
fn gitlab_has_its_own_severities() {
    let value: Value = serde_json::from_str(&gitlab::gitlab(&sample())).expect("the report is JSON");
    assert_eq!(value[0]["severity"], "blocker");
    assert_eq!(value[0]["check_name"], "sql-injection");
    assert_eq!(value[0]["location"], serde_json::json!({ "path": "src/app.js", "lines": { "begin": 3, "end": 3 } }));
}

#[test]
fn junit_is_well_formed() {
    let mut report = sample();
    report.findings[0].message = "a < b & \"c\" \u{1}".into();
    let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"backend-specialist\" tests=\"1\" failures=\"1\">
  <testsuite name=\"src/app.js\" tests=\"1\" failures=\"1\">
    <testcase name=\"sql-injection src/app.js:3:10\" classname=\"sql-injection\" file=\"src/app.js\" line=\"3\">
      <failure type=\"critical\" message=\"a &lt; b &amp; &quot;c&quot; \">src/app.js:3:10: bind it as a parameter</failure>
    </testcase>
  </testsuite>
</testsuites>
";
    assert_eq!(junit::junit(&report), expected);
    report.findings.clear();
    assert!(junit::junit(&report).contains("<testcase name=\"no findings\""));
}

#[test]
fn markdown_cannot_be_steered_by_names() {
    let mut report = sample();
    report.findings[0].message = "`a` <img src=x> @team".into();
    report.findings[0].flow.truncate(1);
    report.findings[0].docs = None;
    let expected = "\
# backend-specialist

1 finding in 1 file; rules: 2, routes: 0.

## Critical (1)

- `sql-injection` at `src/app.js:3`: `a` \\<img src=x\\> \\@team
  - Help: bind it as a parameter
";
    assert_eq!(markdown::markdown(&report), expected);
}

#[test]
fn one_defect_is_one_finding() {
    let merged = report(&[("a.js", SOURCE)], &Config::default(), |loaded| {
        let mut other = sql_finding(loaded, 0);
        other.flow.remove(0);
        other.flow.insert(0, flow(loaded, 0, &[(StepKind::Source, "const id")])[0]);
        other.flow.push(other.flow[2]);
        vec![other, sql_finding(loaded, 0), sql_finding(loaded, 0)]
    });
    assert_eq!(merged.findings.len(), 1);
    let finding = &merged.findings[0];
    assert_eq!(finding.flow[0].text, "req.query.id");
    let related: Vec<_> = finding.related.iter().map(|it| (it.range.start.column, it.message.as_str())).collect();
    assert_eq!(related, [(1, "also comes from here")]);
}

#[test]
fn equal_findings_are_told_apart_by_their_order() {
    let two = "f(x);\nf(x);\n";
    let made = |text: &str| {
        let report = report(&[("a.js", text)], &Config::default(), |loaded| {
            let text = &loaded.files[0].text;
            let at = text.match_indices("f(x)").map(|(at, _)| at as u32);
            let span = |at| Place { file: FileId(0), span: Span::new(at, at + 4) };
            at.map(|at| finding::Finding::new(&SQL, span(at), "m")).collect()
        });
        report.findings.into_iter().map(|it| it.fingerprint).collect::<Vec<_>>()
    };
    let before = made(two);
    assert_ne!(before[0], before[1]);
    assert_eq!(made(&format!("\n\n// moved\n{two}")), before);
}

#[track_caller]
fn check_severity(path: &str, rule: &'static Rule, tests: TestTreatment, expected: Option<Severity>) {
    let config = Config { tests, ..Config::default() };
    let report =
        report(&[(path, SOURCE)], &config, |loaded| vec![finding::Finding::new(rule, place(loaded, 0, "db"), "m")]);
    assert_eq!(report.findings.first().map(|it| it.severity), expected);
}

#[test]
fn code_that_tests_counts_less() {
    check_severity("src/a.js", &SQL, TestTreatment::Lower, Some(Severity::Critical));
    check_severity("src/a.test.js", &SQL, TestTreatment::Lower, Some(Severity::High));
    check_severity("src/a.test.js", &LOOP, TestTreatment::Lower, None);
    check_severity("src/a.test.js", &LOOP, TestTreatment::Same, Some(Severity::Medium));
    check_severity("src/a.test.js", &SQL, TestTreatment::Skip, None);
}

#[test]
fn settings_decide_what_is_shown() {
    let shown = |config: Config| {
        let report = report(&[("a.js", SOURCE), ("b/c.js", SOURCE)], &config, |loaded| {
            vec![
                sql_finding(loaded, 1),
                sql_finding(loaded, 0),
                finding::Finding::new(&LOOP, place(loaded, 0, "db"), "m"),
            ]
        });
        report.findings.iter().map(|it| format!("{} {}", it.file, it.rule)).collect::<Vec<_>>()
    };
    let sql = ["a.js sql-injection", "b/c.js sql-injection"];
    assert_eq!(shown(Config::default()), ["a.js n-plus-one", sql[0], sql[1]]);
    assert_eq!(shown(Config { min_severity: Severity::High, ..Config::default() }), sql);
    assert_eq!(shown(Config { min_confidence: Confidence::High, ..Config::default() }), sql);
    assert_eq!(shown(Config { ignore: vec!["data".into()], ..Config::default() }), sql);
    assert_eq!(shown(Config { select: vec!["n-plus-one".into()], ..Config::default() }), ["a.js n-plus-one"]);
    assert_eq!(shown(Config { scope: vec!["b".into()], ..Config::default() }), [sql[1]]);
    let files = vec!["b/**".to_string()];
    let quiet = crate::config::Override { files, ignore: vec!["all".into()], ..Default::default() };
    assert_eq!(shown(Config { overrides: vec![quiet], ..Config::default() }), ["a.js n-plus-one", sql[0]]);
}

#[test]
fn a_comment_moves_a_finding_to_the_suppressed() {
    let source = SOURCE.replace("db.query", "// backend-specialist-ignore sql-injection -- read only\ndb.query");
    let report = report(&[("a.js", &source)], &Config::default(), |loaded| vec![sql_finding(loaded, 0)]);
    assert_eq!(report.findings, []);
    assert_eq!(report.suppressed[0].reason.as_deref(), Some("read only"));
    assert_eq!(report.problems, []);
    let value: Value = serde_json::from_str(&sarif::sarif(&report, &RULES)).expect("SARIF is JSON");
    let expected = serde_json::json!([{ "kind": "inSource", "justification": "read only" }]);
    assert_eq!(value["runs"][0]["results"][0]["suppressions"], expected);
}

#[test]
fn a_baseline_hides_what_it_knows() {
    let mut report = sample();
    let known = Baseline::new(&report);
    assert!(known.stale(&report).is_empty());
    known.apply(&mut report);
    assert_eq!(report.findings, []);
    assert_eq!(report.suppressed[0].by, SuppressedBy::Baseline);
    assert_eq!(report.stats.by_severity.critical, 0);

    let mended = Report::default();
    let stale: Vec<_> = known.stale(&mended).iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(stale, ["sql-injection"]);
    assert_eq!(known.pruned(&mended).findings, []);
}

#[test]
fn a_change_introduces_what_was_not_there() {
    let old = "f(x);\n";
    let findings = |text: &str| {
        report(&[("a.js", text)], &Config::default(), |loaded| {
            let text = &loaded.files[0].text;
            let at = text.match_indices("f(x)").map(|(at, _)| at as u32);
            let place = |at| Place { file: FileId(0), span: Span::new(at, at + 4) };
            at.map(|at| finding::Finding::new(&SQL, place(at), "m")).collect()
        })
    };
    let mut moved = findings(&format!("\n\n{old}"));
    keep_introduced(&mut moved, &findings(old));
    assert_eq!(moved.findings, []);
    let mut doubled = findings(&format!("{old}{old}"));
    keep_introduced(&mut doubled, &findings(old));
    let lines: Vec<u32> = doubled.findings.iter().map(|it| it.range.start.line).collect();
    assert_eq!(lines, [2]);
}
