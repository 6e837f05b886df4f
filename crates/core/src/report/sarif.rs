//! SARIF 2.1.0, as code scanning reads it.

use serde_json::{Map, Value, json};

use super::{Finding, Fix, Problem, Range, Report, Suppressed, SuppressedBy, json::pretty};
use crate::finding::{Confidence, ProblemKind, Severity};
use crate::rules::Rule;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Paths are relative to the project's root, whatever that is on the reader's machine.
const ROOT: &str = "%SRCROOT%";

pub fn sarif(report: &Report, rules: &[&'static Rule]) -> String {
    let used = used_rules(report, rules);
    let findings = report.findings.iter().map(|it| result(it, &used));
    let suppressed = report.suppressed.iter().map(|it| suppressed_result(it, &used));
    let results: Vec<Value> = findings.chain(suppressed).collect();
    let notifications: Vec<Value> = report.problems.iter().map(notification).collect();
    let run = json!({
        "tool": { "driver": {
            "name": "backend-specialist",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": used.iter().map(|it| rule_object(it, report)).collect::<Vec<_>>(),
            "supportedTaxonomies": [{ "name": "CWE" }],
        } },
        "columnKind": "utf16CodeUnits",
        "invocations": [{
            "executionSuccessful": !report.problems.iter().any(|it| it.kind == ProblemKind::Internal),
            "toolExecutionNotifications": notifications,
        }],
        "taxonomies": [taxonomy(&used)],
        "results": results,
    });
    pretty(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

fn all_findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().chain(report.suppressed.iter().map(|it| &it.finding))
}

/// The rules with a result, by id.
fn used_rules(report: &Report, rules: &[&'static Rule]) -> Vec<&'static Rule> {
    let mut used: Vec<_> =
        rules.iter().copied().filter(|rule| all_findings(report).any(|it| it.rule == rule.id)).collect();
    used.sort_by_key(|it| it.id);
    used
}

fn rule_object(rule: &Rule, report: &Report) -> Value {
    let docs = all_findings(report).find(|it| it.rule == rule.id).and_then(|it| it.docs.clone());
    let help = match &docs {
        Some(docs) => format!("{}. See {docs}", rule.summary),
        None => format!("{}. See `backend-specialist explain {}`", rule.summary, rule.id),
    };
    let mut object = Map::new();
    object.insert("id".into(), rule.id.into());
    object.insert("name".into(), pascal_case(rule.id).into());
    object.insert("shortDescription".into(), json!({ "text": rule.summary }));
    object.insert("fullDescription".into(), json!({ "text": format!("{}.", rule.summary) }));
    object.insert("help".into(), json!({ "text": help, "markdown": help }));
    if let Some(docs) = docs {
        object.insert("helpUri".into(), docs.into());
    }
    object.insert("defaultConfiguration".into(), json!({ "level": level(rule.severity) }));
    let related = rule.cwe.iter().map(
        |cwe| json!({ "target": { "id": cwe.to_string(), "toolComponent": { "name": "CWE" } }, "kinds": ["superset"] }),
    );
    object.insert("relationships".into(), related.collect());
    object.insert("properties".into(), rule_properties(rule));
    Value::Object(object)
}

fn rule_properties(rule: &Rule) -> Value {
    let mut tags: Vec<String> = Vec::new();
    if !rule.owasp.is_empty() {
        tags.push("security".into());
    }
    tags.push(rule.specialist.as_str().into());
    tags.dedup();
    tags.extend(rule.cwe.iter().map(|it| format!("external/cwe/cwe-{it}")));
    tags.extend(rule.owasp.iter().map(|it| format!("owasp/{it}")));
    let mut properties = Map::new();
    properties.insert("tags".into(), tags.into());
    properties.insert("precision".into(), precision(rule.confidence).into());
    properties.insert("problem.severity".into(), problem_severity(rule.severity).into());
    if let Some(score) = security_severity(rule) {
        properties.insert("security-severity".into(), score.into());
    }
    properties.insert("profile".into(), rule.profile.as_str().into());
    Value::Object(properties)
}

/// Only rules with an OWASP category are security alerts.
fn security_severity(rule: &Rule) -> Option<&'static str> {
    if rule.owasp.is_empty() {
        return None;
    }
    match rule.severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("3.0"),
        Severity::Info => None,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn taxonomy(used: &[&Rule]) -> Value {
    let mut numbers: Vec<u32> = used.iter().flat_map(|it| it.cwe.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let taxa: Vec<Value> = numbers
        .iter()
        .map(|it| json!({ "id": it.to_string(), "helpUri": format!("https://cwe.mitre.org/data/definitions/{it}.html") }))
        .collect();
    json!({
        "name": "CWE",
        "organization": "MITRE",
        "shortDescription": { "text": "The MITRE Common Weakness Enumeration" },
        "taxa": taxa,
    })
}

fn result(finding: &Finding, used: &[&Rule]) -> Value {
    let mut object = Map::new();
    object.insert("ruleId".into(), finding.rule.as_str().into());
    if let Some(index) = used.iter().position(|it| it.id == finding.rule) {
        object.insert("ruleIndex".into(), index.into());
    }
    object.insert("level".into(), level(finding.severity).into());
    object.insert("message".into(), json!({ "text": message(finding) }));
    object.insert("locations".into(), json!([location(&finding.file, finding.range, None)]));
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(index, it)| {
            let mut place = location(&it.file, it.range, Some(&it.message));
            place["id"] = index.into();
            place
        });
        object.insert("relatedLocations".into(), related.collect());
    }
    if !finding.flow.is_empty() {
        object.insert("codeFlows".into(), code_flows(finding));
    }
    if !finding.fixes.is_empty() {
        object.insert("fixes".into(), finding.fixes.iter().map(fix_object).collect());
    }
    object.insert("partialFingerprints".into(), json!({ "backendSpecialist/v1": finding.fingerprint }));
    let properties = json!({
        "severity": finding.severity.as_str(),
        "confidence": finding.confidence.as_str(),
        "specialist": finding.specialist.as_str(),
    });
    object.insert("properties".into(), properties);
    Value::Object(object)
}

fn message(finding: &Finding) -> String {
    if finding.help.is_empty() { finding.message.clone() } else { format!("{}. {}", finding.message, finding.help) }
}

fn suppressed_result(suppressed: &Suppressed, used: &[&Rule]) -> Value {
    let mut object = result(&suppressed.finding, used);
    let kind = match suppressed.by {
        SuppressedBy::Comment => "inSource",
        SuppressedBy::Baseline => "external",
    };
    object["suppressions"] = match &suppressed.reason {
        Some(reason) => json!([{ "kind": kind, "justification": reason }]),
        None => json!([{ "kind": kind }]),
    };
    object
}

fn code_flows(finding: &Finding) -> Value {
    let steps: Vec<Value> =
        finding.flow.iter().map(|it| json!({ "location": location(&it.file, it.range, Some(&it.text)) })).collect();
    json!([{ "threadFlows": [{ "locations": steps }] }])
}

/// One change per file, its edits in order.
fn fix_object(fix: &Fix) -> Value {
    let mut files: Vec<&str> = fix.edits.iter().map(|it| it.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let changes: Vec<Value> = files
        .iter()
        .map(|file| {
            let edits = fix.edits.iter().filter(|it| it.file == *file);
            let replacements: Vec<Value> = edits
                .map(|it| json!({ "deletedRegion": region(it.range), "insertedContent": { "text": it.text } }))
                .collect();
            json!({ "artifactLocation": artifact(file), "replacements": replacements })
        })
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn notification(problem: &Problem) -> Value {
    let level = if problem.kind.is_incomplete() { "warning" } else { "note" };
    let place = match problem.range {
        Some(range) => location(&problem.file, range, None),
        None => json!({ "physicalLocation": { "artifactLocation": artifact(&problem.file) } }),
    };
    json!({
        "descriptor": { "id": problem.kind.as_str() },
        "level": level,
        "message": { "text": problem.message },
        "locations": [place],
    })
}

fn location(file: &str, range: Range, message: Option<&str>) -> Value {
    let physical = json!({ "artifactLocation": artifact(file), "region": region(range) });
    match message {
        Some(text) => json!({ "physicalLocation": physical, "message": { "text": text } }),
        None => json!({ "physicalLocation": physical }),
    }
}

fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
        "charOffset": range.start.offset,
        "charLength": range.end.offset - range.start.offset,
    })
}

fn artifact(file: &str) -> Value {
    json!({ "uri": uri(file), "uriBaseId": ROOT })
}

/// A path as a relative URI: all but the characters that stand for themselves is escaped.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'$' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn pascal_case(id: &str) -> String {
    id.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
