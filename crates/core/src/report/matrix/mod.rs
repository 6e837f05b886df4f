//! The route × guard matrix in its formats, and what a change did to it.

mod changes;
mod openapi;
mod path;
mod requests;
mod table;

use serde::Serialize;

use super::json::pretty;
use super::{Guards, Problem, Report, Route};

pub use changes::{ChangeKind, GuardChange, RouteChange, changes};
pub use openapi::openapi;
pub use requests::{curl, http};
pub use table::{TableOptions, markdown, table};

/// Names of the guards, in the order of the columns.
pub const GUARDS: [&str; 7] = ["auth", "role", "ownership", "validation", "csrf", "content_type", "rate_limit"];

impl Guards {
    /// By name, in the order of [`GUARDS`].
    pub fn all(&self) -> [(&'static str, &str); 7] {
        let Guards { auth, role, ownership, validation, csrf, content_type, rate_limit } = self;
        let values = [auth, role, ownership, validation, csrf, content_type, rate_limit];
        std::array::from_fn(|at| (GUARDS[at], values[at].as_str()))
    }
}

impl Route {
    /// By its method; any method may.
    pub(super) fn may_change_data(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    pub(super) fn has_body(&self) -> bool {
        matches!(self.method.as_str(), "POST" | "PUT" | "PATCH")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Matrix<'a> {
    schema_version: u32,
    routes: &'a [Route],
    problems: &'a [Problem],
}

pub fn json(report: &Report) -> String {
    let Report { schema_version, routes, problems, .. } = report;
    pretty(&Matrix { schema_version: *schema_version, routes, problems })
}

/// A change for the worse: a guard that is gone, or a new route without authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    pub method: String,
    pub path: String,
    pub file: String,
    pub line: u32,
    pub what: String,
}

/// What the routes lost between two reports, in the order of the later one.
pub fn losses(before: &Report, after: &Report) -> Vec<Loss> {
    let mut losses = Vec::new();
    for route in &after.routes {
        let old = before.routes.iter().find(|it| it.method == route.method && it.path == route.path);
        let mut lost = |what: String| {
            losses.push(Loss {
                method: route.method.clone(),
                path: route.path.clone(),
                file: route.file.clone(),
                line: route.line,
                what,
            });
        };
        match old {
            None if route.guards.auth == "absent" => lost("new, without authentication".into()),
            None => {}
            Some(old) => {
                for ((name, was), (_, is)) in old.guards.all().into_iter().zip(route.guards.all()) {
                    if is_guarded(was) && is_open(is) {
                        lost(format!("{name}: was {was}, is {is}"));
                    }
                }
            }
        }
    }
    losses
}

fn is_guarded(value: &str) -> bool {
    matches!(value, "present" | "checked" | "schema" | "manual")
}

fn is_open(value: &str) -> bool {
    matches!(value, "absent" | "optional" | "missing" | "none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    pub(super) fn route(method: &str, path: &str, auth: &str) -> Route {
        Route {
            method: method.into(),
            path: path.into(),
            file: "src/app.js".into(),
            line: 7,
            handler: "show".into(),
            framework: "f".into(),
            guards: Guards { auth: auth.into(), csrf: "n/a".into(), ..Guards::unknown() },
            roles: Vec::new(),
            evidence: Vec::new(),
        }
    }

    pub(super) fn report(routes: Vec<Route>) -> Report {
        Report { schema_version: 1, routes, ..Report::default() }
    }

    #[test]
    fn json_has_routes_and_problems() {
        let value: Value = serde_json::from_str(&json(&report(vec![route("GET", "/", "absent")]))).expect("JSON");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["schemaVersion", "routes", "problems"]);
        assert_eq!(value["routes"][0]["guards"]["content_type"], "unknown");
    }

    #[test]
    fn a_lost_guard_and_an_open_newcomer_are_told() {
        let before = report(vec![route("GET", "/a", "present"), route("GET", "/b", "unknown")]);
        let after = report(vec![
            route("GET", "/a", "absent"),
            route("GET", "/b", "absent"),
            route("GET", "/c", "absent"),
            route("GET", "/d", "unknown"),
        ]);
        let told: Vec<_> = losses(&before, &after).iter().map(|it| format!("{} {}", it.path, it.what)).collect();
        assert_eq!(told, ["/a auth: was present, is absent", "/c new, without authentication"]);
    }
}
