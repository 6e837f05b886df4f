//! The route × guard matrix in its formats.

use std::fmt::Write;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::frame::harmless;
use super::json::pretty;
use super::{Guards, Problem, Report, Route};

/// Where the requests of `http` and `curl` go.
const BASE: &str = "http://localhost:3000";

impl Guards {
    /// In the order of the specification.
    pub fn all(&self) -> [(&'static str, &str); 7] {
        [
            ("auth", &self.auth),
            ("role", &self.role),
            ("ownership", &self.ownership),
            ("validation", &self.validation),
            ("csrf", &self.csrf),
            ("content_type", &self.content_type),
            ("rate_limit", &self.rate_limit),
        ]
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

/// Columns as wide as they must be; `name` turns a path of the report into the one to print.
pub fn table(report: &Report, name: &dyn Fn(&str) -> String) -> String {
    let mut rows = vec![header()];
    rows.extend(report.routes.iter().map(|it| cells(it, name)));
    let columns = rows[0].len();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    out
}

pub fn markdown(report: &Report) -> String {
    let header = header();
    let mut out = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for route in &report.routes {
        let cells = cells(route, &|file| file.to_string());
        let cells: Vec<String> =
            cells.iter().map(|it| it.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

fn header() -> Vec<String> {
    let guards = Guards::unknown();
    let names = guards.all().map(|(name, _)| name.replace('_', " "));
    ["method", "path"].map(String::from).into_iter().chain(names).chain(["where".to_string()]).collect()
}

fn cells(route: &Route, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut cells = vec![harmless(&route.method), harmless(&route.path)];
    for (guard, value) in route.guards.all() {
        let roles = if guard == "role" && !route.roles.is_empty() {
            format!(" ({})", route.roles.join(", "))
        } else {
            String::new()
        };
        cells.push(harmless(&format!("{value}{roles}")));
    }
    cells.push(harmless(&format!("{}:{}", name(&route.file), route.line)));
    cells
}

/// Requests as editors send them.
pub fn http(report: &Report) -> String {
    let mut out = format!("@base = {BASE}\n");
    for route in &report.routes {
        let path = filled_in(&route.path);
        let _ = writeln!(out, "\n### {} {}", harmless(&route.method), harmless(&route.path));
        let _ = writeln!(out, "{} {{{{base}}}}{path}", method(route));
        if route.guards.auth == "present" {
            out.push_str("Authorization: Bearer {{token}}\n");
        }
        if has_body(route) {
            out.push_str("Content-Type: application/json\n\n{}\n");
        }
    }
    out
}

/// One command for each route; `BASE` and `TOKEN` come from the shell.
pub fn curl(report: &Report) -> String {
    let mut out = format!("BASE=${{BASE:-{BASE}}}\n");
    for route in &report.routes {
        let mut words = vec![format!("curl -i -X {}", method(route))];
        if route.guards.auth == "present" {
            words.push("-H \"Authorization: Bearer $TOKEN\"".into());
        }
        if has_body(route) {
            words.push("-H 'Content-Type: application/json' -d '{}'".into());
        }
        words.push(format!("\"$BASE\"{}", quoted(&filled_in(&route.path))));
        let _ = writeln!(out, "{}", words.join(" "));
    }
    out
}

/// A skeleton to write the documentation of the API in.
pub fn openapi(report: &Report) -> String {
    let mut paths: Map<String, Value> = Map::new();
    for route in &report.routes {
        let names = parameters(&route.path);
        let path = braced(&route.path);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        let mut operation = Map::new();
        operation.insert("operationId".into(), route.handler.as_str().into());
        if !names.is_empty() {
            let parameter =
                |it: &String| json!({ "name": it, "in": "path", "required": true, "schema": { "type": "string" } });
            operation.insert("parameters".into(), names.iter().map(parameter).collect());
        }
        if route.guards.auth == "present" {
            operation.insert("security".into(), json!([{ "default": [] }]));
        }
        operation.insert("responses".into(), json!({ "default": { "description": "" } }));
        let methods = if route.method == "ANY" { vec!["get", "post", "put", "patch", "delete"] } else { vec![] };
        let lower = route.method.to_lowercase();
        for method in if methods.is_empty() { vec![lower.as_str()] } else { methods } {
            item[method] = Value::Object(operation.clone());
        }
    }
    pretty(&json!({
        "openapi": "3.1.0",
        "info": { "title": "API", "version": "0.0.0" },
        "paths": paths,
        "components": { "securitySchemes": { "default": { "type": "http", "scheme": "bearer" } } },
    }))
}

fn method(route: &Route) -> &str {
    match route.method.as_str() {
        "ANY" => "GET",
        other if other.bytes().all(|it| it.is_ascii_uppercase()) => other,
        _ => "GET",
    }
}

fn has_body(route: &Route) -> bool {
    matches!(route.method.as_str(), "POST" | "PUT" | "PATCH")
}

/// `:id`, `{id}`, `<int:id>`, `[id]`, each one part of the path.
fn parameter(part: &str) -> Option<String> {
    let bare = |it: &str| it.trim_start_matches("...").split(['(', '?', ':']).next().unwrap_or_default().to_string();
    let name = if let Some(rest) = part.strip_prefix(':') {
        bare(rest.trim_end_matches(['?', '*', '+']))
    } else if let Some(rest) = part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        bare(rest)
    } else if let Some(rest) = part.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        bare(rest.trim_matches(['[', ']']))
    } else {
        let rest = part.strip_prefix('<').and_then(|it| it.strip_suffix('>'))?;
        rest.rsplit(':').next().unwrap_or_default().to_string()
    };
    (!name.is_empty()).then_some(name)
}

fn parameters(path: &str) -> Vec<String> {
    path.split('/').filter_map(parameter).collect()
}

fn braced(path: &str) -> String {
    let part = |it: &str| parameter(it).map_or_else(|| it.to_string(), |name| format!("{{{name}}}"));
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Each parameter is 1: a request that can be sent at once.
fn filled_in(path: &str) -> String {
    let part = |it: &str| if parameter(it).is_some() { "1".to_string() } else { harmless(it) };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// For a shell, whatever the path holds.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
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

    fn route(method: &str, path: &str, auth: &str) -> Route {
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

    fn report(routes: Vec<Route>) -> Report {
        Report { schema_version: 1, routes, ..Report::default() }
    }

    #[test]
    fn the_table_is_aligned() {
        let report = report(vec![route("GET", "/users/:id", "present"), route("DELETE", "/u", "absent")]);
        let expected = "\
method  path        auth     role     ownership  validation  csrf  content type  rate limit  where
GET     /users/:id  present  unknown  unknown    unknown     n/a   unknown       unknown     src/app.js:7
DELETE  /u          absent   unknown  unknown    unknown     n/a   unknown       unknown     src/app.js:7
";
        assert_eq!(table(&report, &|file| file.to_string()), expected);
    }

    #[test]
    fn json_has_routes_and_problems() {
        let value: Value = serde_json::from_str(&json(&report(vec![route("GET", "/", "absent")]))).expect("JSON");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["schemaVersion", "routes", "problems"]);
        assert_eq!(value["routes"][0]["guards"]["content_type"], "unknown");
    }

    #[test]
    fn requests_can_be_sent_at_once() {
        let report = report(vec![route("POST", "/a/<int:id>/it's/{slug}", "present")]);
        let expected = "BASE=${BASE:-http://localhost:3000}\n\
            curl -i -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{}' \
            \"$BASE\"'/a/1/it'\\''s/1'\n";
        assert_eq!(curl(&report), expected);
        let value: Value = serde_json::from_str(&openapi(&report)).expect("JSON");
        let operation = &value["paths"]["/a/{id}/it's/{slug}"]["post"];
        assert_eq!(operation["parameters"][1]["name"], "slug");
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
