//! What GitHub would answer.

use serde_json::{Value, json};

use crate::comments::{Inline, Note};
use crate::{BOT, NUMBER, Rights, State};

/// Characters of a body.
const BODY_MAX: usize = 65_536;

pub struct Reply {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(String, String)>,
}

impl Reply {
    pub fn new(status: u16, body: Value) -> Reply {
        Reply { status, body, headers: Vec::new() }
    }
}

fn missing() -> Reply {
    Reply::new(404, json!({ "message": "Not Found" }))
}

fn invalid(what: &str) -> Reply {
    Reply::new(422, json!({ "message": "Unprocessable Entity", "errors": [what] }))
}

pub fn answer(state: &mut State, method: &str, path: &str, query: &str, body: &Value) -> Reply {
    if method == "POST" && path == "/graphql" {
        return graphql(state);
    }
    let Some(rest) = path.strip_prefix("/repos/o/r/") else { return missing() };
    let parts: Vec<&str> = rest.split('/').collect();
    if method != "GET" {
        if state.rights == Rights::Read {
            return Reply::new(403, json!({ "message": "Resource not accessible by integration" }));
        }
        if state.is_locked && method == "POST" {
            return Reply::new(403, json!({ "message": "Unable to create comment because issue is locked." }));
        }
        if body["body"].as_str().is_some_and(|it| it.chars().count() > BODY_MAX) {
            return invalid("body is too long (maximum is 65536 characters)");
        }
    }
    let number = NUMBER.to_string();
    let is_ours = |it: &&str| **it == number;
    match (method, parts.as_slice()) {
        ("GET", ["pulls"]) => page(vec![state.pull()], query),
        ("GET", ["pulls", it]) if is_ours(it) => pull(state),
        ("GET", ["pulls", it, "files"]) if is_ours(it) => page(files(state), query),
        ("GET", ["pulls", it, "comments"]) if is_ours(it) => {
            page(state.inline.iter().map(Inline::json).collect(), query)
        }
        ("POST", ["pulls", it, "comments"]) if is_ours(it) => comment(state, body),
        ("POST", ["pulls", it, "reviews"]) if is_ours(it) => review(state, body),
        ("PATCH" | "DELETE", ["pulls", "comments", id]) => inline_one(state, method, id, body),
        ("GET", ["issues", it, "comments"]) if is_ours(it) => page(state.notes.iter().map(Note::json).collect(), query),
        ("POST", ["issues", it, "comments"]) if is_ours(it) => {
            let note = Note { id: state.id(), author: BOT.to_string(), body: text(body, "body") };
            state.notes.push(note.clone());
            Reply::new(201, note.json())
        }
        ("PATCH" | "DELETE", ["issues", "comments", id]) => note_one(state, method, id, body),
        ("GET", ["issues", it]) => {
            Reply::new(200, json!({ "number": it.parse::<u64>().ok(), "title": "Broken login" }))
        }
        _ => missing(),
    }
}

fn text(body: &Value, key: &str) -> String {
    body[key].as_str().unwrap_or_default().to_string()
}

fn pull(state: &mut State) -> Reply {
    if let Some((left, head)) = state.moves_after.take() {
        match left {
            0 => state.push(&head),
            left => state.moves_after = Some((left - 1, head)),
        }
    }
    Reply::new(200, state.pull())
}

/// With its own `Link`.
fn page(all: Vec<Value>, query: &str) -> Reply {
    let number = |name: &str, usual: usize| {
        let value = query.split('&').find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|it| it.parse().ok()).unwrap_or(usual)
    };
    let (size, at) = (number("per_page", 30).min(100), number("page", 1).max(1));
    let mut reply = Reply::new(200, all.iter().skip((at - 1) * size).take(size).cloned().collect());
    if all.len() > at * size {
        let next = format!("<http://elsewhere.invalid/steal?page={}>; rel=\"next\"", at + 1);
        reply.headers.push(("link".to_string(), next));
    }
    reply
}

fn files(state: &State) -> Vec<Value> {
    let base = state.merge_base();
    let told = state.git.text(&["diff", "--name-status", "-M", "-z", &base, &state.head]);
    let mut fields = told.split('\0').filter(|it| !it.is_empty());
    let mut files = Vec::new();
    while let Some(status) = fields.next() {
        let Some(mut name) = fields.next() else { break };
        let mut previous = None;
        if status.starts_with('R') {
            previous = Some(name);
            name = fields.next().unwrap_or_default();
        }
        let word = match status.as_bytes()[0] {
            b'A' => "added",
            b'D' => "removed",
            b'R' => "renamed",
            _ => "modified",
        };
        let mut file = json!({ "filename": name, "status": word });
        if let Some(previous) = previous {
            file["previous_filename"] = previous.into();
        }
        let patch = match previous {
            Some(previous) => {
                let text = state.git.text(&["diff", "-M", &base, &state.head, "--", previous, name]);
                text.find("\n@@").map(|at| text[at + 1..].to_string()).unwrap_or_default()
            }
            None => state.git.patch(&base, &state.head, name),
        };
        if !patch.is_empty() {
            file["patch"] = patch.into();
        }
        files.push(file);
    }
    files
}

/// All comments or none.
fn review(state: &mut State, body: &Value) -> Reply {
    if body["commit_id"] != state.head.as_str() {
        return invalid("commit_id is not part of the pull request");
    }
    let comments = body["comments"].as_array().cloned().unwrap_or_default();
    let mut made = Vec::new();
    for it in &comments {
        match placed(state, it) {
            Ok(inline) => made.push(inline),
            Err(reply) => return reply,
        }
    }
    let id = state.id();
    state.reviews.push(id);
    for mut it in made {
        it.id = state.id();
        state.inline.push(it);
    }
    Reply::new(200, json!({ "id": id }))
}

fn comment(state: &mut State, body: &Value) -> Reply {
    if body["commit_id"] != state.head.as_str() {
        return invalid("commit_id is not part of the pull request");
    }
    match placed(state, body) {
        Ok(mut inline) => {
            inline.id = state.id();
            state.inline.push(inline.clone());
            Reply::new(201, inline.json())
        }
        Err(reply) => reply,
    }
}

/// The comment, if its lines stand in the diff.
fn placed(state: &State, it: &Value) -> Result<Inline, Reply> {
    let path = text(it, "path");
    let hunks = state.git.hunks(&state.merge_base(), &state.head, &path);
    let is_file = it["subject_type"] == "file";
    let (line, start) = (it["line"].as_u64(), it["start_line"].as_u64());
    if is_file {
        let is_changed = files(state).iter().any(|it| it["filename"] == path.as_str());
        if !is_changed {
            return Err(invalid("path is not part of the pull request"));
        }
    } else {
        let Some(line) = line else { return Err(invalid("line is missing")) };
        let from = start.unwrap_or(line);
        let is_shown = hunks.iter().any(|it| it.0 <= from && line <= it.1);
        if !is_shown || start.is_some_and(|it| it >= line) {
            return Err(invalid("Pull request review thread line must be part of the diff"));
        }
    }
    Ok(Inline {
        id: 0,
        author: BOT.to_string(),
        body: text(it, "body"),
        path,
        line: line.filter(|_| !is_file),
        start,
        reply_to: None,
        is_file,
        is_resolved: false,
    })
}

fn inline_one(state: &mut State, method: &str, id: &str, body: &Value) -> Reply {
    let Some(at) = state.inline.iter().position(|it| it.id.to_string() == id) else { return missing() };
    if method == "DELETE" {
        state.inline.remove(at);
        return Reply::new(204, Value::Null);
    }
    state.inline[at].body = text(body, "body");
    Reply::new(200, state.inline[at].json())
}

fn note_one(state: &mut State, method: &str, id: &str, body: &Value) -> Reply {
    let Some(at) = state.notes.iter().position(|it| it.id.to_string() == id) else { return missing() };
    if method == "DELETE" {
        state.notes.remove(at);
        return Reply::new(204, Value::Null);
    }
    state.notes[at].body = text(body, "body");
    Reply::new(200, state.notes[at].json())
}

fn graphql(state: &State) -> Reply {
    if !state.graphql_works {
        return Reply::new(403, json!({ "message": "Resource not accessible by integration" }));
    }
    let threads: Vec<Value> = state
        .inline
        .iter()
        .filter(|it| it.reply_to.is_none())
        .map(|it| json!({ "isResolved": it.is_resolved, "comments": { "nodes": [{ "databaseId": it.id }] } }))
        .collect();
    let pull =
        json!({ "reviewThreads": { "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": threads } });
    let data = json!({ "viewer": { "login": BOT }, "repository": { "pullRequest": pull } });
    Reply::new(200, json!({ "data": data }))
}
