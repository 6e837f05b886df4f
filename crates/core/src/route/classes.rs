//! Handlers that are classes: a route for each method that they truly have, with what the class and its bases put
//! before it, in the order in which members are looked up.

use std::rc::Rc;

use super::assemble::Assembly;
use super::{Link, Work};
use crate::flow::registrations::{Handler, Registration};
use crate::flow::value::{Atom, ClassValueId, Sym, Value};
use crate::model::rows::{ClassRow, Verb};
use crate::model::{KindId, State};

/// Methods of HTTP that a class answers by methods of the same name.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// One way to ask a handler.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// In capitals; none for any method.
    pub method: Option<String>,
    pub path: String,
    pub links: Vec<Link>,
}

/// What answers, and where it was found.
enum Found {
    Own(Value),
    /// A method of the library's own class.
    Provided(State),
}

/// A method of HTTP, the name of the method that answers it, the path, and guards in place of those of the class.
struct Asked {
    method: String,
    name: String,
    path: String,
    guards: Vec<Value>,
}

impl Asked {
    fn new(method: &str, name: &str, path: String) -> Asked {
        Asked { method: method.to_owned(), name: name.to_owned(), path, guards: Vec::new() }
    }
}

/// A class that answers requests, seen through what models say of its bases.
struct View {
    class: Option<ClassValueId>,
    /// The class and what it inherits from, in the order in which members are looked up.
    lineage: Vec<Atom>,
    rows: Vec<(State, Rc<[ClassRow]>)>,
    /// Names of methods by methods of HTTP, where it was made with some.
    actions: Option<Vec<(String, String)>>,
    /// An instance that was made already.
    instance: Option<Value>,
}

/// The ways to ask the class that is the last link; nothing if there is none.
pub(super) fn answers(
    assembly: &mut Assembly<'_, '_>,
    registration: &Registration<'_>,
    path: &str,
    links: &[Link],
) -> Option<Vec<Answer>> {
    let (last, before) = links.split_last()?;
    let view = view(assembly, &last.handler.value)?;
    let mut asked = asked(assembly, &view, registration, path);
    if !registration.methods.is_empty() && registration.methods != registration.row.default_methods {
        asked.retain(|it| registration.methods.contains(&it.method));
    }
    let listed = view.rows.iter().flat_map(|it| it.1.iter()).find_map(|it| it.methods.clone());
    let listed = listed.and_then(|it| view.attribute(assembly, &it));
    if let Some(listed) = listed.map(|it| texts_in(assembly, &it)).filter(|it| !it.is_empty()) {
        asked.retain(|it| listed.iter().any(|method| method.eq_ignore_ascii_case(&it.method)));
    }
    let mut answers = Vec::new();
    for it in asked {
        let sym = assembly.machine.intern(&it.name);
        let Some(found) = view.find(assembly, sym, &it.name) else { continue };
        let (request, action) = view.filled(assembly, sym);
        let last = Link { request, action, ..last.clone() };
        let mut links = before.to_vec();
        view.add_chain(assembly, &last, it.guards, &mut links);
        view.add_last(assembly, &last, found, &it.name, &mut links);
        answers.push(Answer { method: Some(it.method), path: it.path, links });
    }
    if answers.is_empty() && view.class.is_none() {
        let mut links = before.to_vec();
        view.add_chain(assembly, last, Vec::new(), &mut links);
        let state = view.rows.first()?.0;
        view.add_last(assembly, last, Found::Provided(state), "", &mut links);
        answers.push(Answer { method: None, path: path.to_owned(), links });
    }
    (!answers.is_empty()).then_some(answers)
}

/// The class that a handler is, or is an instance of.
fn view(assembly: &mut Assembly<'_, '_>, value: &Value) -> Option<View> {
    let (mut class, mut library, mut actions, mut instance) = (None, None, None, None);
    for atom in value.atoms() {
        match atom {
            Atom::Class(id) => class = Some(*id),
            Atom::Lib(state) => library = Some(*state),
            Atom::Object(id) => {
                class = assembly.machine.class_of(*id);
                instance = class.map(|_| Value::atom(atom.clone()));
            }
            Atom::Bound(bound) => {
                match bound.function.single() {
                    Some(Atom::Class(id)) => class = Some(*id),
                    Some(Atom::Lib(state)) => library = Some(*state),
                    _ => continue,
                }
                actions = bound.args.first().map(|it| pairs(assembly, it));
            }
            _ => {}
        }
    }
    let mut lineage: Vec<Atom> = class.map(Atom::Class).into_iter().collect();
    match class {
        Some(id) => lineage.extend(assembly.machine.classes[id.0 as usize].lineage.iter().cloned()),
        None => lineage.extend(library.map(Atom::Lib)),
    }
    let mut rows = Vec::new();
    for atom in &lineage {
        if let Atom::Lib(state) = atom {
            let held = assembly.machine.places.rows(*state);
            let all: Vec<ClassRow> = held.classes.iter().map(|it| it.row.clone()).collect();
            if !all.is_empty() {
                rows.push((*state, all.into()));
            }
        }
    }
    if class.is_none() && rows.is_empty() {
        return None;
    }
    Some(View { class, lineage, rows, actions, instance })
}

/// The ways in which the class may be asked.
fn asked(assembly: &mut Assembly<'_, '_>, view: &View, registration: &Registration<'_>, path: &str) -> Vec<Asked> {
    if let Some(actions) = &view.actions {
        return actions.iter().map(|it| Asked::new(&it.0.to_uppercase(), &it.1, path.to_owned())).collect();
    }
    if let Some(name) = view.all_rows().find_map(|it| it.answer.clone()) {
        let listed = view.all_rows().find_map(|it| it.methods.clone()).and_then(|it| view.attribute(assembly, &it));
        let mut methods = listed.map(|it| texts_in(assembly, &it)).unwrap_or_default();
        if methods.is_empty() {
            methods = registration.methods.clone();
        }
        return methods.iter().map(|it| Asked::new(&it.to_uppercase(), &name, path.to_owned())).collect();
    }
    if registration.row.actions.is_empty() {
        let named = |prefix: &'static str| {
            METHODS.iter().map(move |it| Asked::new(it, &format!("{prefix}{}", it.to_lowercase()), path.to_owned()))
        };
        return named("").chain(named("on_")).collect();
    }
    let row = registration.row;
    let end = row.ends_with.as_ref().and_then(|it| assembly.machine.router_member(registration.owner, it));
    let end = match end.as_ref().and_then(|it| it.single()) {
        Some(Atom::Bool(false)) => "",
        _ => "/",
    };
    let parameter = row.parameter.iter().find_map(|name| {
        let value = view.attribute(assembly, name)?;
        texts_in(assembly, &value).into_iter().next()
    });
    let parameter = format!("<{}>", parameter.as_deref().unwrap_or("pk"));
    let of = |it: &crate::model::rows::Action| {
        Asked::new(&it.method, &it.name, format!("{path}{}{end}", it.path.replace("{}", &parameter)))
    };
    let mut all: Vec<Asked> = row.actions.iter().map(of).collect();
    let first_for_one = row.actions.iter().position(|it| it.path.contains("{}")).unwrap_or(all.len());
    let further = further(assembly, view, path, &parameter, end);
    all.splice(first_for_one..first_for_one, further);
    all
}

/// Methods of the class that say themselves what they answer.
fn further(assembly: &mut Assembly<'_, '_>, view: &View, path: &str, parameter: &str, end: &str) -> Vec<Asked> {
    let mut all = Vec::new();
    let mut seen = Vec::new();
    for atom in &view.lineage {
        let Atom::Class(class) = atom else { continue };
        for (name, value) in assembly.machine.members_of(*class) {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let name = assembly.machine.text(name).to_string();
            for atom in value.atoms() {
                let Atom::Closure(id) = atom else { continue };
                for index in assembly.of_function.get(id).cloned().unwrap_or_default() {
                    let it = assembly.log[index].clone();
                    if it.row.verb != Verb::Action {
                        continue;
                    }
                    let own = it.path.as_ref().map(|it| texts_in(assembly, it)).unwrap_or_default();
                    let own = own.into_iter().next().unwrap_or_else(|| name.clone());
                    let own = super::paths::from_pattern(&own);
                    let one = if it.is_for_one { format!("/{parameter}") } else { String::new() };
                    let full = format!("{path}{one}/{}{end}", own.trim_matches('/'));
                    let guards: Vec<Value> = it.guards.iter().map(|it| it.value.clone()).collect();
                    all.extend(
                        it.methods
                            .iter()
                            .map(|method| Asked { guards: guards.clone(), ..Asked::new(method, &name, full.clone()) }),
                    );
                }
            }
        }
    }
    all
}

impl View {
    fn attribute(&self, assembly: &mut Assembly<'_, '_>, name: &str) -> Option<Value> {
        let name = assembly.machine.intern(name);
        assembly.machine.static_member(self.class?, name).filter(|it| !it.is_absent())
    }

    fn find(&self, assembly: &mut Assembly<'_, '_>, sym: Sym, name: &str) -> Option<Found> {
        for atom in &self.lineage {
            match atom {
                Atom::Class(class) => {
                    let own = assembly.machine.own_member(*class, sym);
                    if let Some(value) = own.filter(is_function) {
                        return Some(Found::Own(value));
                    }
                }
                Atom::Lib(state) => {
                    let provides = |it: &ClassRow| it.provides.iter().any(|it| it == name);
                    if self.rows_of(*state).is_some_and(|it| it.iter().any(provides)) {
                        return Some(Found::Provided(*state));
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn rows_of(&self, state: State) -> Option<&Rc<[ClassRow]>> {
        self.rows.iter().find(|it| it.0 == state).map(|it| &it.1)
    }

    fn all_rows(&self) -> impl Iterator<Item = &ClassRow> {
        self.rows.iter().flat_map(|it| it.1.iter())
    }

    /// Attributes that hold the request, and the name of the method that answers.
    fn filled(&self, assembly: &mut Assembly<'_, '_>, name: Sym) -> (Option<Sym>, Option<(Sym, Sym)>) {
        let request = self.all_rows().find_map(|it| it.request.clone());
        let action = self.all_rows().find_map(|it| it.action.clone());
        let request = request.map(|it| assembly.machine.intern(&it));
        (request, action.map(|it| (assembly.machine.intern(&it), name)))
    }

    /// What stands before every method of the class; `guards` take the place of those that it names.
    fn add_chain(&self, assembly: &mut Assembly<'_, '_>, last: &Link, guards: Vec<Value>, links: &mut Vec<Link>) {
        let passes = |value: Value| Link {
            handler: Handler { value, ..last.handler.clone() },
            work: Work::Passes,
            ..last.clone()
        };
        links.push(passes(last.handler.value.clone()));
        for atom in &self.lineage {
            match atom {
                Atom::Class(class) => {
                    for name in self.all_rows().flat_map(|it| &it.around) {
                        let name = assembly.machine.intern(name);
                        if let Some(value) = assembly.machine.own_member(*class, name).filter(is_function) {
                            links.push(self.link(last, value, Work::Around(name)));
                        }
                    }
                }
                Atom::Lib(state) => {
                    let value = assembly.machine.lib_value(*state, Default::default(), None, last.handler.place);
                    links.push(passes(value));
                    let Some(rows) = self.rows_of(*state) else { continue };
                    for row in rows.iter() {
                        if !row.exempt.is_empty() {
                            links.push(self.link(last, Value::absent(), Work::Exempts(row.exempt.clone())));
                        }
                        for name in &row.tests {
                            let name = assembly.machine.intern(name);
                            let found = self.find(assembly, name, "");
                            if let Some(Found::Own(value)) = found {
                                links.push(self.link(last, value, Work::Test));
                            }
                        }
                    }
                    if rows.iter().any(|it| !it.around.is_empty()) {
                        break;
                    }
                }
                _ => {}
            }
        }
        match guards.is_empty() {
            true => self.add_guards(assembly, last, links),
            false => links.extend(guards.into_iter().map(|it| self.link(last, it.clone(), Work::Guards(it)))),
        }
    }

    /// Guards that attributes of the class hold, else the settings.
    fn add_guards(&self, assembly: &mut Assembly<'_, '_>, last: &Link, links: &mut Vec<Link>) {
        for row in self.all_rows().filter(|it| !it.guards.is_empty()) {
            let own = row.guards.iter().find_map(|it| self.attribute(assembly, it));
            let value = match own {
                Some(value) => Some(value),
                None => assembly.machine.setting(&row.default_guards, last.handler.place.file),
            };
            if let Some(value) = value {
                links.push(self.link(last, value.clone(), Work::Guards(value)));
            }
        }
    }

    /// The method that answers, behind what the library calls for it.
    fn add_last(&self, assembly: &mut Assembly<'_, '_>, last: &Link, found: Found, name: &str, links: &mut Vec<Link>) {
        let state = match found {
            Found::Own(value) => {
                let value = self.decorated(assembly, value, last, name);
                links.push(self.link(last, value, Work::Function));
                return;
            }
            Found::Provided(state) => state,
        };
        let rows = self.rows_of(state).cloned();
        let mut proves: Vec<KindId> = Vec::new();
        for row in rows.iter().flat_map(|it| it.iter()) {
            if !name.is_empty() && !row.provides.iter().any(|it| it == name) {
                continue;
            }
            proves.extend(&row.proves);
            for called in &row.calls {
                let sym = assembly.machine.intern(called);
                if let Some(Found::Own(value)) = self.find(assembly, sym, "") {
                    links.push(self.link(last, value, Work::Calls));
                }
            }
        }
        let value = self.decorated(assembly, Value::atom(Atom::Lib(state)), last, name);
        links.push(self.link(last, value, Work::Proves(proves)));
    }

    /// The method with the decorators that an attribute of the class holds, or that decorate the class.
    fn decorated(&self, assembly: &mut Assembly<'_, '_>, value: Value, last: &Link, name: &str) -> Value {
        let mut value = value;
        let around: Vec<String> = self.all_rows().flat_map(|it| it.around.clone()).collect();
        for name in [name.to_owned()].into_iter().chain(around) {
            let Some(class) = self.class else { break };
            let list = assembly.machine.decorations(class, &name);
            for decorator in list {
                value = assembly.machine.decorated_by(&decorator, value, last.handler.place);
            }
        }
        for name in self.all_rows().flat_map(|it| it.decorators.clone()).collect::<Vec<_>>() {
            let Some(list) = self.attribute(assembly, &name) else { continue };
            let decorators = assembly.machine.spread_out(&list, None, last.handler.place.file);
            for decorator in decorators {
                value = assembly.machine.decorated_by(&decorator, value, last.handler.place);
            }
        }
        value
    }

    fn link(&self, last: &Link, value: Value, work: Work) -> Link {
        Link {
            handler: Handler { value, ..last.handler.clone() },
            work,
            class: self.class,
            instance: self.instance.clone(),
            ..last.clone()
        }
    }
}

fn is_function(value: &Value) -> bool {
    value.atoms().iter().any(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_)))
}

/// The constant texts of a list, in order.
fn texts_in(assembly: &mut Assembly<'_, '_>, value: &Value) -> Vec<String> {
    super::paths::texts(assembly.machine, value).into_iter().flatten().collect()
}

/// The entries of a mapping of texts.
fn pairs(assembly: &mut Assembly<'_, '_>, value: &Value) -> Vec<(String, String)> {
    let fields = assembly.machine.fields_of(value);
    let mut all = Vec::new();
    for (name, value) in fields {
        let name = assembly.machine.text(name).to_string();
        let text = texts_in(assembly, &value).into_iter().next();
        all.extend(text.map(|it| (name, it)));
    }
    all
}
