//! What a change did to the routes, for better and for worse.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{is_guarded, is_open};
use crate::report::{Report, Route};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteChange {
    pub method: String,
    pub path: String,
    /// Where it is, or was.
    pub file: String,
    pub line: u32,
    pub kind: ChangeKind,
    /// For a new route its `auth`; for a changed one every guard that differs.
    pub guards: Vec<GuardChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardChange {
    pub guard: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub was: String,
    pub is: String,
}

impl RouteChange {
    /// A guard that is gone, or a new route without authentication.
    pub fn is_loss(&self) -> bool {
        match self.kind {
            ChangeKind::Added => self.guards.iter().any(|it| it.guard == "auth" && it.is == "absent"),
            ChangeKind::Changed => self.guards.iter().any(|it| is_guarded(&it.was) && is_open(&it.is)),
            ChangeKind::Removed => false,
        }
    }
}

/// In the order of the later report, then what is no longer there.
pub fn changes(before: &Report, after: &Report) -> Vec<RouteChange> {
    let old: BTreeMap<(&str, &str), &Route> = before.routes.iter().map(|it| (key(it), it)).collect();
    let new: BTreeMap<(&str, &str), &Route> = after.routes.iter().map(|it| (key(it), it)).collect();
    let mut changes = Vec::new();
    for route in after.routes.iter().filter(|it| std::ptr::eq(new[&key(it)], *it)) {
        let Some(old) = old.get(&key(route)) else {
            let guards = vec![GuardChange { guard: "auth".into(), was: String::new(), is: route.guards.auth.clone() }];
            changes.push(change(route, ChangeKind::Added, guards));
            continue;
        };
        let pairs = old.guards.all().into_iter().zip(route.guards.all());
        let guards: Vec<GuardChange> = pairs
            .filter(|((_, was), (_, is))| was != is)
            .map(|((guard, was), (_, is))| GuardChange { guard: guard.into(), was: was.into(), is: is.into() })
            .collect();
        if !guards.is_empty() {
            changes.push(change(route, ChangeKind::Changed, guards));
        }
    }
    let gone = before.routes.iter().filter(|it| !new.contains_key(&key(it)) && std::ptr::eq(old[&key(it)], *it));
    changes.extend(gone.map(|it| change(it, ChangeKind::Removed, Vec::new())));
    changes
}

fn key(route: &Route) -> (&str, &str) {
    (&route.method, &route.path)
}

fn change(route: &Route, kind: ChangeKind, guards: Vec<GuardChange>) -> RouteChange {
    let Route { method, path, file, line, .. } = route.clone();
    RouteChange { method, path, file, line, kind, guards }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{report, route};
    use super::*;

    #[test]
    fn routes_come_go_and_change() {
        let before =
            report(vec![route("GET", "/a", "present"), route("GET", "/b", "present"), route("GET", "/c", "absent")]);
        let after =
            report(vec![route("GET", "/a", "present"), route("GET", "/b", "absent"), route("PUT", "/d", "absent")]);
        let told: Vec<_> = changes(&before, &after)
            .iter()
            .map(|it| {
                let guards: Vec<_> = it.guards.iter().map(|it| format!("{} {}>{}", it.guard, it.was, it.is)).collect();
                format!("{} {:?} {} {}", it.path, it.kind, guards.join(","), it.is_loss())
            })
            .collect();
        assert_eq!(told, ["/b Changed auth present>absent true", "/d Added auth >absent true", "/c Removed  false"]);
    }
}
