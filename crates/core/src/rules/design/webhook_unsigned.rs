//! Webhooks that believe whoever calls. See `webhook-unsigned.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::EffectKind;
use crate::flow::guards::Proof;
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "webhook-unsigned",
    summary: "Webhook endpoint without signature check",
    group: "design",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[345],
    owasp: &["2021-A08", "2025-A08", "api2023-API10"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for route in routes::judged(cx, &[Proof::Auth]) {
        let parts = routes::fixed_parts(&route.path);
        let is_webhook = parts.iter().any(|it| names::words(it).iter().any(|it| names::is("webhook-path", it)));
        if !is_webhook || !routes::changes(route) || routes::has(route, Proof::Auth) || checks_signature(cx, route) {
            continue;
        }
        let acts = |kind| routes::effects(route, kind).find(|it| routes::is_from_client(cx, &it.given));
        let Some(act) = acts(EffectKind::Write).or_else(|| acts(EffectKind::Work)) else { continue };
        let message = format!(
            "`{}` acts on what it is sent (`{}`) without checking who sent it",
            routes::title(route),
            quote(cx.text(act.callee)),
        );
        findings.push(
            Finding::new(&RULE, route.place, message)
                .related(act.place, "done for whoever calls")
                .help("verify the sender's signature of the raw body first"),
        );
    }
}

/// Something on the way speaks of a signature or a shared secret.
fn checks_signature(cx: &RuleContext<'_>, route: &Route) -> bool {
    let speaks = |text: &str| names::mentions("signature", text);
    routes::handler_text(cx, route).is_none_or(speaks) || route.chain.iter().any(|it| speaks(cx.text(it.handler.place)))
}
