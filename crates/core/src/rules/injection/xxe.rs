//! Untrusted XML read by a parser that resolves external entities. See `xxe.md` for the page and the tests.

use std::collections::BTreeSet;

use crate::FileId;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Call, Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "xxe",
    summary: "XML is read by a parser that resolves external entities",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[611],
    owasp: &["2021-A05", "2025-A02"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["xml"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows(&QUERY);
    findings.extend(flows.iter().map(read));
    // Where the XML is seen on its way, the parser it goes to is the same defect.
    let seen: BTreeSet<FileId> = flows.iter().map(|it| it.sink.place.file).collect();
    let calls = cx.calls("xml-parser");
    findings.extend(calls.iter().filter(|it| !seen.contains(&it.event.place.file)).filter_map(configured));
}

fn read(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is read as XML by `{}`, which resolves external entities: files of the server can be sent back",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help(HELP)
}

/// Switched on by hand; who sends the XML is not known.
fn configured(call: &Call<'_>) -> Option<Finding> {
    let entities = call.role("external-entities");
    let place = entities.place.filter(|_| entities.bool() == Some(true))?;
    let message =
        format!("`{}` is told to resolve external entities: XML of others can read files", call.callee_text());
    Some(Finding::new(&RULE, place, message).severity(Severity::Medium).help(HELP))
}

const HELP: &str = "do not let the parser resolve entities, or use one that cannot";
