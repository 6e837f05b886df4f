//! Calls: arguments, functions of the project run in place, classes made and instantiated.

use backend_specialist_syntax::ir::{Arg, CallStyle, Expr, ExprId, List, Param, Pattern, Receiver, Spread};

use super::heap::{Key, Loc, ObjectKind, Scope};
use super::machine::{Args, CALL_LEVELS, Closure, DEEP_RUNS_MAX, DEPTH_MAX, Frame, Machine, RECURSION_MAX, TestCall};
use super::value::{Atom, Bound, ClosureId, Labels, Native, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::rows::Op;
use crate::names;

/// Calls of one activation that are remembered, in case a test asks.
const TESTS_MAX: usize = 256;

/// A call as library models see it.
#[derive(Clone, Debug)]
pub struct Call {
    pub this: Value,
    pub this_expr: Option<ExprId>,
    pub args: Args,
    pub style: CallStyle,
    pub place: Place,
    pub callee_place: Place,
}

impl<'a> Machine<'a> {
    pub fn eval_call(&mut self, expr: ExprId, callee: ExprId, args: List<Arg>, style: CallStyle) -> Value {
        let ir = self.ir();
        let place = self.place_of(expr);
        let callee_place = self.place_of(callee);
        let mut callee_name = None;
        let (function, this, this_expr) = match ir.expr(callee) {
            Expr::Super => return self.call_super(args, place),
            Expr::Member { object, name, .. } => {
                let name = self.sym(name);
                callee_name = Some(name);
                if matches!(ir.expr(object), Expr::Super) {
                    let function = self.super_member(name);
                    (function, self.frame().this.clone(), None)
                } else {
                    let whole = self.place_of(object);
                    let this = self.eval(object);
                    let this = self.usable_receiver(this, object);
                    let function = self.member(&this, name, Some(whole), callee_place);
                    (function, this, Some(object))
                }
            }
            Expr::Index { object, index } => {
                let whole = self.place_of(object);
                let this = self.eval(object);
                let key = self.eval(index);
                callee_name = key.text();
                self.method_name_sink(&key, index, callee_place);
                let function = self.index(&this, &key, Some(whole), callee_place);
                (function, this, Some(object))
            }
            _ => {
                let function = self.eval(callee);
                self.attribute_call(callee, callee_place);
                (function, Value::undefined(), None)
            }
        };
        let mut args = self.eval_args(args);
        if self.dead {
            return Value::absent();
        }
        if let (Expr::Member { object, .. }, Some(name)) = (ir.expr(callee), callee_name)
            && matches!(ir.expr(object), Expr::Super)
            && self.goes_around(name)
        {
            return Value::unknown();
        }
        if let Expr::Member { name, .. } = ir.expr(callee)
            && let Some(made) = self.bare_instance(&function, self.sym(name), &args)
        {
            return made;
        }
        let this = self.explicit_receiver(&function, this, &mut args);
        self.frame_mut().at = place;
        let call = Call { this, this_expr, args, style, place, callee_place };
        let at = self.frame().tests.len();
        let may_tell = self.may_tell(&function, &call);
        self.telling |= may_tell;
        if may_tell && at < TESTS_MAX {
            // Read while the call runs, too: what it narrows is an argument.
            let args = call.args.clone();
            let (callee, this) = (function.clone(), call.this.clone());
            self.frame_mut().tests.push(TestCall { expr, callee, this, this_expr, args, result: Value::absent() });
        }
        if self.has_own
            && let Some(state) = self.own_by_name(callee, &function)
        {
            let given = call.clone();
            return self.call_own(state, &call, |it| it.invoke(&function, given));
        }
        self.callee_name = callee_name;
        self.note_password_check(callee, &call);
        self.begin_handed_on(expr, &function);
        let result = self.invoke(&function, call);
        if let Some(test) = self.frame_mut().tests.get_mut(at) {
            test.result = result.clone();
        }
        result
    }

    /// `Base.method(self, …)`: the first argument is what the method is called on.
    fn explicit_receiver(&self, function: &Value, this: Value, args: &mut Args) -> Value {
        let (Some(Atom::Class(_)), Some(Atom::Closure(id))) = (this.single(), function.single()) else { return this };
        let closure = &self.closures[id.0 as usize];
        let receiver = self.modules[closure.module as usize].ir.function(closure.function).receiver;
        if receiver != Receiver::FirstParameter || closure.home.is_none() || args.positional.is_empty() {
            return this;
        }
        args.exprs.remove(0);
        args.positional.remove(0).0
    }

    /// What is called was looked up by name: `getattr(object, name)(…)`.
    fn attribute_call(&mut self, callee: ExprId, callee_place: Place) {
        let ir = self.ir();
        let expr = match ir.expr(callee) {
            Expr::Var(var) => self.frame().definitions.iter().rev().find(|it| it.0 == var).map(|it| it.1),
            _ => Some(callee),
        };
        let Some(expr) = expr.filter(|it| matches!(ir.expr(*it), Expr::Call { .. })) else { return };
        let Some(test) = self.frame().tests.iter().rev().find(|it| it.expr == expr).cloned() else { return };
        let looks_up = test.callee.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).effects.iter().any(|it| it.op == Op::GetAttribute),
            _ => false,
        });
        if let (true, Some((key, _)), Some(Some(index))) =
            (looks_up, test.args.positional.get(1), test.args.exprs.get(1))
        {
            self.method_name_sink(key, *index, callee_place);
        }
    }

    pub fn eval_args(&mut self, args: List<Arg>) -> Args {
        let ir = self.ir();
        let mut out = Args::default();
        for arg in ir.arg_list(args) {
            let place = self.place_of(arg.value);
            let mut value = self.eval(arg.value);
            if arg.spread == Spread::Items {
                value = self.iterable(value);
            }
            match (arg.spread, arg.name) {
                (Spread::No, Some(name)) => {
                    let name = self.sym(name);
                    out.keywords.push((name, value, place, Some(arg.value)));
                }
                (Spread::No, None) => match &mut out.rest {
                    Some((rest, _)) => *rest = rest.join(&value),
                    None => {
                        out.positional.push((value, place));
                        out.exprs.push(Some(arg.value));
                    }
                },
                (Spread::Items, _) => match value.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) if out.rest.is_none() => {
                        for element in elements {
                            out.positional.push((element.adding(&value.labels), place));
                            out.exprs.push(None);
                        }
                    }
                    _ => {
                        let element = self.elements_of(&value);
                        let rest = out.rest.take().map(|it| it.0).unwrap_or_default().join(&element);
                        out.rest = Some((rest, place));
                    }
                },
                (Spread::Keywords, _) => {
                    if let Some(id) = value.object() {
                        for (key, field) in self.heap.object(id).fields.clone() {
                            if let (Key::Name(name), false) = (key, field.is_absent()) {
                                out.keywords.push((name, field, place, None));
                            }
                        }
                        let rest = self.heap.object(id).rest.clone();
                        if rest.is_absent() && self.heap.labels_of(id).is_empty() {
                            continue;
                        }
                    }
                    let element = self.elements_of(&value);
                    let element = element.adding(&value.labels);
                    out.keyword_rest = Some((element, place));
                }
            }
        }
        out
    }

    pub fn call_value(&mut self, function: &Value, this: Value, args: Args, place: Place) -> Value {
        self.invoke(function, Call { this, this_expr: None, args, style: CallStyle::Call, place, callee_place: place })
    }

    pub fn invoke(&mut self, function: &Value, call: Call) -> Value {
        self.deeper(CALL_LEVELS, |it| it.invoke_all(function, &call)).unwrap_or_else(Value::unknown)
    }

    /// Whichever of the alternatives it is.
    fn invoke_all(&mut self, function: &Value, call: &Call) -> Value {
        let mut result = Value::absent();
        let atoms = function.atoms().to_vec();
        if atoms.is_empty() {
            return self.call_unknown(function, call);
        }
        let before = self.enter_guarded(function, call);
        let mut paths = Vec::new();
        let several = atoms.len() > 1;
        let mut all_dead = true;
        for atom in &atoms {
            let mark = self.heap.mark();
            let value = self.invoke_atom(atom, function, call);
            let dead = std::mem::replace(&mut self.dead, false);
            all_dead &= dead;
            if several {
                let delta = self.heap.take(mark);
                if !dead {
                    paths.push(delta);
                }
            }
            if !dead {
                result = result.join(&value);
            }
        }
        if several {
            self.heap.join(paths);
        }
        self.dead = all_dead;
        self.leave_guarded(before);
        self.guarded_by(function, result, call)
    }

    pub(super) fn invoke_atom(&mut self, atom: &Atom, function: &Value, call: &Call) -> Value {
        match atom {
            Atom::Closure(id) => self.call_closure(*id, call),
            Atom::Class(id) => self.construct(*id, call),
            Atom::Lib(state) => self.call_library(*state, call),
            Atom::Bound(bound) => self.call_bound(&bound.clone(), call),
            Atom::Native(Native::Resolve(id)) => {
                let value = call.args.value(0);
                let value = self.settled(value);
                self.settle_promise(*id, value);
                Value::undefined()
            }
            Atom::Native(Native::Reject(id)) => {
                let key = Key::Name(self.natives.rejected);
                if self.heap.object(*id).rest.is_absent() && self.heap.field(*id, key).is_none() {
                    let value = call.args.value(0);
                    let value = if value.is_absent() { Value::undefined() } else { value };
                    self.heap.write(Loc::Field(*id, key), value);
                }
                Value::undefined()
            }
            Atom::Native(Native::Suppress) => Value::undefined(),
            Atom::Native(Native::Next { of, record }) => {
                let sent = call.args.get(0).map(|it| it.0.clone());
                self.next_of(*of, sent, *record)
            }
            Atom::Native(Native::Decorator(index)) => self.run_decorator(*index, call),
            Atom::Native(Native::Annotation(_)) => {
                let key = self.annotation_key(&Value::atom(atom.clone()));
                self.annotating(key, call.args.value(0))
            }
            Atom::Object(id)
                if call.style == CallStyle::Decorate && self.heap.object(*id).kind == ObjectKind::Array =>
            {
                // Several decorators in one.
                for it in self.heap.known_elements(*id).unwrap_or_default() {
                    self.invoke(&it, call.clone());
                }
                call.args.value(0)
            }
            Atom::Object(id) => {
                let name = self.natives.call;
                if let ObjectKind::Library(state) = self.heap.object(*id).kind {
                    return self.call_library(state, call);
                }
                if let ObjectKind::Instance(class) = self.heap.object(*id).kind
                    && let Some(method) = self.class_member(class, name, function)
                {
                    let this = Value::atom(Atom::Object(*id));
                    let call = Call { this, this_expr: None, args: call.args.clone(), ..*call };
                    return self.invoke(&method, call);
                }
                self.call_unknown(function, call)
            }
            Atom::Undefined | Atom::Null if function.atoms().len() > 1 => {
                // Calling nothing raises.
                self.dead = true;
                Value::absent()
            }
            _ => self.call_unknown(function, call),
        }
    }

    pub(super) fn call_bound(&mut self, bound: &Bound, call: &Call) -> Value {
        let mut args = call.args.clone();
        let place = call.place;
        let mut positional: Vec<(Value, Place)> = bound.args.iter().map(|it| (it.clone(), place)).collect();
        let mut exprs: Vec<Option<ExprId>> = vec![None; positional.len()];
        positional.append(&mut args.positional);
        exprs.append(&mut args.exprs);
        args.positional = positional;
        args.exprs = exprs;
        let this = bound.this.clone().unwrap_or_else(|| call.this.clone());
        self.invoke(&bound.function, Call { this, this_expr: None, args, ..*call })
    }

    /// Something that nobody knows is called: what goes in may come out, and functions among the arguments may run.
    pub fn call_unknown(&mut self, function: &Value, call: &Call) -> Value {
        self.note_unknown_call(call.callee_place);
        self.note_unknown_guard(call.callee_place);
        let finds = self.route.is_some() && (self.note_unknown_record(call) || self.looks_up(function));
        if self.guard_labels(&function.labels).is_empty() {
            self.note_asked(call.callee_place);
        }
        self.may_raise();
        let mut labels = self.as_data_labels(&function.labels);
        labels = labels.join(&self.deep_labels(&call.this));
        // What is found under a key is not the key.
        if !self.looks_up(function) {
            for (value, _) in call.args.values() {
                labels = labels.join(&self.deep_labels(value));
            }
            for (_, value, _, _) in &call.args.keywords {
                labels = labels.join(&self.deep_labels(value));
            }
        }
        let labels = self.guessed(&labels, call.place);
        if call.style == CallStyle::Decorate {
            return self.decorated_unseen(function, call);
        }
        self.hand_over_callbacks(call, None);
        let name = match function.single() {
            Some(Atom::Unknown(name)) => *name,
            _ => None,
        };
        let value = Value::labelled(Atom::Unknown(name), labels);
        if finds { self.found_by(value, call) } else { value }
    }

    /// Nobody can look into a decorator: it may let only some requests pass.
    fn decorated_unseen(&mut self, function: &Value, call: &Call) -> Value {
        let says_so = |it: &Atom| match it {
            Atom::Unknown(Some(name)) => names::words(&self.text(*name)).iter().any(|it| names::is("guard-word", it)),
            // A decorator of the project that was too long or too deep.
            it => matches!(it, Atom::Unknown(None)) && function.labels.is_empty(),
        };
        let given = call.args.value(0);
        if !function.atoms().iter().any(says_so) {
            return given;
        }
        let unseen = self.source(Machine::source_kind("unseen-guard"), call.callee_place, false);
        given.adding(&unseen)
    }

    /// By its name the function gives what is stored somewhere.
    fn looks_up(&mut self, function: &Value) -> bool {
        function.atoms().iter().any(|it| match it {
            Atom::Unknown(Some(name)) => self.says(*name, "looks-up", |class, name| {
                names::words(name).first().is_some_and(|it| names::is(class, it))
            }),
            _ => false,
        })
    }

    pub(super) fn as_data_labels(&self, labels: &Labels) -> Labels {
        let unknown = self.natives.unknown;
        labels.filter(|it| self.origins[it.origin.0 as usize].kind != unknown)
    }

    pub(super) fn too_deep(&mut self, function: &Closure, args: &Args) -> bool {
        let is_same = |it: &&Frame| it.module == function.module && it.function == function.function;
        let inside = self.frames.iter().filter(is_same).count();
        self.frames.len() >= DEPTH_MAX || inside > RECURSION_MAX && !self.goes_on(function, args)
    }

    /// Whether a function inside itself gets a constant or an object that none of its activations has: then it may
    /// come to its end.
    fn goes_on(&mut self, function: &Closure, args: &Args) -> bool {
        if self.deep_runs >= DEEP_RUNS_MAX {
            return false;
        }
        let module = &self.modules[function.module as usize];
        let it = module.ir.function(function.function);
        let params = module.ir.param_list(it.params).iter();
        let is_known = |it: &Atom| matches!(it, Atom::Number(_) | Atom::Text(_) | Atom::Object(_));
        let is_new = params.skip(usize::from(it.receiver == Receiver::FirstParameter)).zip(&args.positional).any(
            |(param, (value, _))| {
                let Pattern::Var(var) = module.ir.pattern(param.pattern) else { return false };
                let is_same = |it: &&Frame| it.module == function.module && it.function == function.function;
                let known = |it: &Frame| self.heap.read(Loc::Slot(self.heap.activation(it.scope), module.slot(var)));
                value.single().is_some_and(is_known)
                    && self.frames.iter().filter(is_same).all(|it| known(it).single() != value.single())
            },
        );
        self.deep_runs += u32::from(is_new);
        is_new
    }

    pub(super) fn call_closure(&mut self, id: ClosureId, call: &Call) -> Value {
        let closure = self.closures[id.0 as usize].clone();
        self.note_own_call();
        self.note_restricted(id);
        if self.too_deep(&closure, &call.args) || self.budget == 0 {
            if self.frames.len() >= DEPTH_MAX {
                self.reached(super::limits::Limit::Calls);
            }
            let function = Value::unknown();
            return self.call_unknown(&function, call);
        }
        if call.style == CallStyle::New {
            return self.construct_function(id, call);
        }
        if self.has_own
            && let Some(state) = self.own_function(&closure)
        {
            return self.call_own(state, call, |it| it.run_unless_quiet(&closure, call));
        }
        self.run_unless_quiet(&closure, call)
    }

    /// Runs a function in place.
    pub fn run_closure(&mut self, closure: &super::machine::Closure, call: &Call, wanted: Option<bool>) -> Value {
        let linked = &self.modules[closure.module as usize];
        let function = linked.ir.function(closure.function).clone();
        self.executed.insert((closure.module, closure.function));
        let scope = self.heap.push_scope(Scope {
            function: closure.function.0,
            parent: Some(closure.scope),
            slots: vec![Value::absent(); linked.slot_counts[closure.function.index()] as usize],
            round: None,
        });
        let this = match function.receiver {
            Receiver::Inherited => closure.this.clone(),
            _ => call.this.clone(),
        };
        self.enter_handed_on();
        self.push_frame(closure.module, closure.function, scope, this.clone());
        self.frame_mut().home = closure.home;
        self.frame_mut().wanted = wanted;
        if linked.names_arguments {
            self.frame_mut().given = call.args.positional.iter().map(|it| it.0.clone()).collect();
            self.frame_mut().given_rest = call.args.rest.as_ref().map(|it| it.0.clone());
        }
        if function.is_generator {
            let list = self.new_generator();
            self.frame_mut().yields = Some(list);
        }
        let nesting_of_caller = self.frames.len();
        let mut params: Vec<Param> = linked.ir.param_list(function.params).to_vec();
        if function.receiver == Receiver::FirstParameter && !params.is_empty() {
            let receiver = params.remove(0);
            self.bind(receiver.pattern, this);
        }
        let defaults = closure.defaults.get(linked.ir.param_list(function.params).len() - params.len()..);
        let bound = self.bind_params(&params, &call.args, defaults.unwrap_or_default());
        let mark = self.heap.mark();
        self.frame_mut().mark = mark;
        self.exec(function.body);
        debug_assert_eq!(nesting_of_caller, self.frames.len());
        self.finish_frame(call, bound)
    }

    pub(super) fn finish_frame(&mut self, call: &Call, bound: Vec<(Loc, Value, usize)>) -> Value {
        let frame = self.frame_mut();
        let mark = frame.mark;
        let mut exits = std::mem::take(&mut frame.exits);
        let mut result = std::mem::take(&mut frame.result);
        let yields = frame.yields.take();
        let returns = std::mem::take(&mut frame.returns);
        let wanted = frame.wanted;
        if !self.dead && wanted != Some(true) {
            self.note_end();
            if exits.is_empty() {
                result = Value::undefined();
            } else {
                exits.push(self.heap.delta(mark));
                result = result.join(&Value::undefined());
            }
        } else if exits.is_empty() && yields.is_none() {
            // Every way out throws.
            self.frames.pop();
            self.dead = true;
            self.last_result = Value::absent();
            return Value::absent();
        }
        if !exits.is_empty() {
            self.heap.undo(mark);
            self.heap.join(exits);
        }
        self.dead = false;
        let narrowed: Vec<(usize, Value)> = bound
            .into_iter()
            .filter_map(|(loc, before, index)| {
                let after = self.heap.read(loc);
                is_narrower(&before.labels, &after.labels).then_some((index, after))
            })
            .collect();
        self.frames.pop();
        self.last_returns = returns;
        for (index, after) in narrowed {
            if let Some(Some(expr)) = call.args.exprs.get(index) {
                self.narrow_labels_of(*expr, &after.labels);
            }
        }
        if let Some(list) = yields {
            if !result.is_absent() && result.single() != Some(&Atom::Undefined) {
                self.heap.write(Loc::Field(list, Key::Name(self.natives.returned)), result);
            }
            self.last_result = Value::atom(Atom::Object(list));
            return self.last_result.clone();
        }
        self.last_result = result.clone();
        self.step_value(StepKind::Call, result, call.place)
    }

    pub(super) fn call_super(&mut self, args: List<Arg>, place: Place) -> Value {
        let args = self.eval_args(args);
        let this = self.frame().this.clone();
        let Some(home) = self.frame().home else { return Value::undefined() };
        for base in self.classes[home.0 as usize].bases.clone() {
            for atom in base.atoms().to_vec() {
                match atom {
                    Atom::Class(base) => self.run_constructor(base, this.clone(), args.clone(), place),
                    Atom::Lib(state) => {
                        let call = Call {
                            this: this.clone(),
                            this_expr: None,
                            args: args.clone(),
                            style: CallStyle::New,
                            place,
                            callee_place: place,
                        };
                        self.call_library(state, &call);
                    }
                    Atom::Closure(base) => {
                        let closure = self.closures[base.0 as usize].clone();
                        let call = Call {
                            this: this.clone(),
                            this_expr: None,
                            args: args.clone(),
                            style: CallStyle::Call,
                            place,
                            callee_place: place,
                        };
                        if !self.too_deep(&closure, &args) {
                            self.run_closure(&closure, &call, None);
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::undefined()
    }
}

/// Whether a value kept its data and only became safer.
fn is_narrower(before: &Labels, after: &Labels) -> bool {
    !before.is_empty()
        && before != after
        && before.iter().all(|old| {
            after.iter().any(|new| {
                new.origin == old.origin
                    && old.safe.is_subset(new.safe)
                    && new.chars.intersection(old.chars) == new.chars
                    && (old.structured || !new.structured)
            })
        })
        && after.iter().any(|new| {
            before.iter().any(|old| {
                old.origin == new.origin
                    && (old.safe != new.safe || old.chars != new.chars || old.structured != new.structured)
            })
        })
}
