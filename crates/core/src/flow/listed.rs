//! Registrations that are values: they hold where they are listed, in variables of modules that settings name.

use std::rc::Rc;

use super::call::Call;
use super::heap::{Key, ObjectKind};
use super::machine::{Args, Machine};
use super::registrations::Handler;
use super::value::{Atom, ClassValueId, Labels, ObjectId, Sym, Value};
use crate::link::Target;
use crate::model::rows::Op;
use crate::model::{Rows, State};
use crate::{FileId, Place};
use backend_specialist_syntax::ir::{CallStyle, Const, Expr, TOP_LEVEL};

/// Lists inside one another.
const LISTS_MAX: u32 = 6;
/// Values taken from one list.
const ITEMS_MAX: usize = 2000;

impl<'a> Machine<'a> {
    /// The value of a call that registers something where its value is listed.
    pub(super) fn as_registration(&mut self, value: Value, first: usize) -> Value {
        if !self.registrations[first..].iter().any(|it| it.row.is_listed) {
            return value;
        }
        let id = self.new_object(ObjectKind::Plain);
        for registration in self.registrations[first..].iter_mut().filter(|it| it.row.is_listed) {
            registration.listed = Some(id);
        }
        Value::labelled(Atom::Object(id), value.labels)
    }

    /// An assignment that registers: a setting.
    pub(super) fn register_assigned(&mut self, rows: &Rows<'a>, value: &Value, place: Place) {
        for row in rows.routes.iter().filter(|it| it.is_assigned) {
            let call = Call {
                this: Value::undefined(),
                this_expr: None,
                args: Args::of(vec![value.clone()], place),
                style: CallStyle::Call,
                place,
                callee_place: place,
            };
            self.callee_name = None;
            let params = self.param_states(self.language(), &row.params);
            let handler = Handler { value: value.clone(), params, ..Handler::default_of(place) };
            self.register(row.row, vec![handler], &call);
        }
    }

    /// A class that extends one of routers: its instances are routers.
    pub(super) fn class_of_routers(&mut self, id: ClassValueId) {
        let Some(state) = self.class_library(id) else { return };
        let instance = self.places.instance(state);
        if !self.router_classes.contains(&state) && instance.is_some_and(|it| self.takes_routes(it)) {
            self.router_classes.push(state);
        }
    }

    /// A member that is the object itself, by another name.
    pub(super) fn is_itself(&self, state: crate::model::State) -> bool {
        self.places.rows(state).effects.iter().any(|it| it.op == Op::Itself)
    }

    /// What stands behind a dotted name: a module of the project, something in it, or a place of a library.
    pub fn dotted(&mut self, name: &str, file: FileId) -> Option<Value> {
        let is_name = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        let parts: Vec<&str> = name.split('.').collect();
        if parts.len() > 12 || !parts.iter().all(|it| is_name(it)) {
            return None;
        }
        let from = self.modules.iter().position(|it| it.file == file)? as u32;
        if !self.modules[from as usize].ir.semantics.modules_are_namespaces {
            return None;
        }
        for length in (1..=parts.len()).rev() {
            let Target::Module(index) = self.linker.python(from, 0, &parts[..length].join(".")) else { continue };
            let mut value = Some(self.module_value(index));
            for (at, part) in parts[length..].iter().enumerate() {
                let name = self.intern(part);
                value = match value.as_ref().and_then(|it| it.single()) {
                    Some(Atom::Class(class)) => self.static_member(*class, name),
                    _ if at == 0 => self.export(index, name, 0),
                    Some(Atom::Object(id)) => self.heap.field(*id, Key::Name(name)).cloned(),
                    _ => None,
                };
            }
            return value;
        }
        let module = &self.modules[from as usize];
        let (scope, language) = (module.scope, module.ir.semantics.models);
        let (last, package) = parts.split_last()?;
        let state = self.places.package(scope, language, &package.join("."));
        let found = state.and_then(|it| self.places.member(it, last));
        let place = Place { file, span: Default::default() };
        Some(match found {
            Some(found) => self.lib_value(found, Default::default(), None, place),
            None => Value::atom(Atom::Unknown(Some(self.intern(last)))),
        })
    }

    /// The variable of a module by which it is listed.
    pub fn listed_variable(&mut self, module: u32, name: Sym) -> Option<Value> {
        self.export(module, name, 0)
    }

    /// Handlers, routers and registrations that a value stands for: lists taken apart, and modules and names of
    /// modules looked up where they have a variable that lists some.
    pub fn spread_out(&mut self, value: &Value, listed_as: Option<Sym>, file: FileId) -> Vec<Value> {
        let mut found = Vec::new();
        self.spread_into(value, (listed_as, file), &mut found, 0);
        found
    }

    fn spread_into(&mut self, value: &Value, at: (Option<Sym>, FileId), found: &mut Vec<Value>, depth: u32) {
        if depth > LISTS_MAX || found.len() >= ITEMS_MAX {
            return;
        }
        if value.atoms().len() > 1 && value.atoms().iter().any(|it| matches!(it, Atom::Object(_))) {
            // Lists of which one is taken: each may be it.
            for atom in value.atoms() {
                self.spread_into(&Value::labelled(atom.clone(), value.labels.clone()), at, found, depth + 1);
            }
            return;
        }
        match value.single().cloned() {
            Some(Atom::Object(id)) => match self.heap.object(id).kind {
                ObjectKind::Array | ObjectKind::Generator => {
                    let elements = self.heap.known_elements(id).unwrap_or_else(|| {
                        let all = self.heap.elements(id);
                        all.atoms().iter().map(|it| Value::labelled(it.clone(), all.labels.clone())).collect()
                    });
                    for element in elements {
                        self.spread_into(&element, at, found, depth + 1);
                    }
                }
                ObjectKind::Namespace => {
                    let variable = at.0.and_then(|name| self.namespace_member(id, name));
                    match variable {
                        Some(list) => self.spread_into(&list, at, found, depth + 1),
                        None => found.push(value.clone()),
                    }
                }
                _ => found.push(value.clone()),
            },
            Some(Atom::Text(text)) if at.0.is_some() => {
                let text = self.text(text);
                match self.dotted(&text, at.1) {
                    Some(value) => self.spread_into(&value.clone(), at, found, depth + 1),
                    None => found.push(value.clone()),
                }
            }
            _ => found.push(value.clone()),
        }
    }

    /// The instance whose methods answer a request: one for all of a route.
    pub fn answering_instance(&mut self, class: ClassValueId, place: Place) -> Value {
        let module = self.classes[class.0 as usize].module;
        let scope = self.states[module as usize].scope;
        self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
        let value = self.injected(&Value::atom(Atom::Class(class)), place);
        self.frames.pop();
        self.dead = false;
        value
    }

    /// Writes what a framework keeps in an instance that answers: the request, and the name of the method.
    pub fn fill_instance(&mut self, this: &Value, request: Option<(Sym, Option<State>)>, action: Option<(Sym, Sym)>) {
        let Some(id) = this.object() else { return };
        if let Some((name, Some(state))) = request
            && let Some(value) = self.shared_object(state)
        {
            self.set_field(id, Key::Name(name), value);
        }
        if let Some((name, action)) = action {
            self.set_field(id, Key::Name(name), Value::atom(Atom::Text(action)));
        }
    }

    /// A method as it is called on an instance.
    pub fn bound(&self, function: Value, this: &Value) -> Value {
        let labels = function.labels.clone();
        let bound = super::value::Bound { function, this: Some(this.clone()), args: Vec::new() };
        Value::labelled(Atom::Bound(Rc::new(bound)), labels)
    }

    /// What a decorator makes of a function, as if set-up called it.
    pub fn decorated_by(&mut self, decorator: &Value, function: Value, place: Place) -> Value {
        let Some(module) = self.modules.iter().position(|it| it.file == place.file) else { return function };
        let scope = self.states[module].scope;
        self.push_frame(module as u32, TOP_LEVEL, scope, Value::undefined());
        let call = Call {
            this: Value::undefined(),
            this_expr: None,
            args: Args::of(vec![function.clone()], place),
            style: CallStyle::Decorate,
            place,
            callee_place: place,
        };
        let value = self.invoke(decorator, call);
        self.frames.pop();
        self.dead = false;
        let is_function = |it: &Atom| matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Lib(_));
        if value.atoms().iter().any(is_function) { value } else { function }
    }

    /// What decorates a method of the class from outside, the innermost first: the classes' own, then their bases'.
    pub fn decorations(&mut self, class: ClassValueId, method: &str) -> Vec<Value> {
        let key = self.decorations_key(method);
        let lineage: Vec<ClassValueId> = [class].into_iter().chain(self.inherited_classes(class)).collect();
        let mut found = Vec::new();
        for class in lineage.into_iter().rev() {
            let holder = self.classes[class.0 as usize].statics;
            if let Some(list) = self.heap.field(holder, key).cloned() {
                found.extend(self.flattened(&list, 0));
            }
        }
        found
    }

    /// What the first module of settings that has it holds: a variable, and keys in it.
    pub fn setting(&mut self, path: &[String], file: FileId) -> Option<Value> {
        let (name, keys) = path.split_first()?;
        let name = self.intern(name);
        for module in 0..self.modules.len() as u32 {
            if self.settings.get(module as usize).copied().flatten().is_none() {
                continue;
            }
            let Some(mut value) = self.export(module, name, 0) else { continue };
            for key in keys {
                let key = self.intern(key);
                let found = value.object().and_then(|id| self.heap.field(id, self.key_of_text(key)).cloned());
                value = found?;
            }
            let none = self.intern("");
            let values = self.spread_out(&value, Some(none), file);
            return Some(self.new_array(values));
        }
        None
    }

    pub fn language_of(&self, file: FileId) -> &'static str {
        let module = self.modules.iter().find(|it| it.file == file);
        module.map_or("", |it| it.ir.semantics.models)
    }

    pub fn class_of(&self, id: ObjectId) -> Option<ClassValueId> {
        match self.heap.object(id).kind {
            ObjectKind::Instance(class) => Some(class),
            _ => None,
        }
    }

    /// A member that the class itself declares.
    pub fn own_member(&self, class: ClassValueId, name: Sym) -> Option<Value> {
        let it = &self.classes[class.0 as usize];
        let found =
            self.heap.field(it.prototype, Key::Name(name)).or_else(|| self.heap.field(it.statics, Key::Name(name)));
        found.filter(|it| !it.is_absent()).cloned()
    }

    /// Methods that the class itself declares, in order.
    pub fn members_of(&self, class: ClassValueId) -> Vec<(Sym, Value)> {
        let prototype = self.classes[class.0 as usize].prototype;
        self.fields_of(&Value::atom(Atom::Object(prototype)))
    }

    /// The named fields of an object.
    pub fn fields_of(&self, value: &Value) -> Vec<(Sym, Value)> {
        let Some(id) = value.object() else { return Vec::new() };
        let named = self.heap.object(id).fields.iter().filter_map(|(key, value)| match key {
            Key::Name(name) if !value.is_absent() => Some((*name, value.clone())),
            _ => None,
        });
        named.collect()
    }

    /// A member of the router that a registration was made on.
    pub fn router_member(&mut self, router: Option<ObjectId>, name: &str) -> Option<Value> {
        let name = self.intern(name);
        self.heap.field(router?, Key::Name(name)).cloned()
    }

    /// Modules that a value names, by themselves or by text.
    pub fn modules_in(&mut self, value: &Value, file: FileId) -> Vec<u32> {
        let none = self.intern("");
        let mut found = Vec::new();
        for value in self.spread_out(value, Some(none), file) {
            if let Some(id) = value.object()
                && self.heap.object(id).kind == ObjectKind::Namespace
                && let Some(at) = self.folders.iter().find(|it| it.0 == id)
                && let Target::Module(index) = at.1
            {
                found.push(index);
            }
        }
        found
    }

    /// A function or class called with what it needs to go on, as a framework makes its middleware.
    pub fn made_with(&mut self, maker: &Value, with: &[Option<State>], kept_as: Option<Sym>, place: Place) -> Value {
        let Some(module) = self.modules.iter().position(|it| it.file == place.file) else { return Value::unknown() };
        let scope = self.states[module].scope;
        self.push_frame(module as u32, TOP_LEVEL, scope, Value::undefined());
        let given = with.iter().map(|it| match it {
            Some(state) => Value::atom(Atom::Lib(*state)),
            None => Value::unknown(),
        });
        let args = Args::of(given.collect(), place);
        let value = self.call_value(maker, Value::undefined(), args.clone(), place);
        self.frames.pop();
        self.dead = false;
        // What a library's constructor keeps.
        if let (Some(id), Some(name)) = (value.object(), kept_as)
            && self.class_of(id).is_some()
            && self.heap.field(id, Key::Name(name)).is_none()
        {
            self.set_field(id, Key::Name(name), args.value(0));
        }
        value
    }

    pub fn natives_call(&self) -> Sym {
        self.natives.call
    }

    /// The method of an object of a class of the project, ready to be called; the object itself if it is callable.
    pub fn method_of(&mut self, object: &Value, name: Option<Sym>) -> Option<Value> {
        let class = self.class_of(object.object()?)?;
        let name = name.unwrap_or(self.natives.call);
        let method = self.class_member(class, name, object)?;
        let is_own = method.atoms().iter().any(|it| matches!(it, Atom::Closure(_)));
        is_own.then(|| self.bound(method, object))
    }

    /// Methods by which models say that instances of the class are asked whether a request may pass.
    pub fn tests_of(&mut self, class: ClassValueId) -> Vec<Sym> {
        let mut names = Vec::new();
        for atom in self.classes[class.0 as usize].lineage.clone().iter() {
            if let Atom::Lib(state) = atom {
                for row in &self.places.rows(*state).classes {
                    names.extend(row.tests.iter().cloned());
                }
            }
        }
        names.iter().map(|it| self.intern(it)).collect()
    }

    /// What is known of the first class of a library that a class extends.
    pub fn base_labels(&mut self, class: ClassValueId, place: Place) -> Labels {
        match self.class_library(class) {
            Some(state) => self.lib_value(state, Labels::default(), None, place).labels,
            None => Labels::default(),
        }
    }

    /// Whether the text stands in a function.
    pub fn names_text(&self, function: &Value, text: &str) -> bool {
        function.atoms().iter().any(|atom| match atom {
            Atom::Closure(id) => {
                let closure = &self.closures[id.0 as usize];
                let ir = self.modules[closure.module as usize].ir;
                let span = ir.function(closure.function).span;
                let is_text = |it: &Expr| matches!(it, Expr::Const(Const::Text(it)) if ir.name(*it) == text);
                ir.exprs.iter().zip(&ir.expr_spans).any(|(it, at)| span.contains(*at) && is_text(it))
            }
            Atom::Bound(bound) => self.names_text(&bound.function, text),
            _ => false,
        })
    }
}
