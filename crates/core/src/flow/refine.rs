//! Tests: what holds where a condition is true, and where it is false.

use backend_specialist_syntax::ir::{BinaryOp, Expr, ExprId, LogicOp, UnaryOp};

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::path_facts::PathFacts;
use super::value::{Atom, Atoms, Label, Value};
use crate::model::rows::{Op, ValueType};
use crate::model::{Chars, KindSet};

/// Parts of a URL that say where it points.
const HOST_NAMES: &[&str] = &["host", "hostname", "netloc", "origin"];

impl<'a> Machine<'a> {
    /// The value of an expression that was evaluated already, without doing anything again.
    pub fn peek(&mut self, expr: ExprId) -> Value {
        match self.ir().expr(expr) {
            Expr::Var(_) | Expr::Free(_) | Expr::Member { .. } | Expr::Index { .. } | Expr::This => {
                let dead = self.dead;
                let value = self.eval(expr);
                self.dead = dead;
                value
            }
            Expr::Await(inner) => self.peek(inner),
            Expr::Assign { target, .. } => match self.ir().pattern(target) {
                backend_specialist_syntax::ir::Pattern::Var(var) => match self.var_loc(var) {
                    Some(loc) => self.heap.read(loc),
                    None => Value::absent(),
                },
                _ => Value::absent(),
            },
            _ => Value::absent(),
        }
    }

    /// Gives a place in the heap to what a test may narrow, so that a way on which it does not hold keeps its data.
    pub fn hold_tested(&mut self, test: ExprId) {
        self.deeper(1, |it| it.hold_parts(test));
    }

    fn hold_parts(&mut self, test: ExprId) {
        let ir = self.ir();
        match ir.expr(test) {
            Expr::Unary { operand, .. } => {
                self.hold(operand);
                self.hold_tested(operand);
            }
            Expr::Logic { left, right, .. } => {
                self.hold_tested(left);
                self.hold_tested(right);
            }
            Expr::Binary { left, right, .. } => {
                for side in [left, right] {
                    self.hold(side);
                    self.hold_tested(side);
                }
            }
            Expr::Call { callee, args, .. } => {
                if let Expr::Member { object, .. } = ir.expr(callee) {
                    self.hold(object);
                }
                for arg in ir.arg_list(args) {
                    self.hold(arg.value);
                    self.hold_tested(arg.value);
                }
            }
            Expr::Await(inner) => self.hold_tested(inner),
            _ => {}
        }
    }

    fn hold(&mut self, expr: ExprId) {
        let (object, key) = match self.ir().expr(expr) {
            Expr::Member { object, name, .. } => (object, self.key_of_text(self.sym(name))),
            Expr::Index { object, index } => {
                let key = self.peek_key(index);
                let Some(key) = key else { return };
                (object, key)
            }
            _ => return,
        };
        let value = self.peek(expr);
        if value.labels.is_empty() || self.dead {
            return;
        }
        let holder = self.peek(object);
        let holder = self.writable(holder, object);
        if let Some(id) = holder.object()
            && self.heap.field(id, key).is_none_or(|it| it.is_absent())
        {
            self.heap.write(Loc::Field(id, key), value);
        }
    }

    fn peek_key(&mut self, index: ExprId) -> Option<Key> {
        match self.ir().expr(index) {
            Expr::Const(_) => {
                let key = self.eval(index);
                self.key_of(&key)
            }
            _ => None,
        }
    }

    /// Narrows the state to where the expression is true (or false); false if it cannot be.
    pub fn refine(&mut self, expr: ExprId, truth: bool) -> bool {
        let test = self.place_of(expr);
        let outer = self.set_test(Some(test));
        let reached = self.deeper(1, |it| it.refine_expr(expr, truth)).unwrap_or(true);
        self.set_test(outer);
        reached
    }

    fn refine_expr(&mut self, expr: ExprId, truth: bool) -> bool {
        let ir = self.ir();
        if !matches!(ir.expr(expr), Expr::Unary { .. } | Expr::Logic { .. } | Expr::Binary { .. }) {
            self.establish_truth(expr, truth);
        }
        match ir.expr(expr) {
            Expr::Unary { op: UnaryOp::Not, operand } => self.refine(operand, !truth),
            Expr::Logic { op: LogicOp::And, left, right } => self.refine_both(left, right, truth, true),
            Expr::Logic { op: LogicOp::Or, left, right } => self.refine_both(left, right, truth, false),
            Expr::Binary { op, left, right } => {
                self.refine_comparison(op, left, right, truth);
                true
            }
            Expr::Call { .. } => {
                self.refine_call(expr, truth);
                true
            }
            Expr::Await(inner) => self.refine(inner, truth),
            Expr::Var(var) => {
                self.refine_truth(expr, truth);
                // What it was computed from; there, its own name means what it was before.
                let definitions = &mut self.frame_mut().definitions;
                if let Some(at) = definitions.iter().rposition(|it| it.0 == var) {
                    let (_, definition) = definitions.remove(at);
                    self.refine(definition, truth);
                    self.frame_mut().definitions.push((var, definition));
                }
                true
            }
            Expr::Const(_) => self.peek_truth(expr) != Some(!truth),
            Expr::Member { .. } if self.peek_truth(expr) == Some(!truth) => false,
            Expr::Assign { .. } | Expr::Member { .. } | Expr::Index { .. } => {
                self.refine_truth(expr, truth);
                if !truth {
                    self.allow_without_host(expr);
                }
                true
            }
            _ => true,
        }
    }

    /// `a && b` is true where both are; false where either is.
    pub(super) fn refine_both(&mut self, left: ExprId, right: ExprId, truth: bool, and: bool) -> bool {
        if truth == and {
            return self.refine(left, truth) && self.refine(right, truth);
        }
        let start = self.heap.mark();
        let mut paths = Vec::new();
        let a = self.peek_truth(left);
        if a != Some(!truth) {
            if self.refine(left, truth) {
                paths.push(self.heap.delta(start));
            }
            self.heap.undo(start);
        }
        if a != Some(truth) {
            if self.refine(left, !truth) && self.refine(right, truth) {
                paths.push(self.heap.delta(start));
            }
            self.heap.undo(start);
        }
        if paths.is_empty() {
            return false;
        }
        self.heap.join(paths);
        true
    }

    pub(super) fn peek_truth(&mut self, expr: ExprId) -> Option<bool> {
        let value = match self.ir().expr(expr) {
            Expr::Const(_) => self.eval(expr),
            _ => self.peek(expr),
        };
        if value.is_absent() { None } else { self.truth(&value, self.ir().semantics) }
    }

    /// A value that is true is not nothing.
    pub(super) fn refine_truth(&mut self, expr: ExprId, truth: bool) {
        let value = self.peek(expr);
        if value.atoms().len() < 2 {
            return;
        }
        let semantics = self.ir().semantics;
        let atoms: Vec<Atom> = value
            .atoms()
            .iter()
            .filter(|it| self.truth(&Value::atom((*it).clone()), semantics) != Some(!truth))
            .cloned()
            .collect();
        if !atoms.is_empty() && atoms.len() < value.atoms().len() {
            self.narrow_to(expr, Value { atoms: Atoms::from_vec(atoms), labels: value.labels });
        }
    }

    pub(super) fn refine_comparison(&mut self, op: BinaryOp, left: ExprId, right: ExprId, truth: bool) {
        use BinaryOp as Op;
        match op {
            Op::StrictEq | Op::LooseEq | Op::ValueEq | Op::Same => self.refine_equal(left, right, truth),
            Op::StrictNe | Op::LooseNe | Op::ValueNe | Op::NotSame => self.refine_equal(left, right, !truth),
            Op::In | Op::NotIn | Op::HasKey if truth == (op != Op::NotIn) => {
                let container = self.eval(right);
                self.establish_contains(right, &container);
                self.refine_member(left, &container);
            }
            Op::In | Op::NotIn => {
                let part = self.eval(left);
                self.exclude(right, &part);
            }
            Op::Lt | Op::Le | Op::Gt | Op::Ge => self.refine_bound(op, left, right, truth),
            Op::InstanceOf => {
                let class = self.peek(right);
                self.refine_instance(left, &class, truth);
            }
            _ => {}
        }
    }

    pub(super) fn refine_equal(&mut self, left: ExprId, right: ExprId, truth: bool) {
        for (side, other) in [(left, right), (right, left)] {
            if let Expr::Unary { op: UnaryOp::TypeOf, operand } = self.ir().expr(side) {
                let name = self.eval(other);
                if let Some(text) = self.constant_str(&name)
                    && truth
                {
                    self.narrow_type(operand, type_of_name(&text));
                }
                return;
            }
        }
        self.refine_origin(left, right, truth);
        self.refine_cut(left, right, truth);
        self.refine_cut(right, left, truth);
        if truth {
            self.establish_equal(left, right);
        }
        for (side, other) in [(left, right), (right, left)] {
            let constant = match self.ir().expr(other) {
                Expr::Const(_) | Expr::Unary { .. } | Expr::Concat { .. } => self.eval(other),
                _ => self.peek(other),
            };
            let known = !constant.is_absent()
                && constant.labels.is_empty()
                && constant.atoms().iter().all(|it| {
                    matches!(it, Atom::Text(_) | Atom::Number(_) | Atom::Bool(_) | Atom::Null | Atom::Undefined)
                });
            if !known {
                continue;
            }
            if let Expr::Call { .. } = self.ir().expr(side) {
                self.refine_none(side, &constant, truth);
                // `f(x) === true`, `x.indexOf(y) === 0`, `basename(x) === "a"`.
                match constant.single() {
                    Some(Atom::Bool(it)) => self.refine_call(side, *it == truth),
                    Some(Atom::Number(it)) if *it == -1.0 => self.refine_index_of(side, !truth),
                    Some(Atom::Number(it)) if *it == 0.0 => self.refine_index_zero(side, truth),
                    _ if truth => self.refine_compared(side),
                    _ => {}
                }
                return;
            }
            if !truth
                && constant.atoms().iter().all(|it| matches!(it, Atom::Null | Atom::Undefined | Atom::Bool(false)))
            {
                self.establish_truth(side, true);
            }
            if truth {
                self.allow_host(side);
                self.narrow_to(side, constant);
            } else {
                let value = self.peek(side);
                let atoms: Vec<Atom> =
                    value.atoms().iter().filter(|it| !constant.atoms().contains(it)).cloned().collect();
                if !atoms.is_empty() && atoms.len() < value.atoms().len() && constant.atoms().len() == 1 {
                    self.narrow_to(side, Value { atoms: Atoms::from_vec(atoms), labels: value.labels });
                }
            }
            return;
        }
    }

    /// `find(x) is None`: what a call gives is nothing, or something.
    fn refine_none(&mut self, call: ExprId, constant: &Value, truth: bool) {
        let is_none = |it: &Atom| matches!(it, Atom::Null | Atom::Undefined);
        if self.route.is_none() || !constant.atoms().iter().all(is_none) {
            return;
        }
        let semantics = self.ir().semantics;
        let given = self.tested_value(call);
        let is_false = |it: &Atom| self.truth(&Value::atom(it.clone()), semantics) == Some(false);
        let gives_other = given.atoms().iter().any(|it| is_false(it) && !is_none(it));
        if !truth {
            self.establish_truth(call, true);
        }
        if !gives_other {
            self.refine_call(call, !truth);
        }
    }

    /// What is, or is not, of a class of the project.
    pub(super) fn refine_instance(&mut self, expr: ExprId, class: &Value, truth: bool) {
        let value = self.peek(expr);
        let may_be = |it: &Atom| match self.is_instance(&Value::atom(it.clone()), class) {
            Some(found) => found == truth,
            // What a library made is of no class of the project.
            None => !(truth && matches!((it, class.single()), (Atom::Lib(_), Some(Atom::Class(_))))),
        };
        let atoms: Vec<Atom> = value.atoms().iter().filter(|it| may_be(it)).cloned().collect();
        if !atoms.is_empty() && atoms.len() < value.atoms().len() {
            self.narrow_to(expr, Value { atoms: Atoms::from_vec(atoms), labels: value.labels });
        }
    }

    /// A number compared with a constant has a bound.
    pub(super) fn refine_bound(&mut self, op: BinaryOp, left: ExprId, right: ExprId, truth: bool) {
        if self.refine_found(op, left, right, truth) {
            return;
        }
        let upper = match (op, truth) {
            (BinaryOp::Lt | BinaryOp::Le, true) | (BinaryOp::Gt | BinaryOp::Ge, false) => left,
            (BinaryOp::Gt | BinaryOp::Ge, true) | (BinaryOp::Lt | BinaryOp::Le, false) => right,
            _ => return,
        };
        let other = if upper == left { right } else { left };
        let limit = self.eval(other);
        if let Some(text) = self.length_of(upper)
            && limit.labels.is_empty()
        {
            let slow = Machine::sink_kind("slow-match").family();
            self.narrow_labels(text, |it| Label { safe: it.safe.union(slow), ..it.clone() });
            return;
        }
        if let Expr::Call { .. } = self.ir().expr(upper) {
            return;
        }
        if !limit.labels.is_empty() {
            return;
        }
        let size = Machine::sink_kind("size");
        self.narrow_labels(upper, |it| {
            let mut safe = it.safe;
            safe.insert(size);
            Label { safe, ..it.clone() }
        });
    }

    /// Of `x.length` and `len(x)`: `x`.
    fn length_of(&mut self, expr: ExprId) -> Option<ExprId> {
        let (state, of) = match self.ir().expr(expr) {
            Expr::Member { object, name, .. } => {
                let (language, name) = (self.language(), self.ir().name(name));
                let text = self.places.named_type(language, "Text")?;
                (self.places.member(text, name)?, object)
            }
            Expr::Call { .. } => {
                let test = self.frame().tests.iter().rev().find(|it| it.expr == expr)?;
                match test.callee.single()? {
                    Atom::Lib(state) => (*state, (*test.args.exprs.first()?)?),
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.places.rows(state).effects.iter().any(|it| it.op == Op::Length).then_some(of)
    }

    /// `x.indexOf(y) > -1` and the like.
    fn refine_found(&mut self, op: BinaryOp, left: ExprId, right: ExprId, truth: bool) -> bool {
        let calls = |it: ExprId| matches!(self.ir().expr(it), Expr::Call { .. });
        let (call, limit, op) = match (calls(left), calls(right)) {
            (true, false) => (left, right, op),
            (false, true) => {
                let turned = match op {
                    BinaryOp::Lt => BinaryOp::Gt,
                    BinaryOp::Le => BinaryOp::Ge,
                    BinaryOp::Gt => BinaryOp::Lt,
                    _ => BinaryOp::Le,
                };
                (right, left, turned)
            }
            _ => return false,
        };
        let limit = self.eval(limit).as_number();
        let found = match (op, limit) {
            (BinaryOp::Gt, Some(-1.0)) | (BinaryOp::Ge, Some(0.0)) => truth,
            (BinaryOp::Lt, Some(0.0)) | (BinaryOp::Le, Some(-1.0)) => !truth,
            (BinaryOp::Gt, Some(0.0)) | (BinaryOp::Ge, Some(1.0)) if truth => true,
            _ => return false,
        };
        self.refine_index_of(call, found);
        true
    }

    /// The element is one of the container's.
    pub(super) fn refine_member(&mut self, element: ExprId, container: &Value) {
        self.establish_member(element);
        let Some(id) = container.object() else {
            match container.single() {
                Some(Atom::Text(_)) if container.labels.is_empty() => self.allow(element),
                Some(Atom::Unknown(_) | Atom::Lib(_)) if self.labels_without_unknown(&container.labels).is_empty() => {
                    self.allow_origin(element);
                }
                _ => {}
            }
            return;
        };
        let object = self.heap.object(id);
        if !object.labels.labels.is_empty() || !container.labels.is_empty() {
            return;
        }
        let own_data = match object.kind {
            ObjectKind::Plain | ObjectKind::Map => object.rest.labels.clone(),
            _ => self.heap.elements(id).labels,
        };
        if own_data.is_empty() {
            self.allow(element);
        }
    }

    /// Nobody knows what the list holds: who looks an origin up in one has origins there.
    pub(super) fn allow_origin(&mut self, element: ExprId) {
        let mut safe = KindSet::NONE;
        safe.insert(Machine::sink_kind("cors.origin"));
        self.narrow_labels(element, |it| Label { safe: it.safe.union(safe), ..it.clone() });
    }

    /// The text does not contain a constant part.
    pub(super) fn exclude(&mut self, expr: ExprId, part: &Value) {
        let Some(part) = self.constant_str(part) else { return };
        let mut safe = KindSet::NONE;
        let climbs = matches!(&*part, "." | ".." | "../" | "..\\" | "/..");
        let single = part.chars().count() == 1;
        let gone = if single { Chars::of(&part) } else { Chars::NONE };
        let expr = match self.ir().expr(expr) {
            Expr::Slice { object, .. } => {
                // Everything between its ends: a literal that nothing can leave.
                if matches!(&*part, "'" | "\"") {
                    safe.insert(Machine::sink_kind("code"));
                }
                object
            }
            _ => expr,
        };
        self.narrow_labels(expr, |it| Label {
            safe: it.safe.union(safe),
            chars: it.chars.intersection(gone.complement()),
            path: if climbs { it.path.with(PathFacts::LEVEL) } else { it.path },
            ..it.clone()
        });
    }

    /// The text that was taken apart, if the expression is the host of a URL.
    pub(super) fn parsed_text(&mut self, expr: ExprId) -> Option<ExprId> {
        let Expr::Member { object, name, .. } = self.ir().expr(expr) else { return None };
        if !HOST_NAMES.contains(&self.ir().name(name)) {
            return None;
        }
        let call = match self.ir().expr(object) {
            Expr::Var(var) => self.frame().definitions.iter().rev().find(|it| it.0 == var).map(|it| it.1)?,
            _ => object,
        };
        let Expr::Call { args, .. } = self.ir().expr(call) else { return None };
        let test = self.test_call(call)?;
        let parses = test.callee.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).effects.iter().any(|it| it.op == Op::ParseUrl),
            _ => false,
        });
        let first = self.ir().arg_list(args).first().map(|it| it.value)?;
        parses.then_some(first)
    }

    /// The host of a URL is one of a fixed set: the whole text points where it may.
    pub(super) fn allow_host(&mut self, expr: ExprId) {
        if let Some(text) = self.parsed_text(expr) {
            let (url, redirect) = (Machine::sink_kind("url"), Machine::sink_kind("redirect"));
            self.narrow_labels(text, |it| {
                let mut safe = it.safe;
                safe.insert(url);
                safe.insert(redirect);
                Label { safe, ..it.clone() }
            });
            if let Expr::Member { object, .. } = self.ir().expr(expr)
                && let Expr::Var(_) = self.ir().expr(object)
            {
                self.narrow_labels(object, |it| {
                    let mut safe = it.safe;
                    safe.insert(url);
                    safe.insert(redirect);
                    Label { safe, ..it.clone() }
                });
            }
        }
    }

    /// `url.origin === own.origin`: the host is one's own.
    fn refine_origin(&mut self, left: ExprId, right: ExprId, truth: bool) {
        if !truth {
            return;
        }
        for (side, other) in [(left, right), (right, left)] {
            if self.parsed_text(side).is_some() {
                let own = self.peek(other);
                let unknown = Machine::source_kind("unknown");
                let settings = Machine::source_kind("env");
                let is_own = own.labels.iter().all(|it| {
                    let kind = self.origins[it.origin.0 as usize].kind;
                    kind == unknown || kind == settings
                });
                if !own.is_absent() && is_own {
                    self.allow_host(side);
                }
            }
        }
    }

    /// The URL has no host: it stays here, unless browsers read a backslash in it as the slash that hid one.
    fn allow_without_host(&mut self, expr: ExprId) {
        if let Some(text) = self.parsed_text(expr) {
            let redirect = Machine::sink_kind("redirect");
            self.narrow_labels(text, |it| {
                let mut safe = it.safe;
                if !it.chars.contains('\\') {
                    safe.insert(redirect);
                }
                Label { safe, ..it.clone() }
            });
        }
    }

    /// What the expression names is one of a fixed set: safe for everything.
    pub fn allow(&mut self, expr: ExprId) {
        self.allow_host(expr);
        self.narrow_labels(expr, |it| Label { safe: KindSet::ALL, structured: false, keys: false, ..it.clone() });
    }

    pub fn narrow_labels(&mut self, expr: ExprId, f: impl Fn(&Label) -> Label) {
        // A test of a converted or trimmed copy holds of what it was made from as well.
        let expr = self.tested_place(expr);
        let value = self.peek(expr);
        // What is known of the data of a whole object is kept with the object.
        if let Some(id) = value.object()
            && !self.heap.labels_of(id).is_empty()
        {
            let labels = self.heap.labels_of(id).map(&f);
            let place = self.place_of(expr);
            for (old, new) in self.heap.labels_of(id).clone().iter().zip(labels.iter()) {
                self.note_guarded(old, new, place);
            }
            self.heap.write(Loc::Labels(id), Value::absent().adding(&labels));
        }
        if value.labels.is_empty() {
            return;
        }
        let labels = value.labels.map(&f);
        let place = self.place_of(expr);
        for (old, new) in value.labels.iter().zip(labels.iter()) {
            self.note_guarded(old, new, place);
        }
        let shaped = value.atoms().iter().any(|it| matches!(it, Atom::Shape(_)));
        let atoms = if shaped { Atoms::One(Atom::AnyText) } else { value.atoms.clone() };
        self.narrow_to(expr, Value { atoms, labels });
    }

    pub(super) fn tested_place(&self, expr: ExprId) -> ExprId {
        match self.ir().expr(expr) {
            Expr::Call { callee, args, .. } => match self.ir().expr(callee) {
                Expr::Member { object, .. } if args.is_empty() => self.tested_place(object),
                _ => match self.ir().arg_list(args) {
                    [only] => self.tested_place(only.value),
                    _ => expr,
                },
            },
            Expr::Await(inner) => self.tested_place(inner),
            _ => expr,
        }
    }

    /// A value of a type.
    pub fn narrow_type(&mut self, expr: ExprId, is: Option<ValueType>) {
        let Some(is) = is else { return };
        match is {
            ValueType::Text => self.narrow_labels(expr, |it| Label { structured: false, keys: false, ..it.clone() }),
            ValueType::Number | ValueType::Integer | ValueType::Bool => {
                let value = self.peek(expr);
                let labels = self.numeric_labels(&value.labels);
                if !labels.is_empty() {
                    let atom = if is == ValueType::Bool { Atom::AnyBool } else { Atom::AnyNumber };
                    self.narrow_to(expr, Value::labelled(atom, labels));
                }
            }
            _ => {}
        }
    }

    /// `isinstance(x, C)`: numbers and texts are what they are.
    pub(super) fn narrow_class(&mut self, expr: ExprId, at: &crate::model::place::CallPlace, call: &Call) {
        let classes = self.operands(at, call);
        let mut all: Vec<Atom> = Vec::new();
        for (value, _) in classes {
            match value.object().and_then(|it| self.heap.known_elements(it)) {
                Some(elements) => all.extend(elements.iter().flat_map(|it| it.atoms().to_vec())),
                None => all.extend(value.atoms().to_vec()),
            }
        }
        let mut numbers = !all.is_empty();
        let mut texts = !all.is_empty();
        for atom in all {
            let types = match atom {
                Atom::Lib(state) => self.places.instance(state),
                _ => None,
            };
            let rows = types.map(|it| self.places.rows(it));
            numbers &= rows.as_ref().is_some_and(|it| it.has_type("Number"));
            texts &= rows.is_some_and(|it| it.has_type("Text"));
        }
        if numbers {
            self.narrow_type(expr, Some(ValueType::Number));
        } else if texts {
            self.narrow_type(expr, Some(ValueType::Text));
        }
    }
}

fn type_of_name(name: &str) -> Option<ValueType> {
    Some(match name {
        "string" => ValueType::Text,
        "number" | "bigint" => ValueType::Number,
        "boolean" => ValueType::Bool,
        "function" => ValueType::Function,
        "object" => ValueType::Object,
        _ => return None,
    })
}
