//! Names inside archives used as paths. See `zip-slip.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::rules::Rule;
use crate::rules::context::{Call, Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "zip-slip",
    summary: "A name inside an archive becomes a path",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[22],
    owasp: &["2021-A01", "2025-A01"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["archive-entry"], sinks: &["path"], in_fragments: false };

/// Origins of archives that somebody else has made.
const UNTRUSTED: &[&str] = &["http", "message", "external"];

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(joined));
    findings.extend(cx.calls("archive-extract").iter().filter(|it| is_unfiltered(it)).map(|it| unpacked(cx, it)));
}

fn is_unfiltered(call: &Call<'_>) -> bool {
    let filter = call.role("filter");
    matches!(filter.fact, Fact::Absent) || filter.text() == Some("fully_trusted")
}

fn joined(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the path given to `{}`: with `..` in it any file is overwritten",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("resolve the path and check that it is still below its folder")
}

fn unpacked(cx: &RuleContext<'_>, call: &Call<'_>) -> Finding {
    let archive = call.role("archive");
    let untrusted = archive.data.iter().any(|(origin, _)| {
        let kind = cx.facts.kind_of(*origin);
        UNTRUSTED.iter().any(|it| kind.name().starts_with(it))
    });
    let (severity, confidence) =
        if untrusted { (Severity::High, Confidence::High) } else { (Severity::Medium, Confidence::Medium) };
    let message = format!("`{}` unpacks names with `..` as they are: any file may be overwritten", call.callee_text());
    Finding::new(&RULE, call.event.place, message)
        .severity(severity)
        .confidence(confidence)
        .help("pass `filter=\"data\"`, or check each name before unpacking it")
}
