//! Tokens without a signature. See `jwt-none-algorithm.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-none-algorithm",
    summary: "The algorithm `none` is accepted or produced",
    group: "auth",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[347],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-verify") {
        let algorithms = call.role("algorithms");
        let list = tokens::texts(&algorithms);
        if list.iter().any(|it| it.eq_ignore_ascii_case("none")) {
            let place = cx.place_of(&call, "algorithms", &["algorithms", "algorithm"]);
            findings.push(report(place, format!("`{}` accepts tokens without a signature", call.callee_text())));
        } else if call.event.role("token").is_some()
            && tokens::is_empty_key(cx, &call.role("key"))
            && call.role("verify").bool() != Some(false)
        {
            let place = call.role("key").place.unwrap_or(call.call.place);
            findings.push(report(
                place,
                format!("`{}` is given no key: a token without a signature passes", call.callee_text()),
            ));
        }
    }
    for call in cx.calls("jwt-sign") {
        if call.role("algorithm").text().is_some_and(|it| it.eq_ignore_ascii_case("none")) {
            let place = cx.place_of(&call, "algorithm", &["algorithm", "alg"]);
            findings.push(report(place, format!("`{}` makes tokens without a signature", call.callee_text())));
        } else if tokens::is_empty_key(cx, &call.role("key")) {
            let place = call.role("key").place.unwrap_or(call.call.place);
            findings.push(report(
                place,
                format!("`{}` signs with an empty key: anybody can make such tokens", call.callee_text()),
            ));
        }
    }
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("sign and verify with a real algorithm (`HS256`, `RS256`, `ES256`) and a key")
}
