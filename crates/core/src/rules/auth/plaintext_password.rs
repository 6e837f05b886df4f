//! Passwords that are kept as they were typed. See `plaintext-password.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::names::{self, Credential};
use crate::rules::written::Shape;

pub(crate) static RULE: Rule = Rule {
    id: "plaintext-password",
    summary: "Password stored or compared as plain text",
    group: "auth",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[256],
    owasp: &["2021-A04", "2025-A06", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // A project that hashes passwords somewhere may do it in a hook or a setter.
    if !cx.calls("derive-key").is_empty() || !cx.calls("password-compare").is_empty() {
        return;
    }
    for it in &cx.written.comparisons {
        if is_stored_and_sent(&it.left.1, &it.right.1) || is_stored_and_sent(&it.right.1, &it.left.1) {
            let message =
                format!("`{}` compares the password as it was typed with what is stored", quote(cx.text(it.place)));
            findings.push(
                Finding::new(&RULE, it.place, message)
                    .help("store only a hash (argon2id, bcrypt), and compare with the library's function"),
            );
        }
    }
}

/// `user.password` and `req.body.password`; two inputs (password, confirmation) are none of this.
fn is_stored_and_sent(stored: &Shape, sent: &Shape) -> bool {
    let (Shape::Path(stored), Shape::Path(sent)) = (stored, sent) else { return false };
    let Some((record, field)) = stored.rsplit_once('.') else { return false };
    let sent_name = sent.rsplit('.').next().unwrap_or_default();
    let is_password = |it: &str| names::credential(it) == Some(Credential::Password) && !names::mentions("again", it);
    let holder = record.rsplit('.').next().unwrap_or_default();
    is_password(field)
        && is_password(sent_name)
        && names::mentions("record", holder)
        && !names::mentions("record", sent.rsplit('.').nth(1).unwrap_or_default())
}
