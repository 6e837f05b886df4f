//! Classes: made, instantiated, constructed.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, ClassValue, DEPTH_MAX, LINEAGE_MAX, Machine};
use super::value::{Atom, Bound, ClassValueId, ClosureId, Label, Labels, Value};
use crate::Place;
use backend_specialist_syntax::ir::{CallStyle, ClassId, Expr, ExprId, MemberKind};

impl<'a> Machine<'a> {
    pub fn make_class(&mut self, class: ClassId) -> Value {
        let ir = self.ir();
        let info = ir.class(class).clone();
        if info.type_only {
            return Value::atom(Atom::Unknown(info.name.map(|it| self.sym(it))));
        }
        let bases: Vec<Value> = ir.expr_list(info.bases).iter().map(|it| self.eval(*it)).collect();
        let (statics, prototype) = (self.new_object(ObjectKind::Plain), self.new_object(ObjectKind::Plain));
        let (lineage, is_open) = self.lineage(&bases);
        let frame = self.frame();
        let value = ClassValue {
            module: frame.module,
            class,
            scope: frame.scope,
            bases,
            lineage,
            is_open,
            statics,
            prototype,
            getters: Vec::new(),
            setters: Vec::new(),
            fields: Vec::new(),
            constructor: None,
            declared: Vec::new(),
        };
        self.classes.push(value);
        let id = ClassValueId(self.classes.len() as u32 - 1);
        let value = Value::atom(Atom::Class(id));
        self.made.push(value.clone());
        for (index, member) in ir.member_list(info.members).iter().enumerate() {
            self.make_member(id, index, *member, info.constructor);
        }
        self.hand_over_subclass(id);
        self.class_of_routers(id);
        self.class_of_settings(id);
        self.decorate_class(&info, &value);
        value
    }

    /// Runs the decorators of a class from the inside out; the class stays what it is.
    fn decorate_class(&mut self, info: &backend_specialist_syntax::ir::Class, class: &Value) {
        if self.ir().semantics.classes_are_callable {
            // There they are calls of their own.
            return;
        }
        for decorator in self.ir().expr_list(info.decorators).iter().rev() {
            let place = self.place_of(*decorator);
            let decorator = self.eval(*decorator);
            let args = Args::of(vec![class.clone()], place);
            let call = Call {
                this: Value::undefined(),
                this_expr: None,
                args,
                style: CallStyle::Decorate,
                place,
                callee_place: place,
            };
            self.invoke(&decorator, call);
            self.dead = false;
        }
    }

    /// What a class inherits from, in the order in which members are looked up, and whether some of it is unknown.
    fn lineage(&self, bases: &[Value]) -> (std::rc::Rc<[Atom]>, bool) {
        let mut all: Vec<Atom> = Vec::new();
        let mut is_open = bases.iter().any(Value::is_absent);
        for atom in bases.iter().flat_map(|it| it.atoms()) {
            let inherited = match atom {
                Atom::Class(base) => {
                    let base = &self.classes[base.0 as usize];
                    is_open |= base.is_open;
                    base.lineage.clone()
                }
                _ => {
                    is_open = true;
                    std::rc::Rc::from([])
                }
            };
            for it in std::iter::once(atom).chain(inherited.iter()) {
                // What several inherit from stands behind all of them.
                all.retain(|known| known != it);
                if all.len() < LINEAGE_MAX {
                    all.push(it.clone());
                }
            }
        }
        is_open |= all.len() >= LINEAGE_MAX;
        (all.into(), is_open)
    }

    /// The classes of the project that a class inherits from.
    pub fn inherited_classes(&self, class: ClassValueId) -> Vec<ClassValueId> {
        let lineage = &self.classes[class.0 as usize].lineage;
        lineage.iter().filter_map(|it| if let Atom::Class(base) = it { Some(*base) } else { None }).collect()
    }

    pub(super) fn make_member(
        &mut self,
        id: ClassValueId,
        index: usize,
        member: backend_specialist_syntax::ir::ClassMember,
        constructor: Option<u32>,
    ) {
        let ir = self.ir();
        let at = id.0 as usize;
        let key = match self.key_of_ir(member.key) {
            Some(key) => key,
            None => return,
        };
        let name = match key {
            Key::Name(name) => name,
            Key::Index(index) => self.intern(&index.to_string()),
        };
        if member.kind == MemberKind::Field && !member.is_static {
            let decorators = ir.expr_list(member.decorators).to_vec();
            self.classes[at].fields.push((key, member.value, member.annotation, decorators));
            return;
        }
        if member.kind == MemberKind::Field && member.annotation.is_some() {
            self.classes[at].declared.push(name);
        }
        let Some(expr) = member.value else {
            if member.kind == MemberKind::Field && ir.semantics.members_are_keys {
                let statics = self.classes[at].statics;
                self.set_field(statics, Key::Name(name), Value::undefined());
            }
            return;
        };
        let mut value = match ir.expr(expr) {
            Expr::Function(function) => self.make_closure(function, Some(id)),
            _ => self.eval(expr),
        };
        let function = value.clone();
        for decorator in ir.expr_list(member.decorators).iter().rev() {
            let place = self.place_of(*decorator);
            let decorator = self.eval(*decorator);
            let args = Args::of(vec![value.clone()], place);
            let call = Call {
                this: Value::atom(Atom::Class(id)),
                this_expr: None,
                args,
                style: CallStyle::Decorate,
                place,
                callee_place: place,
            };
            let decorated = self.invoke(&decorator, call);
            if !decorated.is_absent()
                && !matches!(decorated.single(), Some(Atom::Undefined | Atom::Unknown(_) | Atom::Lib(_)))
            {
                value = decorated;
            }
        }
        match member.kind {
            MemberKind::Block => {
                if let Some(Atom::Closure(closure)) = function.single() {
                    let closure = self.closures[closure.0 as usize].clone();
                    let place = self.place(member.span);
                    let call = Call {
                        this: Value::atom(Atom::Class(id)),
                        this_expr: None,
                        args: Args::default(),
                        style: CallStyle::Call,
                        place,
                        callee_place: place,
                    };
                    self.run_closure(&closure, &call, None);
                    self.dead = false;
                }
            }
            MemberKind::Getter => self.classes[at].getters.push((name, value)),
            MemberKind::Setter => self.classes[at].setters.push((name, value)),
            MemberKind::Method if constructor == Some(index as u32) => {
                let prototype = self.classes[at].prototype;
                self.set_field(prototype, Key::Name(name), function.clone());
                self.classes[at].constructor = Some(function);
            }
            MemberKind::Method | MemberKind::Field => {
                if member.on_class
                    && let Some(Atom::Closure(_)) = value.single()
                {
                    value = Value::atom(Atom::Bound(std::rc::Rc::new(Bound {
                        function: value,
                        this: Some(Value::atom(Atom::Class(id))),
                        args: Vec::new(),
                    })));
                }
                let holder = if member.is_static || member.on_class {
                    self.classes[at].statics
                } else {
                    self.classes[at].prototype
                };
                self.set_field(holder, Key::Name(name), value);
            }
        }
    }

    /// `new C(…)`: an object with the fields of its classes, and the constructor run.
    pub fn construct(&mut self, class: ClassValueId, call: &Call) -> Value {
        if self.frames.len() >= DEPTH_MAX || self.budget == 0 {
            return Value::unknown();
        }
        if let Some(made) = self.made_by_class(class, call) {
            self.run_constructor(class, made.clone(), call.args.clone(), call.place);
            return made;
        }
        let id = self.new_object(ObjectKind::Instance(class));
        let this = Value::atom(Atom::Object(id));
        let inherited = self.inherited_classes(class);
        for base in inherited.into_iter().rev().chain([class]) {
            self.init_fields(base, &this);
        }
        let is_filled =
            call.style == CallStyle::Call && !self.has_constructor(class) && self.fill_declared(class, id, &call.args);
        self.run_constructor(class, this.clone(), call.args.clone(), call.place);
        if let Some(state) = self.class_library(class) {
            if let Some(made) = self.places.subclass(state) {
                let rows = self.places.rows(made);
                self.argument_sinks(made, call);
                self.spread_sinks(made, call);
                self.record_calls(&rows, call);
            }
            // A library's own constructor keeps what it is given.
            let takes_all = self.classes[class.0 as usize].constructor.is_none() && !is_filled;
            if takes_all {
                let labels = call.args.values().fold(Labels::default(), |all, it| all.join(&self.deep_labels(&it.0)));
                for (name, value, _, _) in call.args.keywords.clone() {
                    self.set_field(id, Key::Name(name), value);
                }
                let labels = self.guessed(&labels, call.place);
                if !labels.is_empty() {
                    self.heap.write(Loc::Labels(id), Value::absent().adding(&labels));
                }
            }
        }
        this
    }

    fn has_constructor(&self, class: ClassValueId) -> bool {
        let has_own = |it: &ClassValueId| self.classes[it.0 as usize].constructor.is_some();
        has_own(&class) || self.inherited_classes(class).iter().any(has_own)
    }

    pub(super) fn init_fields(&mut self, class: ClassValueId, this: &Value) {
        let it = &self.classes[class.0 as usize];
        let (module, scope, fields) = (it.module, it.scope, it.fields.clone());
        if fields.is_empty() {
            return;
        }
        let function = backend_specialist_syntax::ir::FunctionId(self.heap.scope(scope).function);
        self.push_frame(module, function, scope, this.clone());
        self.frame_mut().home = Some(class);
        for (key, value, annotation, decorators) in fields {
            let value = match (value, annotation) {
                (Some(value), _) => self.eval(value),
                (None, Some(annotation)) if !decorators.is_empty() => {
                    self.injected_value(annotation).unwrap_or_default()
                }
                _ => continue,
            };
            if let Some(id) = this.object()
                && !value.is_absent()
            {
                self.set_field(id, key, value);
            }
        }
        self.frames.pop();
        self.dead = false;
    }

    pub(super) fn run_constructor(&mut self, class: ClassValueId, this: Value, args: Args, place: Place) {
        let mut at = Some(class);
        for _ in 0..16 {
            let Some(class) = at else { return };
            if let Some(constructor) = self.classes[class.0 as usize].constructor.clone()
                && let Some(Atom::Closure(closure)) = constructor.single()
            {
                let closure = self.closures[closure.0 as usize].clone();
                if self.too_deep(&closure, &args) {
                    return;
                }
                let call = Call { this, this_expr: None, args, style: CallStyle::Call, place, callee_place: place };
                self.run_unless_quiet(&closure, &call);
                return;
            }
            at = self.classes[class.0 as usize].bases.iter().find_map(|it| match it.single() {
                Some(Atom::Class(base)) => Some(*base),
                _ => None,
            });
        }
    }

    /// `new F()` of an ordinary function.
    pub(super) fn construct_function(&mut self, id: ClosureId, call: &Call) -> Value {
        let closure = self.closures[id.0 as usize].clone();
        let object = self.new_object(ObjectKind::Plain);
        let name = self.natives.prototype;
        let prototype = self.member(&Value::atom(Atom::Closure(id)), name, None, call.place);
        self.heap.write(Loc::Prototype(object), prototype);
        let this = Value::atom(Atom::Object(object));
        let call =
            Call { this: this.clone(), this_expr: None, args: call.args.clone(), style: CallStyle::Call, ..*call };
        let result = self.run_closure(&closure, &call, None);
        let dead = self.dead;
        match result.object() {
            Some(_) if !dead => result,
            _ => this,
        }
    }

    /// Makes what an expression names as safe as the labels say.
    pub fn narrow_labels_of(&mut self, expr: ExprId, narrowed: &Labels) {
        let value = self.peek(expr);
        if value.labels.is_empty() {
            return;
        }
        let labels = value.labels.map(|label| match narrowed.iter().find(|it| it.origin == label.origin) {
            Some(it) => Label {
                safe: label.safe.union(it.safe),
                chars: label.chars.intersection(it.chars),
                structured: label.structured && it.structured,
                keys: label.keys && it.keys,
                ..label.clone()
            },
            None => label.clone(),
        });
        if labels != value.labels {
            self.narrow_to(expr, value.with_labels(labels));
        }
    }
}
