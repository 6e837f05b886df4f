//! Cookies that other sites can make the browser send. See `cookie-samesite.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::auth::cookies;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "cookie-samesite",
    summary: "SameSite missing, or `None` without need",
    group: "auth",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[1275],
    owasp: &["2021-A01", "2025-A01", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for cookie in cookies::all(cx) {
        let samesite = cookie.call.role("samesite");
        let is_none =
            samesite.text().is_some_and(|it| it.eq_ignore_ascii_case("none")) || samesite.bool() == Some(false);
        let place = cx.place_of(&cookie.call, "samesite", cookies::SAMESITE);
        if is_none && samesite.place.is_some() {
            let message = format!("{} is sent with requests that other sites make", cookie.subject());
            let finding = cookie.finding(&RULE, "samesite", place, message).help("set `sameSite` to `lax` or `strict`");
            let is_secure = cookie.call.role("secure").bool() == Some(true);
            findings.push(if is_secure { finding.profile(Profile::Strict) } else { finding });
        } else if cookie.is_login && cookie.lacks("samesite") {
            let message = format!("{} does not say whether other sites may make the browser send it", cookie.subject());
            findings.push(
                cookie
                    .finding(&RULE, "samesite", cookie.call.callee.place, message)
                    .profile(Profile::Strict)
                    .help("set `sameSite` to `lax` or `strict`"),
            );
        }
    }
}
