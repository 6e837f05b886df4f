//! Comparisons that end at the first wrong character. See `timing-unsafe-compare.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::written::{Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "timing-unsafe-compare",
    summary: "Secret compared with `==`",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[208],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let digests: Vec<crate::Place> = cx.calls("hmac").iter().map(|it| it.call.place).collect();
    for it in &cx.written.comparisons {
        let sides = [&it.left, &it.right];
        if cx.is_test(it.place) || !sides.iter().all(|side| is_value(&side.1)) {
            continue;
        }
        let has_digest = !digests.is_empty() && sides.iter().any(|side| is_digest(cx, side.0, &side.1, &digests));
        let named = !is_equality_of_objects(&it.left.1, &it.right.1)
            && sides.iter().any(|side| is_secret(&side.1))
            && sides.iter().all(|side| !is_harmless(&side.1));
        if has_digest || named {
            let message = format!(
                "`{}` takes longer the more characters are right, so a secret can be guessed piece by piece",
                quote(cx.text(it.place))
            );
            findings.push(
                Finding::new(&RULE, it.place, message)
                    .help("compare in constant time: `crypto.timingSafeEqual`, `hmac.compare_digest`"),
            );
        }
    }
}

fn is_value(shape: &Shape) -> bool {
    matches!(shape, Shape::Path(_) | Shape::Call(..))
}

fn last_name(shape: &Shape) -> &str {
    match shape {
        Shape::Path(it) | Shape::Call(it, _) => it.rsplit('.').next().unwrap_or_default(),
        _ => "",
    }
}

fn is_secret(shape: &Shape) -> bool {
    matches!(shape, Shape::Path(_)) && names::ends_in("compared", last_name(shape))
}

/// `self.signature == other.signature` asks whether two objects are equal.
fn is_equality_of_objects(left: &Shape, right: &Shape) -> bool {
    let is_own = |it: &Shape| matches!(it, Shape::Path(path) if path.starts_with("self.") || path.starts_with("this."));
    last_name(left) == last_name(right) && (is_own(left) || is_own(right))
}

fn is_harmless(shape: &Shape) -> bool {
    names::mentions("not-compared", last_name(shape))
}

/// A keyed digest, made on the spot or in the variable that is compared.
fn is_digest(cx: &RuleContext<'_>, place: crate::Place, shape: &Shape, digests: &[crate::Place]) -> bool {
    let made_in = |outer: crate::Place| digests.iter().any(|it| contains(outer, *it));
    match shape {
        Shape::Call(..) => made_in(place),
        Shape::Path(name) => cx.written.named_in(place.file).iter().any(|it| {
            it.name == *name && it.place.file == place.file && matches!(it.value, Shape::Call(..)) && made_in(it.place)
        }),
        _ => false,
    }
}
