//! Protocols that have been broken. See `tls-weak-version.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::written::{Named, Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "tls-weak-version",
    summary: "TLS below 1.2",
    group: "crypto",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[327],
    owasp: &["2021-A02", "2025-A04", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let mut places: Vec<crate::Place> = Vec::new();
    for call in cx.calls("tls") {
        let version = call.role("min-version");
        let place = version.place.unwrap_or(call.callee.place);
        let by_default = version.place.is_none() && version.text().is_some();
        let is_weak = match version.text() {
            Some(it) => by_default || is_old(it),
            None => version.place.is_some_and(|it| is_old(names::last_name(cx.text(it)))),
        };
        if is_weak {
            let setting = cx.written.named_in(place.file).iter().find(|it| contains(place, it.place) && is_setting(it));
            let place = setting.map_or(place, |it| it.place);
            places.push(place);
            findings.push(report(place, format!("`{}` accepts protocols older than TLS 1.2", call.callee_text())));
        }
    }
    for it in &cx.written.named {
        if !is_setting(it) && !matches!(&it.value, Shape::Path(path) if is_spelled_out(path)) {
            continue;
        }
        let value = match &it.value {
            Shape::Text(text) => text.as_str(),
            Shape::Path(path) => names::last_name(path),
            _ => continue,
        };
        let is_open = value == NEGOTIATED && !has_options(cx, it.place);
        if (is_old(value) || is_open) && !places.contains(&it.place) && !cx.is_test(it.place) {
            findings.push(report(it.place, format!("`{}` accepts protocols older than TLS 1.2", it.name)));
        }
    }
}

/// The method that takes every version the other side offers, unless options forbid some.
const NEGOTIATED: &str = "SSLv23_METHOD";

/// Whether the function, or the file where there is none, says which versions it takes.
fn has_options(cx: &RuleContext<'_>, place: crate::Place) -> bool {
    let function = cx.written.function_at(place).map(|it| it.place);
    cx.written.calls_in(place.file).iter().any(|it| {
        let name = names::last_name(&it.callee);
        let is_near = function.is_none_or(|around| contains(around, it.place));
        is_near && matches!(name, "set_options" | "set_min_proto_version")
    })
}

/// A constant that can be nothing else: `ssl.PROTOCOL_SSLv3`, `SSL.TLSv1_METHOD`.
fn is_spelled_out(path: &str) -> bool {
    let name = names::last_name(path);
    path.contains('.') && (name.starts_with("PROTOCOL_") || name.ends_with("_METHOD"))
}

fn is_setting(it: &Named) -> bool {
    names::is("tls-version-setting", &it.name.to_lowercase())
}

/// `TLSv1`, `TLSv1_method`, `PROTOCOL_TLSv1_1`, `SSLv3`, `TLS1_VERSION`.
fn is_old(version: &str) -> bool {
    let plain: String = version.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.trim_start_matches("protocol").trim_start_matches("opno");
    let plain = plain
        .trim_end_matches("method")
        .trim_end_matches("version")
        .trim_end_matches("server")
        .trim_end_matches("client");
    ["tlsv1", "tls1", "tlsv10", "tls10", "tlsv11", "tls11", "sslv2", "ssl2", "sslv3", "ssl3"].contains(&plain)
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message).help("ask for TLS 1.2 at least")
}
