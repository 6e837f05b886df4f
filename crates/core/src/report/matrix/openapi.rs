//! A skeleton to write the documentation of an API in: OpenAPI 3.1.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::json::pretty;
use super::super::{Report, Route};
use super::path::{Parameter, parts};

/// Methods that a path of OpenAPI can have.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// What stands for any method.
const ANY: [&str; 5] = ["get", "put", "post", "delete", "patch"];
/// The name of the security scheme; which one it is nobody can know.
const SCHEME: &str = "login";

pub fn openapi(report: &Report) -> String {
    let mut paths: Map<String, Value> = Map::new();
    let mut spelt: Vec<(String, String)> = Vec::new();
    let mut ids = BTreeSet::new();
    for route in &report.routes {
        let (path, parameters) = template(&route.path);
        // Paths that differ in the names of their parameters alone are one path.
        let shape = shape(&path);
        let path = match spelt.iter().find(|it| it.0 == shape) {
            Some((_, known)) => known.clone(),
            None => path,
        };
        spelt.push((shape, path.clone()));
        let parameters = if path == template(&route.path).0 { parameters } else { template(&path).1 };
        let method = route.method.to_lowercase();
        let methods: Vec<&str> = match METHODS.iter().find(|it| **it == method) {
            Some(method) => vec![*method],
            None if route.method == "ANY" => ANY.to_vec(),
            None => continue,
        };
        let item = paths.entry(path).or_insert_with(|| json!({}));
        for method in methods {
            // The first registration answers.
            if item.get(method).is_none() {
                item[method] = operation(route, method, &parameters, &mut ids);
            }
        }
    }
    pretty(&json!({
        "openapi": "3.1.0",
        "info": { "title": "API", "version": "0.0.0" },
        "paths": paths,
        "components": { "securitySchemes": { SCHEME: { "type": "http", "scheme": "bearer" } } },
    }))
}

fn operation(route: &Route, method: &str, parameters: &[Parameter], ids: &mut BTreeSet<String>) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".into(), operation_id(route, method, ids).into());
    if !parameters.is_empty() {
        let parameter = |it: &Parameter| {
            let kind = if it.is_integer { "integer" } else { "string" };
            json!({ "name": it.name, "in": "path", "required": true, "schema": { "type": kind } })
        };
        operation.insert("parameters".into(), parameters.iter().map(parameter).collect());
    }
    if matches!(method, "post" | "put" | "patch") {
        operation.insert("requestBody".into(), json!({ "content": { "application/json": { "schema": {} } } }));
    }
    let mut responses = json!({ "default": { "description": "" } });
    match route.guards.auth.as_str() {
        "present" => {
            operation.insert("security".into(), json!([{ SCHEME: [] }]));
            responses["401"] = json!({ "description": "Not logged in" });
        }
        "optional" => {
            operation.insert("security".into(), json!([{}, { SCHEME: [] }]));
        }
        _ => {}
    }
    operation.insert("responses".into(), responses);
    let guards: Map<String, Value> =
        route.guards.all().map(|(name, is)| (name.into(), is.into())).into_iter().collect();
    operation.insert("x-guards".into(), guards.into());
    operation.insert("x-source".into(), format!("{}:{}", route.file, route.line).into());
    Value::Object(operation)
}

/// The path in OpenAPI's spelling, with the parameters in it, each of its own name.
fn template(path: &str) -> (String, Vec<Parameter>) {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut written = Vec::new();
    for part in parts(path) {
        written.push(match part {
            // Braces would begin a parameter.
            Ok(part) => part.replace(['{', '}'], "").replace(['?', '#'], ""),
            Err(mut parameter) => {
                while parameters.iter().any(|it| it.name == parameter.name) {
                    parameter.name.push('_');
                }
                let name = format!("{{{}}}", parameter.name);
                parameters.push(parameter);
                name
            }
        });
    }
    let path = written.join("/");
    (if path.starts_with('/') { path } else { format!("/{path}") }, parameters)
}

/// The template without the names of its parameters.
fn shape(template: &str) -> String {
    template.split('/').map(|it| if it.starts_with('{') { "{}" } else { it }).collect::<Vec<_>>().join("/")
}

/// The handler's name in letters, digits and `_`; with a number behind it where another operation has it.
fn operation_id(route: &Route, method: &str, ids: &mut BTreeSet<String>) -> String {
    let words: Vec<&str> =
        route.handler.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').filter(|it| !it.is_empty()).collect();
    let is_name = words.len() == 1 && route.handler.len() == words[0].len();
    let name = if is_name {
        words[0].to_owned()
    } else {
        let parts = route.path.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
        std::iter::once(method).chain(parts).collect::<Vec<_>>().join("_")
    };
    let mut id = name.clone();
    let mut number = 2;
    while !ids.insert(id.clone()) {
        id = format!("{name}_{number}");
        number += 1;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::super::tests::{report, route};
    use super::*;

    fn paths(routes: &[(&str, &str)]) -> Value {
        let routes = routes.iter().map(|(method, path)| route(method, path, "present")).collect();
        let document: Value = serde_json::from_str(&openapi(&report(routes))).expect("JSON");
        document["paths"].clone()
    }

    #[test]
    fn parameters_have_names_and_types() {
        let paths = paths(&[("GET", "/a/<int:id>/{slug}/[...rest]/:page(\\d+)")]);
        let parameters = paths["/a/{id}/{slug}/{rest}/{page}"]["get"]["parameters"].as_array().expect("a list").clone();
        let told: Vec<_> = parameters.iter().map(|it| (it["name"].as_str(), it["schema"]["type"].as_str())).collect();
        let expected = [("id", "integer"), ("slug", "string"), ("rest", "string"), ("page", "integer")];
        assert_eq!(told, expected.map(|(name, kind)| (Some(name), Some(kind))));
    }

    #[test]
    fn paths_that_differ_in_names_alone_are_one() {
        let paths = paths(&[("GET", "/a/:id"), ("DELETE", "/a/{key}"), ("GET", "/a/:other")]);
        let methods: Vec<&String> = paths["/a/{id}"].as_object().expect("a path").keys().collect();
        assert_eq!(methods, ["get", "delete"]);
        assert_eq!(paths["/a/{id}"]["delete"]["parameters"][0]["name"], "id");
        assert_eq!(paths.as_object().map(Map::len), Some(1));
    }

    #[test]
    fn each_operation_has_its_own_id() {
        let paths = paths(&[("GET", "/a"), ("POST", "/a")]);
        assert_eq!(
            (&paths["/a"]["get"]["operationId"], &paths["/a"]["post"]["operationId"]),
            (&"show".into(), &"show_2".into())
        );
    }

    #[test]
    fn methods_that_the_format_does_not_know_are_left_out() {
        assert_eq!(paths(&[("PURGE", "/a")]), json!({}));
    }
}
