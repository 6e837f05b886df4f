//! What rules about routes have in common: what a route is for, and what its neighbors ask for.

use crate::Place;
use crate::flow::effects::{Effect, EffectKind};
use crate::flow::events::{ArgFact, Fact};
use crate::flow::guards::Proof;
use crate::flow::value::OriginId;
use crate::names;
use crate::paths::Glob;
use crate::route::Route;
use crate::rules::context::RuleContext;

/// Methods that change something.
const CHANGING: &[&str] = &["POST", "PUT", "PATCH", "DELETE"];

/// Routes of which it is known whether these hold, and that are no tests.
pub fn judged<'a>(cx: &'a RuleContext<'_>, proofs: &'a [Proof]) -> impl Iterator<Item = &'a Route> {
    let is_known = |it: &&Route| it.doubts.is_empty() && !proofs.iter().any(|proof| it.may_have(*proof));
    cx.routes.iter().filter(is_known).filter(|it| !cx.loaded.file(it.place.file).is_test)
}

/// `POST /users`
pub fn title(route: &Route) -> String {
    let methods: Vec<&str> = route.methods.iter().map(String::as_str).collect();
    if methods.is_empty() { route.path.clone() } else { format!("{} {}", methods.join(", "), route.path) }
}

pub fn has(route: &Route, proof: Proof) -> bool {
    route.proofs.iter().any(|it| it.0 == proof)
}

pub fn changes(route: &Route) -> bool {
    route.methods.iter().any(|it| CHANGING.contains(&it.as_str()))
}

pub fn effects(route: &Route, kind: EffectKind) -> impl Iterator<Item = &Effect> {
    route.effects.iter().filter(move |it| it.kind == kind)
}

/// Whether some of the data comes with the request.
pub fn is_from_client(cx: &RuleContext<'_>, given: &[OriginId]) -> bool {
    has_kind(cx, given, &["http.params", "http.query", "http.body", "http.validated", "http.cookies", "http.files"])
}

/// Whether some of the data stands for the authenticated user.
pub fn is_from_principal(cx: &RuleContext<'_>, given: &[OriginId]) -> bool {
    has_kind(cx, given, &["principal"])
}

fn has_kind(cx: &RuleContext<'_>, given: &[OriginId], kinds: &[&str]) -> bool {
    let kinds: Vec<_> = kinds.iter().filter_map(|it| crate::model::kinds::source(it)).collect();
    given.iter().any(|it| kinds.iter().any(|kind| cx.facts.kind_of(*it).is_a(*kind)))
}

pub fn origins(fact: &ArgFact) -> Vec<OriginId> {
    fact.data.iter().map(|it| it.0).collect()
}

/// The members of an argument that is an object, with what they hold.
pub fn fields(fact: Option<&ArgFact>) -> &[(String, ArgFact)] {
    match fact.map(|it| &it.fact) {
        Some(Fact::Object { fields, .. }) => fields,
        _ => &[],
    }
}

/// Where the route asks who the client is, by what only that one knows: a login.
pub fn login(cx: &RuleContext<'_>, route: &Route) -> Option<Place> {
    let is_login = fixed_parts(&route.path).last().is_some_and(|it| names::mentions("login-path", it));
    for effect in &route.effects {
        if effect.holds(Proof::Auth) {
            continue;
        }
        match effect.kind {
            EffectKind::Password if is_from_client(cx, &effect.given) || effect.given.is_empty() && is_login => {
                return Some(effect.place);
            }
            EffectKind::Read => {
                let is_password = |it: &(String, ArgFact)| {
                    names::credential(&it.0) == Some(names::Credential::Password) && is_from_client(cx, &origins(&it.1))
                };
                if fields(effect.role("filter")).iter().any(is_password) {
                    return Some(effect.place);
                }
            }
            _ => {}
        }
    }
    // A library's guard that checks a password stands before the answer.
    let guard = route.proofs.iter().find(|it| it.0 == Proof::Auth).map(|it| it.1);
    guard.filter(|_| is_login)
}

/// Whether the route is one that guests must reach: by what it does, or by the words of its path.
pub fn is_for_guests(cx: &RuleContext<'_>, route: &Route) -> bool {
    let does = |it: &Effect| {
        matches!(it.kind, EffectKind::Password | EffectKind::Token | EffectKind::Session | EffectKind::NewSession)
    };
    let path = fixed_parts(&route.path);
    let registers = route.methods.iter().any(|it| it == "POST")
        && path.last().is_some_and(|it| names::words(it).iter().all(|it| names::is("account-word", it)));
    is_said_public(cx, route)
        || route.effects.iter().any(does)
        || registers
        || path.iter().any(|it| names::mentions("guest-path", it))
        || handler_text(cx, route)
            .is_some_and(|it| names::mentions("password", it) || names::mentions("guest-aware", it))
}

/// The settings say that anybody may call it.
fn is_said_public(cx: &RuleContext<'_>, route: &Route) -> bool {
    cx.assume.public_routes.iter().any(|it| {
        let (method, path) = it.split_once(' ').map_or((None, it.as_str()), |(method, path)| (Some(method), path));
        method.is_none_or(|it| route.methods.iter().all(|own| own.eq_ignore_ascii_case(it)))
            && Glob::new(path.trim_start_matches('/')).matches(route.path.trim_start_matches('/'))
    })
}

/// The parts of a path that are no parameters.
pub fn fixed_parts(path: &str) -> Vec<&str> {
    let is_fixed = |it: &&str| !it.is_empty() && !it.starts_with([':', '{', '<', '[', '*', '(']);
    path.split('/').filter(is_fixed).collect()
}

/// By its path, the route is for those who run the service.
pub fn is_administrative(route: &Route) -> bool {
    fixed_parts(&route.path).iter().any(|it| names::words(it).iter().any(|it| names::is("admin-path", it)))
}

/// The code of the function that answers.
pub fn handler_text<'a>(cx: &RuleContext<'a>, route: &Route) -> Option<&'a str> {
    handler_place(cx, route).map(|it| cx.text(it))
}

/// The function that answers, whole.
pub fn handler_place(cx: &RuleContext<'_>, route: &Route) -> Option<Place> {
    let handler = route.handler?;
    let inside =
        Place { span: backend_specialist_syntax::ir::Span::new(handler.span.end, handler.span.end), ..handler };
    Some(cx.written.function_at(inside).map_or(handler, |it| it.place))
}

/// Whether so many of the routes that change something ask for a login that the others stand out.
pub fn asks_for_login(cx: &RuleContext<'_>) -> bool {
    let all = cx.routes.iter().filter(|it| changes(it)).count();
    let guarded = cx.routes.iter().filter(|it| has(it, Proof::Auth)).count();
    guarded > 0 && guarded * 5 >= all
}

/// How many of the routes of the same file, or else of the project, ask for a login, and how many there are.
pub struct Neighbors {
    pub guarded: usize,
    pub all: usize,
    pub of_file: bool,
}

pub fn neighbors(cx: &RuleContext<'_>, route: &Route) -> Neighbors {
    let count = |of_file: bool| {
        let all = cx.routes.iter().filter(|it| !of_file || it.place.file == route.place.file);
        let (mut guarded, mut count) = (0, 0);
        for it in all {
            count += 1;
            guarded += usize::from(has(it, Proof::Auth));
        }
        Neighbors { guarded, all: count, of_file }
    };
    let own = count(true);
    if own.guarded > 0 { own } else { count(false) }
}

impl Neighbors {
    /// "3 of the 4 routes of this file ask for a login"
    pub fn sentence(&self) -> String {
        let of = if self.of_file { "this file" } else { "the project" };
        let verb = if self.guarded == 1 { "asks" } else { "ask" };
        format!("{} of the {} routes of {of} {verb} for a login", self.guarded, self.all)
    }
}
