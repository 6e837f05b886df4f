//! Expressions to values.

use backend_specialist_syntax::ir::{BinaryOp, Const, Expr, ExprId, LogicOp, PatternId, UnaryOp, VarId, VarKind};

use super::heap::Loc;
use super::limits::Limit;
use super::machine::{Machine, NESTING_MAX, TOTAL_NESTING_MAX};
use super::value::{Atom, Labels, Value};

impl<'a> Machine<'a> {
    pub fn eval(&mut self, expr: ExprId) -> Value {
        if self.budget == 0 {
            self.reached(Limit::Length);
            return Value::unknown();
        }
        self.budget -= 1;
        let depth = self.depth;
        let frame = self.frame_mut();
        if frame.nesting > NESTING_MAX || depth > TOTAL_NESTING_MAX {
            self.reached(Limit::Nesting);
            return Value::unknown();
        }
        frame.nesting += 1;
        self.depth += 1;
        let value = self.eval_expr(expr);
        self.depth -= 1;
        self.frame_mut().nesting -= 1;
        self.telling = self.telling || self.tells(&value);
        if self.trusted_headers.is_empty() || value.labels.is_empty() {
            return value;
        }
        self.without_trusted_headers(expr, value)
    }

    /// A header that something in front of the application writes is no data of the client.
    fn without_trusted_headers(&self, expr: ExprId, value: Value) -> Value {
        let ir = self.ir();
        let text = |expr: ExprId| match ir.expr(expr) {
            Expr::Const(Const::Text(name)) => Some(ir.name(name)),
            _ => None,
        };
        let name = match ir.expr(expr) {
            Expr::Member { name, .. } => Some(ir.name(name)),
            Expr::Index { index, .. } => text(index),
            Expr::Call { args, .. } => ir.arg_list(args).first().and_then(|it| text(it.value)),
            _ => None,
        };
        if !name.is_some_and(|name| self.trusted_headers.iter().any(|it| it.eq_ignore_ascii_case(name))) {
            return value;
        }
        let headers = Machine::source_kind("http.headers");
        let labels = value.labels.filter(|it| !self.origins[it.origin.0 as usize].kind.is_a(headers));
        value.with_labels(labels)
    }

    pub(super) fn eval_expr(&mut self, id: ExprId) -> Value {
        let ir = self.ir();
        let place = self.place_of(id);
        match ir.expr(id) {
            Expr::Const(it) => self.constant(it),
            Expr::Var(var) => {
                // What it was computed from is narrowed with it.
                self.telling |= self.frame().definitions.iter().any(|it| it.0 == var);
                self.read_var(var, place)
            }
            Expr::Free(name) => {
                let name = self.sym(name);
                self.free(name, place)
            }
            Expr::This => self.frame().this.clone(),
            Expr::Super => self.frame().this.clone(),
            Expr::Member { object, name, .. } => {
                let name = self.sym(name);
                if matches!(ir.expr(object), Expr::Super) {
                    return self.super_member(name);
                }
                let whole = self.place_of(object);
                let value = self.eval(object);
                let value = self.usable_receiver(value, object);
                self.frame_mut().at = place;
                self.note_risky_read(&value);
                let found = self.member(&value, name, Some(whole), place);
                self.bound_method(&value, name, found)
            }
            Expr::Index { object, index } => {
                let whole = self.place_of(object);
                let value = self.eval(object);
                if self.has_type(&value, "Annotation") {
                    return self.annotation(id);
                }
                let key = self.eval(index);
                self.frame_mut().at = place;
                self.note_risky_read(&value);
                self.index(&value, &key, Some(whole), place)
            }
            Expr::Slice { object, lower, upper, step } => {
                let value = self.eval(object);
                let lower = lower.map(|it| self.eval(it));
                let upper = upper.map(|it| self.eval(it));
                let step = step.map(|it| self.eval(it));
                self.slice(&value, lower.as_ref(), upper.as_ref(), step.as_ref(), place)
            }
            Expr::Call { callee, args, style, .. } => self.eval_call(id, callee, args, style),
            Expr::Import(import) => {
                let module = self.frame().module;
                self.import_value(module, import, false)
            }
            Expr::Concat { pieces, .. } => {
                let values: Vec<(Value, crate::Place)> =
                    ir.expr_list(pieces).iter().map(|it| (self.eval(*it), self.place_of(*it))).collect();
                self.concat(values, place)
            }
            Expr::Binary { op, left, right } => self.binary(op, left, right, place),
            Expr::Unary { op, operand } => self.unary(op, operand),
            Expr::Logic { op, left, right } => self.logic(op, left, right),
            Expr::Cond { test, then, otherwise } => self.cond(test, then, otherwise),
            Expr::Array { style, items } => self.array(style, items),
            Expr::Object { props } => self.object_literal(props),
            Expr::Comprehension { style, clauses, key, value } => self.comprehension(style, clauses, key, value),
            Expr::Function(function) => self.make_closure(function, None),
            Expr::Class(class) => self.make_class(class),
            Expr::Await(inner) => {
                let value = self.eval(inner);
                self.awaited(value)
            }
            Expr::Yield { value, delegate } => self.yielded(value, delegate),
            Expr::Assign { target, value } => {
                let (given, tells) = self.eval_test(value);
                self.define(target, value, tells);
                self.bind(target, given.clone());
                given
            }
            Expr::Update { target, value } => {
                let value = self.eval(value);
                self.bind(target, value.clone());
                value
            }
            Expr::Sequence(items) => ir.expr_list(items).iter().fold(Value::undefined(), |_, it| self.eval(*it)),
            Expr::Element { tag, attributes, children } => {
                if let Some(tag) = tag {
                    self.eval(tag);
                }
                let attributes = self.eval(attributes);
                let mut labels = self.deep_labels(&attributes);
                for child in ir.expr_list(children) {
                    let child = self.eval(*child);
                    labels = labels.join(&child.labels);
                }
                Value::unknown().with_labels(labels)
            }
            Expr::Delete(target) => {
                self.delete(target);
                Value::bool(true)
            }
            Expr::Opaque(parts) => {
                for part in ir.expr_list(parts) {
                    self.eval(*part);
                }
                Value::unknown()
            }
        }
    }

    /// Remembers what a variable was computed from, for tests of the variable.
    pub fn define(&mut self, target: PatternId, value: ExprId, tells: bool) {
        let ir = self.ir();
        if let backend_specialist_syntax::ir::Pattern::Var(var) = ir.pattern(target) {
            let kept = tells
                && matches!(
                    ir.expr(value),
                    Expr::Call { .. }
                        | Expr::Index { .. }
                        | Expr::Binary { .. }
                        | Expr::Logic { .. }
                        | Expr::Unary { .. }
                );
            let definitions = &mut self.frame_mut().definitions;
            definitions.retain(|it| it.0 != var);
            if kept {
                definitions.push((var, value));
            }
        }
    }

    pub(super) fn constant(&mut self, it: Const) -> Value {
        Value::atom(match it {
            Const::Null => Atom::Null,
            Const::Undefined => Atom::Undefined,
            Const::Bool(it) => Atom::Bool(it),
            Const::Number(it) => Atom::Number(it),
            Const::Text(name) => Atom::Text(self.sym(name)),
            Const::Regex { pattern, flags } => Atom::Regex { pattern: self.sym(pattern), flags: self.sym(flags) },
            Const::Ellipsis => Atom::Unknown(None),
        })
    }

    /// Where a variable is kept: in the activation of its owner, or in the round of a loop there.
    pub fn var_loc(&self, var: VarId) -> Option<Loc> {
        let module = self.module();
        let (owner, slot) = (module.ir.var(var).owner, module.slot(var));
        let mut scope = self.frame().scope;
        loop {
            let it = self.heap.scope(scope);
            if it.function == owner.0 && it.round.as_ref().is_none_or(|slots| slots.contains(&slot)) {
                return Some(Loc::Slot(scope, slot));
            }
            scope = it.parent?;
        }
    }

    pub(super) fn read_var(&mut self, var: VarId, place: crate::Place) -> Value {
        let info = *self.ir().var(var);
        if let VarKind::Import { .. } = info.kind {
            let module = self.frame().module;
            let value = self.imported(module, var);
            if let Some(Atom::Lib(state)) = value.single() {
                if let Some(held) = self.heap.field(self.imports, super::heap::Key::Index(state.index())) {
                    return held.clone();
                }
                return self.lib_value(*state, Labels::default(), None, place);
            }
            if let Some(Atom::Unknown(_)) = value.single() {
                let name = self.sym(info.name);
                return self.unresolved_import(name, place);
            }
            return value;
        }
        let value = match self.var_loc(var) {
            Some(loc) => {
                if let (Loc::Slot(scope, _), VarKind::Let | VarKind::Parameter) = (loc, info.kind) {
                    self.heap.note_scope(scope);
                }
                self.heap.read(loc)
            }
            None => Value::absent(),
        };
        if value.is_absent() && value.labels.is_empty() {
            return Value::atom(Atom::Unknown(Some(self.sym(info.name))));
        }
        value
    }

    /// An import of something that the models do not know: its name may still say what it is.
    pub(super) fn unresolved_import(&mut self, name: super::value::Sym, place: crate::Place) -> Value {
        let text = self.text(name);
        match self.guess_state(&text) {
            Some(state) => self.lib_value(state, Labels::default(), None, place),
            None => Value::atom(Atom::Unknown(Some(name))),
        }
    }

    /// A receiver that is nothing (declared, assigned elsewhere) is known by its name alone.
    pub fn usable_receiver(&mut self, value: Value, expr: ExprId) -> Value {
        let nothing = value.atoms().iter().all(|it| matches!(it, Atom::Undefined | Atom::Null));
        let unnamed = matches!(value.single(), Some(Atom::Unknown(_)));
        if !nothing && !unnamed {
            return value;
        }
        let name = match self.ir().expr(expr) {
            Expr::Var(var) => self.ir().var(var).name,
            Expr::Member { name, .. } | Expr::Free(name) => name,
            _ => return if nothing { Value::unknown().with_labels(value.labels) } else { value },
        };
        let name = self.sym(name);
        let text = self.text(name);
        let place = self.place_of(expr);
        match self.guess_state(&text) {
            Some(state) => self.lib_value(state, value.labels, None, place),
            None if nothing => Value::labelled(Atom::Unknown(Some(name)), value.labels),
            None => value,
        }
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId, place: crate::Place) -> Value {
        let (left_place, right_place) = (self.place_of(left), self.place_of(right));
        let a = self.eval(left);
        let b = self.eval(right);
        if is_comparison(op) && (self.is_column(left) || self.is_column(right)) {
            let labels = self.stepped(&a.labels.join(&b.labels), place);
            return Value::labelled(Atom::Unknown(None), labels);
        }
        if let Some(value) = self.fold(op, &a, &b).or_else(|| self.operator_method(op, &a, &b, place)) {
            return value;
        }
        if let Some(value) = self.library_operator(op, &a, (&b, right_place), place) {
            return value;
        }
        match op {
            BinaryOp::AddOrConcat | BinaryOp::Add => {
                if a.is_surely_number() && b.is_surely_number() {
                    let labels = a.labels.join(&b.labels);
                    return Value::labelled(Atom::AnyNumber, labels);
                }
                if op == BinaryOp::Add && (self.is_array(&a) || self.is_array(&b)) {
                    return self.concat_arrays(&[a, b]);
                }
                self.concat(vec![(a, left_place), (b, right_place)], place)
            }
            BinaryOp::ModOrFormat if !a.is_surely_number() && !matches!(a.single(), Some(Atom::Number(_))) => {
                if let Some(text) = self.percent(&a, &b, place) {
                    return text;
                }
                let args = self.elements_if_array(&b);
                let mut pieces = vec![(a, left_place)];
                pieces.push((args, right_place));
                let joined = self.concat(pieces, place);
                Value::labelled(Atom::AnyText, joined.labels)
            }
            BinaryOp::Mul if a.is_surely_text() || b.is_surely_text() => {
                let labels = self.stepped(&a.labels.join(&b.labels), place);
                Value::labelled(Atom::AnyText, labels)
            }
            BinaryOp::Mul if self.is_array(&a) => self.repeated(&a, &b),
            // Of what may be text, many times the same text.
            BinaryOp::Mul if self.ir().semantics.classes_are_callable && !a.is_surely_number() => {
                let labels = self.stepped(&a.labels.join(&b.labels), place);
                Value::labelled(Atom::Unknown(None), labels)
            }
            BinaryOp::Div if !a.is_surely_number() && self.language_has_path_division(&a) => {
                self.join_path_operator(&a, &b, place)
            }
            BinaryOp::In | BinaryOp::NotIn | BinaryOp::HasKey => {
                let held = match op {
                    BinaryOp::HasKey | BinaryOp::In | BinaryOp::NotIn => self.contains_key(&b, &a),
                    _ => None,
                };
                match held {
                    Some(held) => Value::bool(held != (op == BinaryOp::NotIn)),
                    None => Value::atom(Atom::AnyBool),
                }
            }
            BinaryOp::StrictEq
            | BinaryOp::StrictNe
            | BinaryOp::LooseEq
            | BinaryOp::LooseNe
            | BinaryOp::ValueEq
            | BinaryOp::ValueNe
            | BinaryOp::Same
            | BinaryOp::NotSame
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge => Value::atom(Atom::AnyBool),
            BinaryOp::InstanceOf => match self.is_instance(&a, &b) {
                Some(it) => Value::bool(it),
                None => Value::atom(Atom::AnyBool),
            },
            BinaryOp::BitOr if self.is_dict(&a) || self.is_dict(&b) => self.merged(&[a, b]),
            _ => {
                let labels = self.numeric_labels(&a.labels.join(&b.labels));
                Value::labelled(Atom::AnyNumber, labels)
            }
        }
    }

    /// An operator that a model describes as the method it stands for.
    fn library_operator(
        &mut self,
        op: BinaryOp,
        a: &Value,
        (b, b_place): (&Value, crate::Place),
        place: crate::Place,
    ) -> Option<Value> {
        let name = match op {
            BinaryOp::ModOrFormat => "__mod__",
            BinaryOp::Add | BinaryOp::AddOrConcat => "__add__",
            _ => return None,
        };
        let Some(Atom::Lib(state)) = a.single() else { return None };
        let method = self.places.member(*state, name).filter(|it| !self.places.rows(*it).sanitizers.is_empty())?;
        let call = super::call::Call {
            this: a.clone(),
            this_expr: None,
            args: super::machine::Args::of(vec![b.clone()], b_place),
            style: backend_specialist_syntax::ir::CallStyle::Call,
            place,
            callee_place: place,
        };
        Some(self.call_library(method, &call))
    }

    /// An attribute of a class of records: compared with something it gives no truth but a condition of a query.
    fn is_column(&mut self, expr: ExprId) -> bool {
        let ir = self.ir();
        let Expr::Member { object, .. } = ir.expr(expr) else { return false };
        if !ir.semantics.classes_are_callable || !matches!(ir.expr(object), Expr::Var(_) | Expr::Member { .. }) {
            return false;
        }
        match self.peek(object).single() {
            Some(Atom::Class(id)) => {
                self.classes[id.0 as usize].lineage.iter().any(|it| matches!(it, Atom::Lib(_) | Atom::Unknown(_)))
            }
            _ => false,
        }
    }

    /// `a / b` of something that is no number joins paths, where a library's type says so.
    pub(super) fn language_has_path_division(&self, left: &Value) -> bool {
        left.atoms().iter().any(|it| matches!(it, Atom::Lib(_) | Atom::Unknown(_)) || matches!(it, Atom::Object(_)))
            && (self.ir().semantics.classes_are_callable)
    }

    pub(super) fn join_path_operator(&mut self, left: &Value, right: &Value, place: crate::Place) -> Value {
        let labels = self.as_text_labels(left).join(&self.as_text_labels(right));
        let labels = self.stepped(&labels, place);
        Value { atoms: left.atoms.clone(), labels }
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: ExprId) -> Value {
        let value = self.eval(operand);
        match op {
            UnaryOp::Not => match self.truth_of(&value) {
                Some(it) => Value::bool(!it),
                None => Value::atom(Atom::AnyBool),
            },
            UnaryOp::Minus | UnaryOp::BitNot | UnaryOp::ToNumber => match (op, value.as_number()) {
                (UnaryOp::Minus, Some(it)) => Value::number(-it),
                (UnaryOp::ToNumber, Some(it)) => Value::number(it),
                (UnaryOp::BitNot, Some(it)) => Value::number(!(it as i64) as f64),
                _ => {
                    let labels = self.numeric_labels(&value.labels);
                    Value::labelled(Atom::AnyNumber, labels)
                }
            },
            UnaryOp::TypeOf => {
                let text = match value.single() {
                    Some(Atom::Text(_) | Atom::AnyText | Atom::Shape(_)) => "string",
                    Some(Atom::Number(_) | Atom::AnyNumber) => "number",
                    Some(Atom::Closure(_) | Atom::Class(_) | Atom::Bound(_)) => "function",
                    Some(Atom::Bool(_) | Atom::AnyBool) => "boolean",
                    Some(Atom::Object(_) | Atom::Null) => "object",
                    _ => return Value::atom(Atom::AnyText),
                };
                self.text_value(text)
            }
            UnaryOp::Void => Value::undefined(),
        }
    }

    /// Runs one side of a choice, and both where the test is not known.
    pub(super) fn cond(&mut self, test: ExprId, then: ExprId, otherwise: ExprId) -> Value {
        let (value, tells) = self.eval_test(test);
        match self.truth_of(&value) {
            Some(true) => {
                if tells {
                    self.refine(test, true);
                }
                self.eval(then)
            }
            Some(false) => {
                if tells {
                    self.refine(test, false);
                }
                self.eval(otherwise)
            }
            None => {
                if tells {
                    self.hold_tested(test);
                }
                let told = tells.then_some(test);
                let a = self.alternative(told, true, then);
                let b = self.alternative(told, false, otherwise);
                self.join_alternatives(a, b)
            }
        }
    }

    pub(super) fn alternative(
        &mut self,
        test: Option<ExprId>,
        truth: bool,
        expr: ExprId,
    ) -> (Value, Option<super::heap::Delta>) {
        let mark = self.heap.mark();
        let reached = test.is_none_or(|it| self.refine(it, truth));
        let value = if reached { self.eval(expr) } else { Value::absent() };
        let dead = std::mem::replace(&mut self.dead, false);
        let delta = self.heap.take(mark);
        if dead || (value.is_absent() && value.labels.is_empty()) {
            (Value::absent(), None)
        } else {
            (value, Some(delta))
        }
    }

    pub(super) fn join_alternatives(
        &mut self,
        a: (Value, Option<super::heap::Delta>),
        b: (Value, Option<super::heap::Delta>),
    ) -> Value {
        let paths: Vec<super::heap::Delta> = [a.1, b.1].into_iter().flatten().collect();
        if paths.is_empty() {
            self.dead = true;
        }
        self.heap.join(paths);
        a.0.join(&b.0)
    }

    pub(super) fn logic(&mut self, op: LogicOp, left: ExprId, right: ExprId) -> Value {
        let (a, tells) = self.eval_test(left);
        let known = match op {
            LogicOp::And => self.truth_of(&a).map(|it| !it),
            LogicOp::Or => self.truth_of(&a),
            LogicOp::Coalesce => self.is_nothing(&a).map(|it| !it),
        };
        match known {
            Some(true) => a,
            Some(false) => {
                if tells && op != LogicOp::Coalesce {
                    self.refine(left, op == LogicOp::And);
                }
                self.eval(right)
            }
            None => {
                if tells {
                    self.hold_tested(left);
                }
                let mark = self.heap.mark();
                let reached = !tells || op == LogicOp::Coalesce || self.refine(left, op == LogicOp::And);
                let b = if reached { self.eval(right) } else { Value::absent() };
                let dead = std::mem::replace(&mut self.dead, false);
                let delta = self.heap.take(mark);
                if dead {
                    // `x || fail()`: behind it the left side holds.
                    if tells && op != LogicOp::Coalesce {
                        self.refine(left, op != LogicOp::And);
                    }
                    return self.without_nothing(a, op);
                }
                self.heap.join(vec![Vec::new(), delta]);
                let a = self.without_nothing(a, op);
                a.join(&b)
            }
        }
    }

    /// What of the left side can be the result of `||` and `??`.
    pub(super) fn without_nothing(&self, value: Value, op: LogicOp) -> Value {
        if op == LogicOp::And {
            return self.only_false(value);
        }
        let atoms: Vec<Atom> =
            value.atoms().iter().filter(|it| !matches!(it, Atom::Undefined | Atom::Null)).cloned().collect();
        Value { atoms: super::value::Atoms::from_vec(atoms), labels: value.labels }
    }

    /// What is left of a value that is false: nothing, zero, an empty text. None of it is anybody's data.
    fn only_false(&self, value: Value) -> Value {
        let semantics = self.ir().semantics;
        let mut atoms: Vec<Atom> = Vec::new();
        for atom in value.atoms() {
            let left = match atom {
                Atom::AnyNumber => Atom::Number(0.0),
                Atom::AnyBool => Atom::Bool(false),
                Atom::Lib(_) | Atom::Unknown(_) | Atom::AnyText | Atom::Shape(_) => Atom::Null,
                other if self.truth(&Value::atom(other.clone()), semantics) == Some(true) => continue,
                other => other.clone(),
            };
            if !atoms.contains(&left) {
                atoms.push(left);
            }
        }
        Value { atoms: super::value::Atoms::from_vec(atoms), labels: Labels::default() }
    }

    pub(super) fn is_nothing(&self, value: &Value) -> Option<bool> {
        let nothing = |it: &Atom| matches!(it, Atom::Undefined | Atom::Null);
        if value.is_absent() || value.atoms().iter().any(|it| matches!(it, Atom::Unknown(_) | Atom::Lib(_))) {
            return None;
        }
        let count = value.atoms().iter().filter(|it| nothing(it)).count();
        if count == 0 {
            Some(false)
        } else if count == value.atoms().len() {
            Some(true)
        } else {
            None
        }
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp as Op;
    matches!(op, Op::ValueEq | Op::ValueNe | Op::Lt | Op::Le | Op::Gt | Op::Ge)
}
