//! Routes behind others of the same method and path. See `duplicate-route.md` for the page and the tests.

use std::collections::BTreeMap;

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-route",
    summary: "Same method and path registered twice",
    group: "design",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[561],
    owasp: &["api2023-API9"],
    specialist: Specialist::Backend,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // One app of a folder of many has the routes of one file.
    let mut first: BTreeMap<(crate::FileId, &str, &str), &Route> = BTreeMap::new();
    for route in routes::judged(cx, &[]) {
        // What is told apart by something that is not known may well differ; so may what has no name of its own, for the
        // prefix of its router or class may be somewhere else.
        if routes::fixed_parts(&route.path).is_empty()
            || route.path.contains(['?', '^', '$'])
            || route.chain.iter().any(|it| it.is_conditional)
        {
            continue;
        }
        for method in &route.methods {
            let key = (route.place.file, method.as_str(), route.path.as_str());
            match first.get(&key) {
                Some(other) if is_hidden(cx, other, route) => {
                    let message = format!("`{method} {}` is registered before: requests never get here", route.path);
                    findings.push(
                        Finding::new(&RULE, route.place, message)
                            .related(other.place, "this one answers")
                            .help("remove one of the two, or give it a path of its own"),
                    );
                }
                Some(_) => {}
                None => {
                    first.insert(key, route);
                }
            }
        }
    }
}

/// The first one answers every request, and the two are not one.
fn is_hidden(cx: &RuleContext<'_>, first: &Route, second: &Route) -> bool {
    let goes_on = |it: &Route| routes::handler_text(cx, it).is_none_or(|it| names::mentions("goes-on", it));
    first.place != second.place && first.handler != second.handler && first.library == second.library && !goes_on(first)
}
