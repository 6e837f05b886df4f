//! Tests that are calls: checks of models, functions of the project, regular expressions.

use super::call::Call;
use super::heap::{Loc, ObjectKind};
use super::machine::{Machine, TestCall};
use super::path_facts::PathFacts;
use super::value::{Atom, Label, Value};
use crate::model::place::{CallStart, Token};
use crate::model::rows::{CheckRow, HoldsWhen, Op, TypeTest};
use crate::model::{Chars, KindSet};
use backend_specialist_syntax::ir::{Expr, ExprId};

impl<'a> Machine<'a> {
    pub(super) fn test_call(&self, expr: ExprId) -> Option<TestCall> {
        self.frame().tests.iter().rev().find(|it| it.expr == expr).cloned()
    }

    /// A call that was true, or false.
    pub(super) fn refine_call(&mut self, expr: ExprId, truth: bool) {
        let Some(test) = self.test_call(expr) else { return };
        for atom in test.callee.atoms().to_vec() {
            match atom {
                Atom::Lib(state) => {
                    let rows = self.places.rows(state);
                    for effect in &rows.effects {
                        self.refine_effect(effect.row, &test, truth);
                    }
                    for check in &rows.checks {
                        let holds = match check.holds_when {
                            HoldsWhen::True => truth,
                            HoldsWhen::False => !truth,
                            _ => false,
                        };
                        if holds {
                            let call = self.call_of(&test);
                            self.apply_check(check.row, &call);
                        }
                    }
                }
                Atom::Closure(id) => self.refine_by_function(id, &test, truth),
                _ => {}
            }
        }
    }

    pub(super) fn call_of(&self, test: &TestCall) -> Call {
        let place = self.place_of(test.expr);
        Call {
            this: test.this.clone(),
            this_expr: test.this_expr,
            args: test.args.clone(),
            style: backend_specialist_syntax::ir::CallStyle::Call,
            place,
            callee_place: place,
        }
    }

    /// A function of the project gave true: run again, keeping only the ways that do.
    pub(super) fn refine_by_function(&mut self, id: super::value::ClosureId, test: &TestCall, truth: bool) {
        let has_data = test.args.positional.iter().any(|it| self.holds_data(&it.0)) || self.holds_data(&test.this);
        let result = &test.result;
        let is_test = result.atoms().len() != 1
            || matches!(result.single(), Some(Atom::Bool(_) | Atom::AnyBool | Atom::Unknown(_) | Atom::Undefined));
        // What stands for a user on a route need not be data.
        if !(has_data || self.route.is_some())
            || !is_test
            || self.frames.len() + 2 >= super::machine::DEPTH_MAX
            || self.frames.iter().any(|it| it.wanted.is_some())
        {
            return;
        }
        let closure = self.closures[id.0 as usize].clone();
        let function = self.modules[closure.module as usize].ir.function(closure.function);
        if function.is_generator
            || self.frames.iter().any(|it| it.module == closure.module && it.function == closure.function)
        {
            return;
        }
        let call = self.call_of(test);
        let mark = self.heap.mark();
        self.run_closure(&closure, &call, Some(truth));
        if std::mem::replace(&mut self.dead, false) {
            // It never gives that.
            self.heap.undo(mark);
        }
    }

    /// Some element passes the test, or each of at least one: what the test shows holds.
    fn refine_elements(&mut self, op: Op, test: &TestCall) {
        let Some(Atom::Closure(id)) = test.args.value(0).single().cloned() else { return };
        let known = test.this.object().and_then(|it| self.heap.known_elements(it));
        if op == Op::Every && known.as_ref().is_none_or(Vec::is_empty)
            || self.frames.len() + 2 >= super::machine::DEPTH_MAX
        {
            return;
        }
        let element = match known {
            Some(all) => all.into_iter().fold(Value::absent(), |all, it| all.join(&it)),
            None => self.elements_of(&test.this),
        };
        let closure = self.closures[id.0 as usize].clone();
        let call = Call { args: super::machine::Args::of(vec![element], self.here()), ..self.call_of(test) };
        let mark = self.heap.mark();
        self.run_closure(&closure, &call, Some(true));
        if std::mem::replace(&mut self.dead, false) {
            self.heap.undo(mark);
        }
    }

    /// Applies a check of a model to what it checks.
    pub fn apply_check(&mut self, check: &CheckRow, call: &Call) {
        let exprs = self.checked_exprs(check, call);
        for expr in exprs {
            let (safe, allows) = (check.safe_for, check.allows);
            let narrowed = |it: &Label| Label {
                safe: it.safe.union(safe),
                chars: allows.map_or(it.chars, |allowed| it.chars.intersection(allowed)),
                structured: false,
                keys: false,
                ..it.clone()
            };
            self.narrow_labels(expr, narrowed);
            let value = self.peek(expr);
            self.narrow_fields(&value, &narrowed);
        }
    }

    /// What was asked of an object holds of its parts.
    fn narrow_fields(&mut self, value: &Value, narrowed: &dyn Fn(&Label) -> Label) {
        let Some(id) = value.object().filter(|it| self.heap.object(*it).kind == ObjectKind::Plain) else { return };
        for (key, field) in self.heap.object(id).fields.clone() {
            if !field.labels.is_empty() {
                let labels = field.labels.map(narrowed);
                self.heap.write(Loc::Field(id, key), field.with_labels(labels));
            }
        }
    }

    pub(super) fn checked_exprs(&self, check: &CheckRow, call: &Call) -> Vec<ExprId> {
        match &check.checks.start {
            CallStart::Receiver => call.this_expr.into_iter().collect(),
            CallStart::Argument(at) => {
                let count = call.args.positional.len() as u32;
                let mut found: Vec<ExprId> = call
                    .args
                    .exprs
                    .iter()
                    .enumerate()
                    .filter(|it| at.iter().any(|argument| argument.holds_position(it.0 as u32, count)))
                    .filter_map(|it| *it.1)
                    .collect();
                for (name, _, _, expr) in &call.args.keywords {
                    if at.iter().any(|it| it.holds_keyword(&self.text(*name))) {
                        found.extend(*expr);
                    }
                }
                match check.checks.tokens.as_slice() {
                    [Token::Element] => found.into_iter().flat_map(|it| self.items_of(it)).collect(),
                    _ => found,
                }
            }
            _ => Vec::new(),
        }
    }

    /// The items of a list that is written where it is checked.
    fn items_of(&self, expr: ExprId) -> Vec<ExprId> {
        match self.ir().expr(expr) {
            Expr::Array { items, .. } => self.ir().item_list(items).iter().filter_map(|it| it.value).collect(),
            _ => vec![expr],
        }
    }

    pub(super) fn refine_effect(&mut self, effect: &crate::model::rows::EffectRow, test: &TestCall, truth: bool) {
        let call = self.call_of(test);
        let first = test.args.exprs.first().copied().flatten();
        match effect.op {
            Op::Has if truth => {
                let container = match &effect.on {
                    Some(on) => self.operands(on, &call).into_iter().next().map(|it| it.0).unwrap_or_default(),
                    None => test.this.clone(),
                };
                let key = effect.keys.first().map(|it| it.start.clone());
                let key = match key {
                    Some(CallStart::Argument(at)) => {
                        let count = test.args.positional.len() as u32;
                        (0..count)
                            .find(|index| at.iter().any(|it| it.holds_position(*index, count)))
                            .and_then(|it| test.args.exprs[it as usize])
                    }
                    _ => first,
                };
                if let Some(expr) = test.this_expr.filter(|_| effect.on.is_none()) {
                    self.establish_contains(expr, &container);
                }
                if let Some(key) = key {
                    self.refine_member(key, &container);
                }
            }
            Op::Some | Op::Every if truth && self.route.is_some() => self.refine_elements(effect.op, test),
            Op::Has if test.this.object().is_none() => {
                if let Some(subject) = test.this_expr {
                    let part = test.args.value(0);
                    self.exclude(subject, &part);
                }
            }
            Op::StartsWith => {
                let prefix = test.args.value(0);
                if let Some(subject) = test.this_expr {
                    self.refine_option(subject, &prefix, truth);
                    self.refine_prefix(subject, &prefix, truth);
                }
            }
            Op::IsType if truth => {
                if let Some(expr) = first.or(test.this_expr) {
                    match &effect.is {
                        Some(TypeTest::Type(it)) => self.narrow_type(expr, Some(*it)),
                        Some(TypeTest::Class(at)) => self.narrow_class(expr, at, &call),
                        None => {}
                    }
                }
            }
            Op::IsAbsolutePath if !truth => {
                if let Some(subject) = first {
                    self.narrow_path(subject, |it| it.with(PathFacts::BEHIND));
                }
            }
            // `if (x.indexOf(y))`: it is not the beginning.
            Op::IndexOf => self.refine_index_zero(test.expr, !truth),
            Op::ToBool => {
                if let Some(expr) = first {
                    self.refine(expr, truth);
                }
            }
            Op::Test | Op::Match => self.refine_match(effect, test, &call, truth),
            _ => {}
        }
    }

    /// `!x.startsWith("-")`, `x.startsWith("git@")`: no option of a program.
    pub(super) fn refine_option(&mut self, subject: ExprId, prefix: &Value, truth: bool) {
        let Some(texts) = self.constant_texts(prefix) else { return };
        let is_value = match truth {
            true => texts.iter().all(|it| !it.is_empty() && !it.starts_with('-')),
            false => texts.iter().any(|it| matches!(&**it, "-" | "--")),
        };
        if is_value {
            let argument = Machine::sink_kind("command.argument");
            self.narrow_labels(subject, |it| {
                let mut safe = it.safe;
                safe.insert(argument);
                Label { safe, ..it.clone() }
            });
        }
    }

    /// `x.startsWith("https://host/")`: behind it the host is fixed.
    pub(super) fn refine_prefix(&mut self, subject: ExprId, prefix: &Value, truth: bool) {
        let Some(texts) = self.constant_texts(prefix) else {
            // A folder that only the program knows.
            if truth && self.labels_without_unknown(&prefix.labels).is_empty() {
                self.inside_folder(subject);
            }
            return;
        };
        if !truth {
            self.refused_prefix(subject, &texts);
            if texts.iter().any(|it| &**it == "-") {
                let argument = Machine::sink_kind("command.argument");
                self.narrow_labels(subject, |it| {
                    let mut safe = it.safe;
                    safe.insert(argument);
                    Label { safe, ..it.clone() }
                });
            }
            return;
        }
        if texts.iter().all(|it| it.len() > 1 && !it.starts_with('.')) {
            self.inside_folder(subject);
        }
        let host = texts.iter().all(|it| {
            let rest = it.split_once("://").map(|it| it.1);
            rest.is_some_and(|rest| rest.contains('/'))
        });
        if host {
            let (url, redirect) = (Machine::sink_kind("url"), Machine::sink_kind("redirect"));
            self.narrow_labels(subject, |it| {
                let mut safe = it.safe;
                safe.insert(url);
                safe.insert(redirect);
                Label { safe, ..it.clone() }
            });
        }
    }

    /// A regular expression matched: only characters that it admits are left, if it is anchored.
    pub(super) fn refine_match(
        &mut self,
        effect: &crate::model::rows::EffectRow,
        test: &TestCall,
        call: &Call,
        truth: bool,
    ) {
        let pattern = match &effect.pattern {
            Some(place) => self.operands(place, call).into_iter().next().map(|it| it.0),
            None => Some(test.this.clone()),
        };
        let Some(pattern) = pattern else { return };
        let (source, flags) = match pattern.single() {
            Some(Atom::Regex { pattern, flags }) => (self.text(*pattern), self.text(*flags)),
            Some(Atom::Text(sym)) if pattern.labels.is_empty() => (self.text(*sym), self.text(*sym)),
            _ => return,
        };
        let multiline = matches!(pattern.single(), Some(Atom::Regex { .. })) && flags.contains('m');
        let allowed = if truth {
            super::regexes::admitted(&source, effect.full, effect.head, multiline)
        } else {
            super::regexes::removed(&source).map(Chars::complement)
        };
        let level = !truth && super::regexes::finds_climbs(&source);
        let no_option = truth && super::regexes::refuses_options(&source, effect.full || effect.head, multiline);
        let Some(allowed) = allowed.or((level || no_option).then_some(Chars::ALL)) else { return };
        let safe = if no_option { Machine::sink_kind("command.argument").family() } else { KindSet::NONE };
        let subject = match &effect.text {
            Some(place) => match &place.start {
                CallStart::Receiver => test.this_expr,
                CallStart::Argument(at) => {
                    let count = test.args.positional.len() as u32;
                    (0..count)
                        .find(|index| at.iter().any(|it| it.holds_position(*index, count)))
                        .and_then(|it| test.args.exprs[it as usize])
                }
                _ => None,
            },
            None => test.args.exprs.first().copied().flatten(),
        };
        if let Some(subject) = subject {
            self.narrow_labels(subject, |it| Label {
                safe: it.safe.union(safe),
                chars: it.chars.intersection(allowed),
                structured: false,
                keys: false,
                path: if level { it.path.with(PathFacts::LEVEL) } else { it.path },
                ..it.clone()
            });
        }
    }

    /// `x.indexOf("https://host/") === 0`, and an element that is the first one.
    pub(super) fn refine_index_zero(&mut self, expr: ExprId, zero: bool) {
        let Some(test) = self.test_call(expr) else { return };
        let is_index_of = test.callee.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).effects.iter().any(|it| it.op == Op::IndexOf),
            _ => false,
        });
        let Some(subject) = test.this_expr.filter(|_| is_index_of) else { return };
        if !self.is_array(&test.this) {
            self.refine_prefix(subject, &test.args.value(0), zero);
        } else if zero && let Some(element) = test.args.exprs.first().copied().flatten() {
            self.refine_member(element, &test.this);
        }
    }

    /// `x.slice(0, n) === "https://host/"`: the beginning is compared.
    pub(super) fn refine_cut(&mut self, side: ExprId, other: ExprId, truth: bool) {
        let ir = self.ir();
        let (subject, from) = match ir.expr(side) {
            Expr::Slice { object, lower, .. } => (object, lower.map(|it| self.eval(it))),
            Expr::Index { object, index } => match self.eval(index).as_number() {
                Some(0.0) => (object, None),
                _ => return,
            },
            Expr::Call { .. } => {
                let Some(test) = self.test_call(side) else { return };
                let cuts = test.callee.atoms().iter().any(|it| match it {
                    Atom::Lib(state) => {
                        self.places.rows(*state).effects.iter().any(|it| matches!(it.op, Op::Slice | Op::CharAt))
                    }
                    _ => false,
                });
                match test.this_expr {
                    Some(subject) if cuts => (subject, Some(test.args.value(0))),
                    _ => return,
                }
            }
            _ => return,
        };
        if from.is_none_or(|it| it.as_number() == Some(0.0)) {
            let prefix = match ir.expr(other) {
                Expr::Call { .. } => return,
                _ => self.eval(other),
            };
            self.refine_prefix(subject, &prefix, truth);
        }
    }

    /// `xs.indexOf(x) !== -1`.
    pub(super) fn refine_index_of(&mut self, expr: ExprId, found: bool) {
        let Some(test) = self.test_call(expr) else { return };
        let is_index_of = test.callee.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).effects.iter().any(|it| it.op == Op::IndexOf),
            _ => false,
        });
        if !is_index_of {
            return;
        }
        if !found {
            if let Some(subject) = test.this_expr {
                let part = test.args.value(0);
                self.exclude(subject, &part);
            }
            return;
        }
        if let Some(element) = test.args.exprs.first().copied().flatten() {
            let container = test.this.clone();
            if self.is_array(&container) || matches!(container.single(), Some(Atom::Unknown(_) | Atom::Lib(_))) {
                self.refine_member(element, &container);
            }
        }
    }

    /// The result of a check equals a constant.
    pub(super) fn refine_compared(&mut self, expr: ExprId) {
        let Some(test) = self.test_call(expr) else { return };
        for atom in test.callee.atoms().to_vec() {
            if let Atom::Lib(state) = atom {
                let rows = self.places.rows(state);
                for check in &rows.checks {
                    if !matches!(check.holds_when, HoldsWhen::True | HoldsWhen::False | HoldsWhen::Returns) {
                        let call = self.call_of(&test);
                        self.apply_check(check.row, &call);
                    }
                }
            }
        }
    }
}
