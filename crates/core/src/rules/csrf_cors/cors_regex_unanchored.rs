//! A pattern for origins that others fit as well. See `cors-regex-unanchored.md` for the page and the tests.

use crate::Place;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::csrf_cors::origin;

pub(crate) static RULE: Rule = Rule {
    id: "cors-regex-unanchored",
    summary: "Pattern for origins that others fit as well",
    group: "csrf-cors",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[625, 942],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("cors") {
        let given = call.role("origin");
        for (pattern, place) in origin::patterns(&given) {
            // A match is looked for anywhere in the origin.
            let is_whole = pattern.starts_with('^') && pattern.ends_with('$');
            if let Some(why) = weakness(pattern, is_whole) {
                findings.push(report(pattern, place.unwrap_or(call.call.place), why));
            }
        }
        let pattern = call.role("pattern");
        let listed = match &pattern.fact {
            crate::flow::events::Fact::Array { items, .. } => items.clone(),
            _ => vec![pattern.clone()],
        };
        for it in &listed {
            // The library matches the whole origin.
            if let Some(why) = it.text().and_then(|text| weakness(text, true)) {
                let place = it.place.or(pattern.place).unwrap_or(call.call.place);
                findings.push(report(it.text().unwrap_or_default(), place, why));
            }
        }
    }
}

fn report(pattern: &str, place: Place, why: &str) -> Finding {
    let message = format!("other sites fit `{}` as well: {why}", quote(pattern));
    Finding::new(&RULE, place, message)
        .help("write `^https://…$` with `\\.` for every dot, and `[a-z0-9-]+\\.` for what stands in front of it")
}

/// How an origin of somebody else can fit.
fn weakness(pattern: &str, is_whole: bool) -> Option<&'static str> {
    let chars: Vec<char> = pattern.chars().collect();
    let is_name = |at: usize| chars.get(at).is_some_and(|it| it.is_alphanumeric() || *it == ')');
    let mut in_class = false;
    for (at, it) in chars.iter().enumerate() {
        let is_escaped = chars[..at].iter().rev().take_while(|it| **it == '\\').count() % 2 == 1;
        match it {
            _ if is_escaped => {}
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if in_class => {}
            '.' if matches!(chars.get(at + 1), Some('*' | '+')) && is_name(at + 2) => {
                return Some("what stands in front of the name is not ended by a dot");
            }
            '.' if at > 0 && is_name(at - 1) && is_name(at + 1) => {
                return Some("a dot that is not escaped fits any character");
            }
            _ => {}
        }
    }
    let names_host = pattern.contains("\\.");
    (names_host && !is_whole).then_some("it need not be the whole origin")
}
