//! Ciphers that are broken, or used in a way that shows the text. See `weak-cipher.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext, quote};
use crate::rules::written::{Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "weak-cipher",
    summary: "Broken or unauthenticated cipher",
    group: "crypto",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[327],
    owasp: &["2021-A02", "2025-A04"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    old_padding(cx, findings);
    weak_suites(cx, findings);
    for call in cx.calls("cipher") {
        let algorithm = call.role("algorithm").text().unwrap_or_default().to_lowercase();
        let place =
            call.role("algorithm").place.filter(|it| contains(call.call.place, *it)).unwrap_or(call.callee.place);
        if let Some((what, why)) = fault(&call, &algorithm) {
            let message = format!("`{}` uses {what}: {why}", call.callee_text());
            findings.push(
                Finding::new(&RULE, place, message)
                    .help("use AES-GCM or ChaCha20-Poly1305, through a library that chooses the nonce"),
            );
        } else if is_mode(&call, &algorithm, "cbc") {
            let message = format!("`{}` uses CBC, which does not notice a changed text", call.callee_text());
            findings.push(
                Finding::new(&RULE, place, message)
                    .profile(Profile::Strict)
                    .severity(Severity::Low)
                    .help("use AES-GCM, or authenticate the text with an HMAC"),
            );
        }
    }
}

/// `key.encrypt(text, padding.PKCS1v15())`
fn old_padding(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for it in &cx.written.calls {
        let name = names::last_name(&it.callee);
        if name != "encrypt" && name != "decrypt" {
            continue;
        }
        for arg in &it.args {
            let is_old = matches!(cx.shape(*arg), Shape::Call(callee, _) if names::is("old-padding", &names::last_name(&callee).to_lowercase()));
            if is_old {
                let message =
                    format!("`{}` uses PKCS #1 v1.5 padding: its errors let others decrypt", quote(&it.callee));
                findings.push(Finding::new(&RULE, *arg, message).help("use OAEP with SHA-256"));
            }
        }
    }
}

/// Cipher suites of a connection.
fn weak_suites(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("tls") {
        let suites = call.role("ciphers");
        let (Some(text), Some(place)) = (suites.text(), suites.place) else { continue };
        let weak = text.split([':', ',', ' ']).find(|it| {
            !it.starts_with(['!', '-'])
                && it.split('-').any(|part| names::is("cipher-suite-weak", &part.to_lowercase()))
        });
        if let Some(suite) = weak {
            let message = format!("`{}` allows the cipher suite {suite}, which can be broken", call.callee_text());
            findings.push(Finding::new(&RULE, place, message).help("leave the library's own list in place"));
        }
    }
}

fn fault(call: &Call<'_>, algorithm: &str) -> Option<(String, &'static str)> {
    let parts: Vec<&str> = algorithm.split('-').collect();
    if names::is("cipher-weak", algorithm) || parts.iter().any(|it| names::is("cipher-weak", it)) {
        return Some((algorithm.to_uppercase(), "it can be broken"));
    }
    if is_mode(call, algorithm, "ecb") {
        return Some(("ECB".to_owned(), "equal blocks of the text stay equal"));
    }
    // The algorithm is chosen by the caller, and the call has no place for an IV at all.
    if call.event.role("iv").is_none() && call.role("algorithm").place.is_some() {
        return Some(("a key derived by MD5 and no IV".to_owned(), "equal texts stay equal"));
    }
    let is_old_padding = call.role("mode").text().is_some_and(|it| it.eq_ignore_ascii_case("pkcs1v15"))
        || call.role("mode").number() == Some(1.0);
    (algorithm == "rsa" && is_old_padding).then(|| ("PKCS #1 v1.5 padding".to_owned(), "its errors let others decrypt"))
}

fn is_mode(call: &Call<'_>, algorithm: &str, mode: &str) -> bool {
    let given = call.role("mode");
    let by_mode = given.text().is_some_and(|it| it.to_lowercase().trim_start_matches("mode_") == mode);
    by_mode || algorithm.split('-').any(|it| it == mode)
}
