//! The columns of the matrix: what was proven, in the words of the report.

use super::Route;
use crate::Place;
use crate::config::{Assume, DoneBy};
use crate::flow::effects::EffectKind;
use crate::flow::guards::Proof;
use crate::load::Loaded;
use crate::report::{Evidence, Guards, Route as Row};

/// Characters of the code that evidence shows.
const TEXT_MAX: usize = 80;

/// Files and lines of places.
struct Lines<'a> {
    loaded: &'a Loaded,
}

impl Lines<'_> {
    fn path(&self, place: Place) -> String {
        self.loaded.file(place.file).path.clone()
    }

    /// From 1.
    fn line(&self, place: Place) -> u32 {
        let before = self.loaded.file(place.file).text.as_bytes().get(..place.span.start as usize).unwrap_or_default();
        before.iter().filter(|it| **it == b'\n').count() as u32 + 1
    }

    /// The code at the place, on one line.
    fn text(&self, place: Place) -> String {
        let text = &self.loaded.file(place.file).text;
        let code = text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default();
        let words: Vec<&str> = code.split_whitespace().collect();
        words.join(" ").chars().take(TEXT_MAX).collect()
    }
}

/// The rows of the matrix, in order of path and method.
pub fn report(routes: &[Route], loaded: &Loaded, assume: &Assume) -> Vec<Row> {
    let lines = &Lines { loaded };
    let is_limited = assume.rate_limit != DoneBy::None;
    let mut rows = Vec::new();
    for route in routes {
        let methods = if route.methods.is_empty() { vec!["ANY".to_owned()] } else { route.methods.clone() };
        for method in methods {
            rows.push(row(route, method, lines, is_limited));
        }
    }
    rows.sort_by(|a, b| (&a.path, &a.method, &a.file, a.line).cmp(&(&b.path, &b.method, &b.file, b.line)));
    rows.dedup();
    rows
}

/// Methods that change nothing.
const SAFE: &[&str] = &["GET", "HEAD", "OPTIONS"];

/// Whether the request says which record is touched: by data that was followed there, or else by its path.
fn picks_records(route: &Route) -> bool {
    let touches = route.effects.iter().any(|it| matches!(it.kind, EffectKind::Read | EffectKind::Write));
    route.picks_records || touches && route.path.contains([':', '{', '<', '[', '*'])
}

/// The word for what is known of a proof.
fn cell(route: &Route, proof: Proof, method: &str) -> &'static str {
    let is_proven = route.proofs.iter().any(|it| it.0 == proof);
    let words = match proof {
        Proof::Ownership => ("checked", "missing"),
        Proof::Validation => ("schema", "none"),
        _ => ("present", "absent"),
    };
    let is_safe = SAFE.contains(&method);
    match proof {
        _ if is_proven => words.0,
        _ if route.may_have(proof) => "unknown",
        Proof::Auth if route.sometimes.contains(&proof) => "optional",
        Proof::Ownership if !picks_records(route) => "n/a",
        Proof::Csrf if is_safe => "n/a",
        Proof::ContentType if is_safe || method == "DELETE" => "n/a",
        _ => words.1,
    }
}

fn row(route: &Route, method: String, lines: &Lines<'_>, is_limited: bool) -> Row {
    let asked = method.clone();
    let cell = |proof: Proof| match proof {
        // What stands before the application limits, as the settings say.
        Proof::RateLimit if is_limited => "present".to_owned(),
        proof => cell(route, proof, &asked).to_owned(),
    };
    let evidence = route.proofs.iter().map(|(proof, place)| Evidence {
        guard: word(*proof).to_owned(),
        file: lines.path(*place),
        line: lines.line(*place),
        why: lines.text(*place),
    });
    Row {
        method,
        path: route.path.clone(),
        file: lines.path(route.place),
        line: lines.line(route.place),
        handler: route.handler.map(|it| lines.text(it)).unwrap_or_default(),
        framework: route.library.clone(),
        guards: Guards {
            auth: cell(Proof::Auth),
            role: cell(Proof::Role),
            ownership: cell(Proof::Ownership),
            validation: cell(Proof::Validation),
            csrf: cell(Proof::Csrf),
            content_type: cell(Proof::ContentType),
            rate_limit: cell(Proof::RateLimit),
        },
        roles: Vec::new(),
        evidence: evidence.collect(),
    }
}

fn word(proof: Proof) -> &'static str {
    match proof {
        Proof::Auth => "auth",
        Proof::Role => "role",
        Proof::Ownership => "ownership",
        Proof::Validation => "validation",
        Proof::Csrf => "csrf",
        Proof::ContentType => "content_type",
        Proof::RateLimit => "rate_limit",
    }
}
