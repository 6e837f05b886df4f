//! Private keys pasted into a program. See `private-key-in-source.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "private-key-in-source",
    summary: "Private key block in source",
    group: "secrets",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[321],
    owasp: &["2021-A02", "2025-A04", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for it in cx.written.literals.iter().filter(|it| names::is_private_key(&it.text)) {
        let message = "a private key stands in the source: whoever reads the code can sign and decrypt with it";
        let finding = Finding::new(&RULE, it.place, message)
            .help("replace the key, and load the new one from a secrets manager or a file outside the repository");
        findings.push(if cx.is_test(it.place) { finding.severity(Severity::Low) } else { finding });
    }
}
