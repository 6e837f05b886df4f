//! GitHub's own description of its API: a request with a key, a parameter or a path that it does not name is a fault of
//! the program under test.
//!
//! The description is fetched once with npm, cut to what is used, and kept below `target`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

/// Pinned: a new description is looked at before it judges.
const VERSION: &str = "23.0.2";
const PULL: &str = "/repos/{owner}/{repo}/pulls/{pull_number}";
const ISSUE: &str = "/repos/{owner}/{repo}/issues/{issue_number}";
/// Everything else is no part of what a review may ask.
const METHODS: [&str; 4] = ["get", "post", "patch", "delete"];

fn used() -> [String; 9] {
    [
        PULL.to_string(),
        format!("{PULL}/files"),
        format!("{PULL}/comments"),
        format!("{PULL}/reviews"),
        "/repos/{owner}/{repo}/pulls".to_string(),
        "/repos/{owner}/{repo}/pulls/comments/{comment_id}".to_string(),
        ISSUE.to_string(),
        format!("{ISSUE}/comments"),
        "/repos/{owner}/{repo}/issues/comments/{comment_id}".to_string(),
    ]
}

pub struct Description {
    root: Value,
    bodies: BTreeMap<(String, String), jsonschema::Validator>,
}

impl std::fmt::Debug for Description {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Description")
    }
}

impl Description {
    /// From the cache, which is filled first if need be.
    pub fn load() -> Description {
        let text = fs::read_to_string(cached()).expect("the description can be read");
        Description::new(serde_json::from_str(&text).expect("the description is JSON"))
    }

    fn new(mut root: Value) -> Description {
        widen(&mut root);
        let mut bodies = BTreeMap::new();
        for (path, operations) in root["paths"].as_object().into_iter().flatten() {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let schema = body_schema(operation);
                if !schema.is_null() {
                    let whole = json!({ "allOf": [schema], "components": root["components"] });
                    let validator = jsonschema::draft4::options().build(&whole).expect("the description is a schema");
                    bodies.insert((method.clone(), path.clone()), validator);
                }
            }
        }
        Description { root, bodies }
    }

    /// What is wrong with the request.
    pub fn faults(&self, method: &str, path: &str, query: &str, body: &Value) -> Vec<String> {
        let method = method.to_lowercase();
        let Some((template, operation)) = self.operation(&method, path) else {
            return vec![format!("{method} {path}: no such operation")];
        };
        let mut faults = Vec::new();
        let known = self.parameters(operation);
        for name in query.split('&').filter(|it| !it.is_empty()).map(|it| it.split('=').next().unwrap_or(it)) {
            if !known.contains(name) {
                faults.push(format!("{method} {template}: no parameter `{name}`"));
            }
        }
        match self.bodies.get(&(method.clone(), template.clone())) {
            Some(validator) => {
                let errors = validator.iter_errors(body).map(|it| format!("{method} {template}: {it}"));
                faults.extend(errors);
                self.unknown_keys(body_schema(operation), body, &template, &mut faults);
            }
            None if !body.is_null() => faults.push(format!("{method} {template}: takes no body")),
            None => {}
        }
        faults
    }

    fn operation(&self, method: &str, path: &str) -> Option<(String, &Value)> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let wanted: Vec<&str> = template.split('/').collect();
            let same = |(wanted, part): (&&str, &&str)| wanted.starts_with('{') && !part.is_empty() || wanted == part;
            wanted.len() == parts.len() && wanted.iter().zip(&parts).all(same)
        };
        let paths = self.root["paths"].as_object()?;
        // A path with more words of its own is the one that is meant.
        let mut found: Vec<_> = paths.iter().filter(|it| fits(it.0)).collect();
        found.sort_by_key(|it| it.0.matches('{').count());
        let (template, operations) = found.first()?;
        Some(((*template).clone(), operations.get(method)?))
    }

    fn parameters(&self, operation: &Value) -> BTreeSet<String> {
        let all = operation["parameters"].as_array().into_iter().flatten().map(|it| self.resolved(it));
        all.filter(|it| it["in"] == "query").filter_map(|it| Some(it["name"].as_str()?.to_string())).collect()
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(name) => self.root.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => value,
        }
    }

    /// GitHub's schemas forbid no key, so that a misspelt one would pass them.
    fn unknown_keys(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let mut known = BTreeMap::new();
                self.properties(schema, &mut known);
                for (key, value) in fields {
                    match known.get(key) {
                        Some(schema) => self.unknown_keys(schema, value, &format!("{at}/{key}"), faults),
                        None => faults.push(format!("{at}: no key `{key}`")),
                    }
                }
            }
            Value::Array(items) => {
                let schema = self.resolved(&self.resolved(schema)["items"]);
                items.iter().for_each(|it| self.unknown_keys(schema, it, at, faults));
            }
            _ => {}
        }
    }

    fn properties<'a>(&'a self, schema: &'a Value, known: &mut BTreeMap<String, &'a Value>) {
        let schema = self.resolved(schema);
        for (name, it) in schema["properties"].as_object().into_iter().flatten() {
            known.insert(name.clone(), it);
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for it in schema[key].as_array().into_iter().flatten() {
                self.properties(it, known);
            }
        }
    }
}

fn body_schema(operation: &Value) -> &Value {
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

/// `nullable` of OpenAPI 3.0 as JSON Schema says it.
fn widen(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(Value::String(kind)) = map.get("type").cloned() {
                    map.insert("type".into(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = map.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            map.values_mut().for_each(widen);
        }
        Value::Array(all) => all.iter_mut().for_each(widen),
        _ => {}
    }
}

/// Requests alone, and what they refer to.
fn cut(whole: &Value) -> Value {
    let mut paths = Map::new();
    for path in used() {
        let mut operations = Map::new();
        for method in METHODS {
            let operation = &whole["paths"][&path][method];
            if !operation.is_null() {
                let kept = json!({ "parameters": operation["parameters"], "requestBody": operation["requestBody"] });
                operations.insert(method.to_string(), kept);
            }
        }
        assert!(!operations.is_empty(), "GitHub's description has no {path}");
        paths.insert(path, operations.into());
    }
    let mut cut = json!({ "paths": paths });
    let mut todo = references(&cut);
    let mut done = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if !done.insert(name.clone()) {
            continue;
        }
        let value = whole.pointer(name.trim_start_matches('#')).cloned().unwrap_or_default();
        todo.extend(references(&value));
        let keys: Vec<&str> = name.trim_start_matches("#/").split('/').collect();
        let mut at = &mut cut;
        for key in keys {
            at = &mut at[key];
        }
        *at = value;
    }
    cut
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).map(str::to_string);
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(all) => all.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The cut description; the first test that needs it fetches it for all.
fn cached() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/openapi");
    let file = folder.join(format!("github-{VERSION}.json"));
    let lock = folder.join("lock");
    fs::create_dir_all(&folder).expect("a folder can be made");
    for _ in 0..600 {
        if file.exists() {
            return file;
        }
        if fs::create_dir(&lock).is_ok() {
            let cut = fetch(&folder.join("fetched"));
            if let Ok(cut) = &cut {
                let partial = folder.join("partial.json");
                fs::write(&partial, cut.to_string()).expect("a file can be written");
                fs::rename(&partial, &file).expect("a file can be renamed");
            }
            let _ = fs::remove_dir(&lock);
            match cut {
                Ok(_) => return file,
                Err(what) => panic!("GitHub's description of its API cannot be fetched with npm: {what}"),
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("another test has been fetching for two minutes; if none is running, delete {}", lock.display());
}

fn fetch(folder: &Path) -> Result<Value, String> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|it| it.to_string())?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm).args(["pack", "--silent", &format!("@octokit/openapi@{VERSION}")]).current_dir(folder))?;
    let archive = format!("octokit-openapi-{VERSION}.tgz");
    let inside = "package/generated/api.github.com.json";
    run(Command::new("tar").args(["-xzf", &archive, inside]).current_dir(folder))?;
    let text = fs::read_to_string(folder.join(inside)).map_err(|it| it.to_string())?;
    let whole: Value = serde_json::from_str(&text).map_err(|it| it.to_string())?;
    let _ = fs::remove_dir_all(folder);
    Ok(cut(&whole))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|it| format!("{command:?}: {it}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(method: &str, path: &str, query: &str, body: &Value) -> Vec<String> {
        Description::load().faults(method, path, query, body)
    }

    #[test]
    fn what_github_knows_passes() {
        let comment =
            json!({ "path": "a", "line": 2, "side": "RIGHT", "body": "b", "start_line": 1, "start_side": "RIGHT" });
        let review = json!({ "commit_id": "c", "event": "COMMENT", "body": "", "comments": [comment] });
        assert_eq!(faults("POST", "/repos/o/r/pulls/7/reviews", "", &review), [""; 0]);
        assert_eq!(faults("GET", "/repos/o/r/pulls/7/files", "per_page=100&page=2", &Value::Null), [""; 0]);
        assert_eq!(faults("DELETE", "/repos/o/r/pulls/comments/9", "", &Value::Null), [""; 0]);
    }

    #[test]
    fn what_github_does_not_know_is_a_fault() {
        let comment = json!({ "path": "a", "line": 2, "body": "b", "start_lines": 1 });
        let review = json!({ "event": "COMMENT", "body": "", "comments": [comment] });
        let told = faults("POST", "/repos/o/r/pulls/7/reviews", "", &review);
        assert!(told[0].contains("no key `start_lines`"), "{told:?}");
        let told = faults("POST", "/repos/o/r/pulls/7/reviews", "", &json!({ "event": "NOPE" }));
        assert!(told[0].contains("NOPE"), "{told:?}");
        let told = faults("GET", "/repos/o/r/pulls/7/files", "size=100", &Value::Null);
        assert!(told[0].contains("no parameter `size`"), "{told:?}");
        let told = faults("GET", "/repos/o/r/pulls/7/file", "", &Value::Null);
        assert!(told[0].contains("no such operation"), "{told:?}");
    }
}
