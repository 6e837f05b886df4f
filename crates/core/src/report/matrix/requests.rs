//! Requests that can be sent at once: each parameter is 1.

use std::fmt::Write;

use super::super::frame::harmless;
use super::super::{Report, Route};
use super::path::parts;

/// Where the requests go.
const BASE: &str = "http://localhost:3000";

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
        if route.has_body() {
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
        if route.has_body() {
            words.push("-H 'Content-Type: application/json' -d '{}'".into());
        }
        words.push(format!("\"$BASE\"{}", quoted(&filled_in(&route.path))));
        let _ = writeln!(out, "{}", words.join(" "));
    }
    out
}

fn method(route: &Route) -> &str {
    match route.method.as_str() {
        "ANY" => "GET",
        other if other.bytes().all(|it| it.is_ascii_uppercase()) => other,
        _ => "GET",
    }
}

fn filled_in(path: &str) -> String {
    parts(path).map(|it| it.map_or("1".to_owned(), harmless)).collect::<Vec<_>>().join("/")
}

/// For a shell, whatever the path holds.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{report, route};
    use super::*;

    #[test]
    fn requests_can_be_sent_at_once() {
        let report = report(vec![route("POST", "/a/<int:id>/it's/{slug}", "present")]);
        let expected = "BASE=${BASE:-http://localhost:3000}\n\
            curl -i -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{}' \
            \"$BASE\"'/a/1/it'\\''s/1'\n";
        assert_eq!(curl(&report), expected);
    }
}
