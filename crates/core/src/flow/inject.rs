//! Values that nobody passes: parameters filled by a framework, by their type, decorator or default.

use backend_specialist_syntax::ir::{Expr, ExprId, Param, TOP_LEVEL, VarId};

use super::heap::ObjectKind;
use super::machine::{Args, ClassValue, Machine, Pending};
use super::value::{Atom, ClassValueId, Label, Labels, ObjectId, Value};
use crate::Place;
use crate::model::State;

impl<'a> Machine<'a> {
    /// What a framework gives to a parameter that no call fills.
    pub fn provided(&mut self, param: &Param) -> Option<Value> {
        let ir = self.ir();
        let place = self.param_place(param);
        let typed = param.annotation.and_then(|it| self.injected_value(it));
        for decorator in ir.expr_list(param.decorators) {
            let decorator = self.eval(*decorator);
            for atom in decorator.atoms() {
                let decorated = match atom {
                    Atom::Lib(state) => self.places.decorated(*state),
                    Atom::Native(super::value::Native::Decorator(index)) => self.decorators[*index as usize].callee,
                    _ => None,
                };
                if let Some(decorated) = decorated {
                    let given = self.lib_value(decorated, Labels::default(), None, place);
                    let given = match &typed {
                        Some(typed) if !given.labels.is_empty() => self.typed_data(typed, given.labels),
                        _ => given,
                    };
                    return Some(given);
                }
            }
        }
        typed
    }

    /// Data that a framework converted to a declared type.
    pub(super) fn typed_data(&mut self, typed: &Value, labels: Labels) -> Value {
        if self.is_number_type(typed) {
            let labels = self.numeric_labels(&labels);
            return Value::labelled(Atom::AnyNumber, labels);
        }
        Value::labelled(Atom::Unknown(None), labels)
    }

    pub fn is_number_type(&mut self, value: &Value) -> bool {
        if value.is_surely_number() {
            return true;
        }
        value.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).has_type("Number"),
            _ => false,
        })
    }

    /// A value of the type that an annotation names, as dependency injection makes it.
    pub fn injected_value(&mut self, annotation: ExprId) -> Option<Value> {
        self.deeper(1, |it| it.injected_by(annotation)).flatten()
    }

    fn injected_by(&mut self, annotation: ExprId) -> Option<Value> {
        let ir = self.ir();
        match ir.expr(annotation) {
            Expr::Index { object, index } => {
                // `Annotated[T, Depends(f)]`: the call says what it is; else the type does.
                let parts: Vec<ExprId> = match ir.expr(index) {
                    Expr::Array { items, .. } => ir.item_list(items).iter().filter_map(|it| it.value).collect(),
                    _ => vec![index],
                };
                for part in parts.iter().skip(1) {
                    if let Expr::Call { .. } = ir.expr(*part) {
                        let value = self.eval(*part);
                        if !matches!(value.single(), Some(Atom::Unknown(_) | Atom::Undefined) | None)
                            || !value.labels.is_empty()
                        {
                            return Some(value);
                        }
                    }
                }
                if self.is_enumeration(object) {
                    let all: Vec<Value> = parts.iter().map(|it| self.eval(*it)).collect();
                    return all.into_iter().reduce(|all, it| all.join(&it));
                }
                let outer = self.injected_value(object);
                if outer.as_ref().is_some_and(|it| !matches!(it.single(), Some(Atom::Unknown(_)))) {
                    return outer;
                }
                parts.first().and_then(|it| self.injected_value(*it))
            }
            Expr::Binary { left, right, .. } => self.injected_value(left).or_else(|| self.injected_value(right)),
            Expr::Const(_) => None,
            _ => {
                let value = self.eval(annotation);
                self.instance_of(&value)
            }
        }
    }

    /// An annotation that lists the values there are.
    fn is_enumeration(&mut self, annotation: ExprId) -> bool {
        let value = self.eval(annotation);
        self.has_type(&value, "Enumeration")
    }

    pub(super) fn has_type(&self, value: &Value, name: &str) -> bool {
        matches!(value.single(), Some(Atom::Lib(state)) if self.places.rows(*state).has_type(name))
    }

    /// An annotation that gets a name: what its calls give is asked for by each function that has such a parameter.
    pub(super) fn annotation(&mut self, expr: ExprId) -> Value {
        let (module, scope) = (self.frame().module, self.frame().scope);
        Value::atom(Atom::Object(self.new_object(ObjectKind::Annotation { module, scope, expr })))
    }

    pub(super) fn instance_of(&mut self, value: &Value) -> Option<Value> {
        for atom in value.atoms().to_vec() {
            match atom {
                Atom::Class(id) => {
                    let place = self.here();
                    return Some(self.injected(&Value::atom(Atom::Class(id)), place));
                }
                Atom::Object(id) => {
                    if let ObjectKind::Annotation { module, scope, expr } = self.heap.object(id).kind
                        && self.frames.len() < super::machine::DEPTH_MAX * 2
                    {
                        self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
                        let value = self.injected_value(expr);
                        self.frames.pop();
                        return value;
                    }
                }
                Atom::Lib(state) => {
                    let instance = self.places.instance(state);
                    if let Some(instance) = instance {
                        let place = self.here();
                        return Some(self.lib_value(instance, Labels::default(), None, place));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// What a provider gives: an instance of a class (one for all), the result of a function.
    pub fn injected(&mut self, provider: &Value, place: Place) -> Value {
        match provider.single() {
            Some(Atom::Class(id)) => {
                let class = &self.classes[id.0 as usize];
                let key = (class.module, class.class.0);
                if let Some(value) = self.injected.get(&key) {
                    return value.clone();
                }
                if self.frames.len() + 4 >= super::machine::DEPTH_MAX {
                    return Value::unknown();
                }
                // A class that needs itself sees an unknown.
                self.injected.insert(key, Value::unknown());
                let args = self.constructor_args(*id, place);
                let value = self.call_value(provider, Value::undefined(), args, place);
                let value = match value.object() {
                    Some(_) => value,
                    None => {
                        let style = backend_specialist_syntax::ir::CallStyle::New;
                        let call = super::call::Call {
                            this: Value::undefined(),
                            this_expr: None,
                            args: Args::default(),
                            style,
                            place,
                            callee_place: place,
                        };
                        self.invoke(provider, call)
                    }
                };
                self.dead = false;
                self.injected.insert(key, value.clone());
                value
            }
            Some(Atom::Closure(id)) => {
                let closure = self.closures[id.0 as usize].clone();
                let generator = self.modules[closure.module as usize].ir.function(closure.function).is_generator;
                let value = self.call_value(provider, Value::undefined(), Args::default(), place);
                if std::mem::replace(&mut self.dead, false) {
                    return Value::unknown();
                }
                if generator { self.elements_of(&value) } else { value }
            }
            _ => {
                let value = self.call_value(provider, Value::undefined(), Args::default(), place);
                self.dead = false;
                value
            }
        }
    }

    /// What a framework gives to the constructor of a class of handlers: values by the names of its parameters.
    fn constructor_args(&mut self, class: ClassValueId, place: Place) -> Args {
        let constructor = self.classes[class.0 as usize].constructor.clone();
        let Some(Atom::Closure(id)) = constructor.as_ref().and_then(|it| it.single()).cloned() else {
            return Args::default();
        };
        let closure = &self.closures[id.0 as usize];
        let (module, function) = (closure.module, closure.function);
        let types = self.convention(module, function).unwrap_or_default();
        let all: Option<Vec<State>> = types.into_iter().collect();
        let values = all.unwrap_or_default().into_iter().map(|it| self.lib_value(it, Labels::default(), None, place));
        Args::of(values.collect(), place)
    }

    /// What a dependency of a handler gives: its own parameters come from the request as well.
    pub(super) fn dependency(&mut self, provider: &Value, place: Place) -> Option<Value> {
        let function = match provider.single()? {
            Atom::Closure(id) => *id,
            Atom::Class(class) => match self.classes[class.0 as usize].constructor.as_ref()?.single()? {
                Atom::Closure(id) => *id,
                _ => return None,
            },
            _ => return None,
        };
        let closure = self.closures[function.0 as usize].clone();
        let ir = self.modules[closure.module as usize].ir.function(closure.function);
        let own = u32::from(ir.receiver == backend_specialist_syntax::ir::Receiver::FirstParameter);
        let is_generator = ir.is_generator;
        if ir.params.len <= own || self.too_deep(&closure, &Args::default()) {
            return None;
        }
        let pending = Pending {
            function: provider.clone(),
            params: Vec::new(),
            from_request: true,
            converted: Vec::new(),
            callee: None,
            shift: false,
            ..Default::default()
        };
        let scope = self.states[closure.module as usize].scope;
        self.push_frame(closure.module, TOP_LEVEL, scope, Value::undefined());
        let args = self.handler_args(&closure, &Atom::Closure(function), &[], &pending);
        self.frames.pop();
        let value = self.call_value(provider, Value::undefined(), args, place);
        if std::mem::replace(&mut self.dead, false) {
            return Some(Value::unknown());
        }
        Some(if is_generator { self.elements_of(&value) } else { value })
    }

    /// `x: T = Depends()`: the type is what is asked for.
    fn dependency_of_type(&mut self, param: &Param, place: Place) -> Option<Value> {
        let Expr::Call { callee, args, .. } = self.ir().expr(param.default?) else { return None };
        if !self.ir().arg_list(args).is_empty() {
            return None;
        }
        let callee = self.eval(callee);
        let Some(Atom::Lib(state)) = callee.single() else { return None };
        if !self.places.rows(*state).effects.iter().any(|it| it.op == crate::model::rows::Op::Inject) {
            return None;
        }
        let class = self.eval(param.annotation?);
        self.dependency(&class, place)
    }

    /// A variable that is declared with a type and not assigned.
    pub fn declared_value(&mut self, var: VarId) -> Value {
        let annotation = self.annotation_of(var);
        match annotation.and_then(|it| self.injected_lib(it)) {
            Some(value) => value,
            None => Value::undefined(),
        }
    }

    pub(super) fn annotation_of(&self, var: VarId) -> Option<ExprId> {
        self.ir().var_types.iter().find(|it| it.var == var).map(|it| it.annotation)
    }

    /// An unknown value whose variable has a library's type is of that type.
    pub fn typed_by_annotation(&mut self, var: VarId, value: Value) -> Value {
        if !matches!(value.single(), Some(Atom::Unknown(_))) || self.ir().var_types.is_empty() {
            return value;
        }
        match self.annotation_of(var).and_then(|it| self.injected_lib(it)) {
            Some(typed) => typed.adding(&value.labels),
            None => value,
        }
    }

    pub(super) fn injected_lib(&mut self, annotation: ExprId) -> Option<Value> {
        match self.ir().expr(annotation) {
            Expr::Var(_) | Expr::Free(_) | Expr::Member { .. } | Expr::Index { .. } | Expr::Binary { .. } => {
                let value = self.injected_value(annotation)?;
                matches!(value.single(), Some(Atom::Lib(_))).then_some(value)
            }
            _ => None,
        }
    }

    /// A parameter of a function that the framework or nobody calls.
    pub fn root_param(&mut self, param: &Param, given: Option<State>, from_request: bool) -> Value {
        let place = self.param_place(param);
        if let Some(shared) = given.and_then(|it| self.shared_object(it)) {
            return shared;
        }
        if let Some(state) = given {
            return self.lib_value(state, Labels::default(), None, place);
        }
        let provided = self.provided(param);
        if from_request {
            return self.request_param(param, provided, place);
        }
        let default = param.default.map(|it| self.eval(it));
        if let Some(provided) = provided
            && (!matches!(provided.single(), Some(Atom::Unknown(_))) || !provided.labels.is_empty())
        {
            return self.with_default(provided, default);
        }
        if let Some(default) = &default
            && (matches!(default.single(), Some(Atom::Lib(_) | Atom::Object(_))) || !default.labels.is_empty())
        {
            return default.clone();
        }
        if self.only_called_in_vain {
            return self.with_default(Value::unknown(), default);
        }
        let name = param.name.map(|it| self.sym(it));
        let unknown = match name {
            Some(name) => self.named_unknown(name, place),
            None => {
                let labels = self.unknown_source(place);
                Value::labelled(Atom::Unknown(None), labels)
            }
        };
        self.with_default(unknown, default)
    }

    pub(super) fn with_default(&self, value: Value, default: Option<Value>) -> Value {
        match default {
            Some(default) if !matches!(default.single(), Some(Atom::Null | Atom::Undefined)) => value.join(&default),
            _ => value,
        }
    }

    /// A parameter that the framework fills from the request, unless it is one of its own types.
    pub(super) fn request_param(&mut self, param: &Param, provided: Option<Value>, place: Place) -> Value {
        if let Some(value) = self.dependency_of_type(param, place) {
            return value;
        }
        let default = param.default.map(|it| self.eval(it));
        let bounds = self.bounds_of(param);
        if let Some(default) = &default {
            let from_library = default.atoms().iter().any(|it| matches!(it, Atom::Object(_) | Atom::Closure(_)));
            let dependency = matches!(default.single(), Some(Atom::Lib(_))) || from_library;
            if !default.labels.is_empty() {
                return match &provided {
                    Some(typed) => self.typed_data(typed, default.labels.clone()),
                    None => Value::labelled(Atom::Unknown(None), default.labels.clone()),
                };
            }
            if dependency {
                return default.clone();
            }
        }
        match &provided {
            Some(value) if self.is_number_type(value) => {
                let labels = self.source(Machine::source_kind("http.query"), place, false);
                let labels = self.numeric_labels(&labels);
                Value::labelled(Atom::AnyNumber, bounds.apply(&labels))
            }
            Some(value) if value.is_constant() => value.clone(),
            Some(value) if value.object().is_some() => self.request_model(value.clone(), place),
            Some(value)
                if matches!(value.single(), Some(Atom::Lib(_)))
                    && value.labels.is_empty()
                    && !self.is_text_type(value) =>
            {
                value.clone()
            }
            Some(value) if !value.labels.is_empty() => value.clone(),
            _ => {
                let labels = self.source(Machine::source_kind("http.query"), place, false);
                let labels = labels.map(|it| Label { structured: false, keys: false, ..it.clone() });
                Value::labelled(Atom::Unknown(None), bounds.apply(&labels))
            }
        }
    }

    pub(super) fn is_text_type(&mut self, value: &Value) -> bool {
        value.atoms().iter().any(|it| match it {
            Atom::Lib(state) => {
                let rows = self.places.rows(*state);
                rows.has_type("Text") || rows.has_type("Array") || rows.has_type("Object") || rows.has_type("Any")
            }
            _ => false,
        })
    }

    /// A model of the project that the framework fills from the body: text fields carry data, numbers cannot.
    pub(super) fn request_model(&mut self, value: Value, place: Place) -> Value {
        let Some(id) = value.object() else { return value };
        let ObjectKind::Instance(class) = self.heap.object(id).kind else { return value };
        let is_model = self.class_library(class).is_some_and(|it| {
            let rows = self.places.instance(it).map(|it| self.places.rows(it));
            rows.is_some_and(|it| it.types.iter().any(|it| it.row.ends_with("Model")))
        });
        if !is_model {
            return value;
        }
        let labels = self.source(Machine::source_kind("http.body"), place, false);
        let text = labels.map(|it| Label { structured: false, keys: false, ..it.clone() });
        let copy = self.new_object(ObjectKind::Plain);
        let prototype = value.clone();
        self.heap.write(super::heap::Loc::Prototype(copy), prototype);
        self.heap.write(super::heap::Loc::Labels(copy), Value::absent().adding(&text));
        // Those of its bases first.
        for class in self.inherited_classes(class).into_iter().rev().chain([class]) {
            self.typed_fields(class, copy, &labels);
        }
        Value::atom(Atom::Object(copy))
    }

    /// Fields of a model that hold no free text.
    fn typed_fields(&mut self, class: ClassValueId, copy: ObjectId, labels: &Labels) {
        let ClassValue { module, class, scope, .. } = self.classes[class.0 as usize];
        let ir = self.modules[module as usize].ir;
        for member in ir.member_list(ir.class(class).members).to_vec() {
            let Some(annotation) = member.annotation else { continue };
            let backend_specialist_syntax::ir::Key::Name(name) = member.key else { continue };
            let name = self.modules[module as usize].sym(name);
            self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
            let typed = self.injected_value(annotation);
            let bounds = self.bounds_in(annotation).or(member.value.and_then(|it| self.bounds_in_call(it)));
            self.frames.pop();
            let bounds = bounds.unwrap_or_default();
            let labels = &bounds.apply(labels);
            match typed {
                Some(typed) if typed.is_constant() => self.set_field(copy, super::heap::Key::Name(name), typed),
                Some(typed) if self.is_number_type(&typed) => {
                    let number = Value::labelled(Atom::AnyNumber, self.numeric_labels(labels));
                    self.set_field(copy, super::heap::Key::Name(name), number);
                }
                _ if bounds.is_some() => {
                    let labels = labels.map(|it| Label { structured: false, keys: false, ..it.clone() });
                    self.set_field(copy, super::heap::Key::Name(name), Value::labelled(Atom::AnyText, labels));
                }
                _ => {}
            }
        }
    }
}
