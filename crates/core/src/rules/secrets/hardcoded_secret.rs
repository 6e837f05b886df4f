//! Credentials that stand in the source. See `hardcoded-secret.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use std::collections::BTreeSet;

use crate::flow::events::Fact;
use crate::model::rows::Constant;
use crate::rules::context::RuleContext;
use crate::rules::names::{self, Credential};
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
    let mut texts: BTreeSet<String> = token_keys(cx);
    let mut places: Vec<crate::Place> = Vec::new();
    for it in &cx.written.literals {
        let Some(what) = issued(&it.text) else { continue };
        if places.contains(&it.place) {
            continue;
        }
        places.push(it.place);
        texts.insert(it.text.clone());
        findings.push(report(it.place, format!("{what} stands in the source: whoever reads the code can use it")));
    }
    for it in &cx.written.named {
        let Some(text) = it.value.text() else { continue };
        let Some(kind) = names::credential(&it.name) else { continue };
        let is_ours = !texts.contains(text) && !places.contains(&it.place) && !cx.is_test(it.place);
        if is_ours
            && !names::is_private_key(text)
            && !names::has_url_credentials(text)
            && names::looks_secret(kind, &it.name, text)
        {
            places.push(it.place);
            findings.push(report(
                it.place,
                format!("`{}` gets its value in the source: whoever reads the code can use it", it.name),
            ));
        }
    }
    texts.extend(places.iter().map(|it| unquoted(cx.text(*it)).to_owned()));
    given(cx, &texts, findings);
    compared(cx, findings);
}

/// Keys of tokens are a rule of their own.
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
fn given(cx: &RuleContext<'_>, texts: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    let uses = [("secret-use", "secret"), ("session-config", "secret"), ("hmac", "key"), ("cipher", "key")];
    for (kind, role) in uses {
        for call in cx.calls(kind) {
            let secret = call.role(role);
            let Some(place) = secret.place else { continue };
            let Some(text) = literal(&secret.fact) else { continue };
            let is_known = texts.contains(&text)
                || names::is_placeholder(&text)
                || names::is_private_key(&text)
                || names::has_url_credentials(&text)
                || text.contains("://");
            if is_known || text.is_empty() || cx.is_test(place) {
                continue;
            }
            let inside =
                cx.written.literals.iter().find(|it| contains(place, it.place) && it.text == text).map(|it| it.place);
            let message = format!(
                "`{}` is given a secret that stands in the source: whoever reads the code can use it",
                call.callee_text()
            );
            findings.push(report(inside.unwrap_or(place), message));
        }
    }
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

fn unquoted(text: &str) -> &str {
    text.trim_matches(|it: char| it == '"' || it == '\'' || it == '`')
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("take it out, make a new one, and read it from the environment or a secrets manager")
}
