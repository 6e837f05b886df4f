//! Credentials that stand in the source. See `hardcoded-secret.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use std::collections::BTreeSet;

use crate::flow::events::Fact;
use crate::model::rows::Constant;
use crate::names::{self, Credential};
use crate::rules::context::RuleContext;
use crate::rules::written::{Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "hardcoded-secret",
    summary: "Secret literal in source",
    group: "secrets",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[798],
    owasp: &["2021-A07", "2025-A07", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let mut found = Found { texts: BTreeSet::new(), keys: token_keys(cx), places: Vec::new() };
    for it in &cx.written.literals {
        if let Some(what) = issued(&it.text)
            && !found.places.contains(&it.place)
        {
            found.add(it.place, &it.text);
            findings.push(report(it.place, format!("{what} stands in the source: whoever reads the code can use it")));
        }
    }
    for it in &cx.written.named {
        named(cx, &it.name, it.place, &it.value, &mut found, findings);
    }
    for it in &cx.written.calls {
        // `app.set("secret", "…")`
        if let [name, value] = it.args.as_slice()
            && names::is("sets", &names::last_name(&it.callee).to_lowercase())
            && let Shape::Text(name) = cx.shape(*name)
        {
            named(cx, &name, *value, &cx.shape(*value), &mut found, findings);
        }
    }
    given(cx, &found, findings);
    compared(cx, findings);
}

/// What has been reported.
struct Found {
    texts: BTreeSet<String>,
    /// Keys of signed tokens: a rule of their own.
    keys: BTreeSet<String>,
    places: Vec<crate::Place>,
}

impl Found {
    fn add(&mut self, place: crate::Place, text: &str) {
        self.places.push(place);
        self.texts.insert(text.to_owned());
    }
}

/// A literal, or a variable that holds one, that gets the name of a credential.
fn named(
    cx: &RuleContext<'_>,
    name: &str,
    place: crate::Place,
    value: &Shape,
    found: &mut Found,
    findings: &mut Vec<Finding>,
) {
    if matches!(value, Shape::Call(..) | Shape::Other | Shape::Object)
        || found.places.contains(&place)
        || cx.is_test(place)
    {
        return;
    }
    let Shape::Text(text) = cx.resolved(place) else { return };
    let looks = match names::credential(name) {
        Some(kind) => names::looks_secret(kind, name, &text),
        None => names::is("credential-header", &name.to_lowercase()) && names::is_authorization(&text),
    };
    let is_reported_elsewhere = matches!(value, Shape::Path(_)) && found.texts.contains(&text);
    if looks
        && !is_reported_elsewhere
        && !found.keys.contains(&text)
        && !names::is_private_key(&text)
        && !names::has_url_credentials(&text)
    {
        found.add(place, &text);
        findings
            .push(report(place, format!("`{name}` gets its value in the source: whoever reads the code can use it")));
    }
}

fn token_keys(cx: &RuleContext<'_>) -> BTreeSet<String> {
    let calls = cx.calls("jwt-sign").into_iter().chain(cx.calls("jwt-verify"));
    calls.filter_map(|it| it.role("key").text().map(str::to_owned)).collect()
}

/// A token that its issuer's format gives away.
fn issued(text: &str) -> Option<String> {
    if let Some(provider) = names::provider(text) {
        return Some(format!("a credential of {provider}"));
    }
    names::is_signed_token(text).then(|| "a signed token".to_owned())
}

/// Literals given to parameters that libraries document as secrets.
fn given(cx: &RuleContext<'_>, found: &Found, findings: &mut Vec<Finding>) {
    let uses = [("secret-use", "secret"), ("session-config", "secret"), ("hmac", "key"), ("cipher", "key")];
    for (kind, role) in uses {
        for call in cx.calls(kind) {
            let secret = call.role(role);
            let Some(place) = secret.place else { continue };
            let Some(text) = literal(&secret.fact) else { continue };
            if text.is_empty() && call.role("of").text() == Some("database") && !cx.is_test(place) {
                let message = format!("`{}` opens a database without a password", call.callee_text());
                findings.push(report(place, message).severity(Severity::Medium).confidence(Confidence::Medium));
            }
            // A session with a placeholder as its key runs all the same.
            let is_placeholder = kind != "session-config" && names::is_placeholder(&text);
            let is_other = names::is_private_key(&text) || text.contains("PUBLIC KEY") || text.contains("://");
            if text.is_empty() || is_placeholder || is_other || cx.is_test(place) {
                continue;
            }
            let inside = cx
                .written
                .literals_in(place.file)
                .iter()
                .find(|it| contains(place, it.place) && it.text == text)
                .map(|it| it.place);
            if inside.is_none() && is_of_tests(cx, &text) {
                continue;
            }
            let is_known = match inside {
                Some(at) => found.places.contains(&at),
                None => found.texts.contains(&text) || found.keys.contains(&text),
            };
            if !is_known {
                let message = format!(
                    "`{}` is given a secret that stands in the source: whoever reads the code can use it",
                    call.callee_text()
                );
                findings.push(report(inside.unwrap_or(place), message));
            }
        }
    }
}

/// The text stands in tests and nowhere else: what they call is not to blame.
fn is_of_tests(cx: &RuleContext<'_>, text: &str) -> bool {
    let mut all = cx.written.literals.iter().filter(|it| it.text == text).peekable();
    all.peek().is_some() && all.all(|it| cx.is_test(it.place))
}

fn literal(fact: &Fact) -> Option<String> {
    let one = |it: &Constant| match it {
        Constant::Text(text) => Some(text.to_string()),
        _ => None,
    };
    match fact {
        Fact::Constants(all) => all.iter().find_map(one),
        Fact::Array { items, .. } => items.iter().find_map(|it| literal(&it.fact)),
        _ => None,
    }
}

/// `password == "s3cret"`: the literal is the credential.
fn compared(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for it in &cx.written.comparisons {
        for (named, other) in [(&it.left, &it.right), (&it.right, &it.left)] {
            let (Shape::Path(path), Shape::Text(text)) = (&named.1, &other.1) else { continue };
            let name = path.rsplit('.').next().unwrap_or_default();
            let Some(kind) = names::credential(name) else { continue };
            if kind != Credential::Token && !cx.is_test(it.place) && names::looks_secret(kind, name, text) {
                let message = format!(
                    "`{name}` is compared with a value that stands in the source: whoever reads the code knows it"
                );
                findings.push(report(other.0, message).confidence(Confidence::Medium));
            }
        }
    }
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("take it out, make a new one, and read it from the environment or a secrets manager")
}
