//! Passwords that are kept as they were typed. See `plaintext-password.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::names::{self, Credential};
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::written::{Comparison, Shape};

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
        let by_name = is_stored_and_sent(&it.left.1, &it.right.1) || is_stored_and_sent(&it.right.1, &it.left.1);
        if by_name || is_the_comparison(cx, it) {
            let message =
                format!("`{}` compares the password as it was typed with what is stored", quote(cx.text(it.place)));
            findings.push(report(it.place, message));
        }
    }
    for (kind, role, does) in [("db-write", "data", "stores"), ("db-read", "filter", "looks for")] {
        for call in cx.calls(kind) {
            let value = call.role(role);
            let Some(place) = value.place else { continue };
            if let Some(name) = typed_password(cx, &value.fact) {
                let at = cx.written.property_in(place, &[name.as_str()]).map_or(place, |it| it.place);
                findings.push(report(at, format!("`{}` {does} `{name}` as it was typed", call.callee_text())));
            }
        }
    }
}

/// A field for a password with what a client sent, and no hash in between.
fn typed_password(cx: &RuleContext<'_>, fact: &Fact) -> Option<String> {
    let Fact::Object { fields, .. } = fact else { return None };
    let found = fields.iter().find(|(name, value)| {
        names::credential(name) == Some(Credential::Password)
            && !names::mentions("again", name)
            && cx.has_data(value, "http")
    });
    found.map(|it| it.0.clone())
}

/// `comparePassword = (stored, sent) => stored === sent`
fn is_the_comparison(cx: &RuleContext<'_>, it: &Comparison) -> bool {
    let is_plain = |side: &Shape| matches!(side, Shape::Path(path) if !path.contains('.'));
    let name = cx.function_name(it.place);
    is_plain(&it.left.1) && is_plain(&it.right.1) && names::mentions("password-comparison", name)
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("store only a hash (argon2id, bcrypt), and compare with the library's function")
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
