//! Where values go: patterns and assignments.

use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, Atoms, Value};
use crate::Place;
use crate::finding::StepKind;
use backend_specialist_syntax::ir::{Expr, ExprId, Pattern, PatternId};

impl<'a> Machine<'a> {
    /// Puts a value where a pattern says.
    pub fn bind(&mut self, pattern: PatternId, value: Value) {
        self.deeper(1, |it| it.bind_pattern(pattern, value));
    }

    fn bind_pattern(&mut self, pattern: PatternId, value: Value) {
        let ir = self.ir();
        let place = self.place(ir.pattern_spans[pattern.index()]);
        self.frame_mut().at = place;
        match ir.pattern(pattern) {
            Pattern::Var(var) => {
                let value = self.step_value(StepKind::Assign, value, place);
                self.set_setting(var, &value, place);
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Pattern::Free(name) => {
                let name = self.sym(name);
                let value = self.step_value(StepKind::Assign, value, place);
                self.heap.write(Loc::Field(self.globals, Key::Name(name)), value);
            }
            Pattern::Ignore => {}
            Pattern::Place(expr) => {
                let value = self.step_value(StepKind::Write, value, place);
                self.assign(expr, value);
            }
            Pattern::Object { entries, rest } => {
                let value = self.settled(value);
                let mut taken = Vec::new();
                for entry in ir.entry_list(entries) {
                    let place = self.part_place(entry.value);
                    let part = match self.key_of_ir(entry.key) {
                        Some(Key::Name(name)) if ir.semantics.members_are_keys => {
                            taken.push(Key::Name(name));
                            let whole = self.whole_of(&value);
                            self.member(&value, name, whole, place)
                        }
                        Some(key) => {
                            taken.push(key);
                            let whole = self.whole_of(&value);
                            self.key_read(&value, key, whole, place)
                        }
                        None => self.elements_of(&value),
                    };
                    self.bind(entry.value, part);
                }
                if let Some(rest) = rest {
                    let id = self.new_object(ObjectKind::Plain);
                    self.merge_into(id, &value);
                    for key in taken {
                        self.heap.write(Loc::Field(id, key), Value::absent());
                    }
                    self.bind(rest, Value::atom(Atom::Object(id)));
                }
            }
            Pattern::Array(elements) => self.bind_elements(elements, &value),
            Pattern::Default { pattern, value: default } => {
                let nothing = |it: &Atom| matches!(it, Atom::Undefined);
                let may_be_absent = value.is_absent() || value.atoms().iter().any(nothing);
                let only_absent = value.atoms().iter().all(nothing);
                let value = if may_be_absent {
                    let default = self.eval(default);
                    if only_absent && value.labels.is_empty() {
                        default
                    } else {
                        let atoms: Vec<Atom> = value.atoms().iter().filter(|it| !nothing(it)).cloned().collect();
                        let known = Value { atoms: Atoms::from_vec(atoms), labels: value.labels };
                        if known.is_absent() {
                            Value { atoms: Atoms::One(Atom::Unknown(None)), ..known }.join(&default)
                        } else {
                            known.join(&default)
                        }
                    }
                } else {
                    value
                };
                self.bind(pattern, value);
            }
            Pattern::Both(a, b) => {
                self.bind(a, value.clone());
                self.bind(b, value);
            }
        }
    }

    /// The place of a part of a pattern, without the value it may have instead.
    fn part_place(&self, pattern: PatternId) -> Place {
        let ir = self.ir();
        let part = match ir.pattern(pattern) {
            Pattern::Default { pattern, .. } => pattern,
            _ => pattern,
        };
        self.place(ir.pattern_spans[part.index()])
    }

    /// The place at which the value's data was read, for the source to grow to its part.
    pub(super) fn whole_of(&self, value: &Value) -> Option<Place> {
        value.labels.iter().next().map(|it| self.origins[it.origin.0 as usize].place)
    }

    pub(super) fn bind_elements(
        &mut self,
        elements: backend_specialist_syntax::ir::List<backend_specialist_syntax::ir::PatternElement>,
        value: &Value,
    ) {
        let ir = self.ir();
        let elements = ir.element_list(elements);
        let value = self.settled(value.clone());
        let value = self.iterable(value);
        let value = &self.by_position(value);
        let known = value.object().and_then(|it| self.heap.known_elements(it));
        let rest_at = elements.iter().position(|it| it.rest);
        for (index, element) in elements.iter().enumerate() {
            let Some(pattern) = element.pattern else { continue };
            let place = self.part_place(pattern);
            let after = rest_at.is_some_and(|it| index > it);
            let part = match &known {
                Some(known) if element.rest => {
                    let end = known.len().saturating_sub(elements.len() - index - 1);
                    let part = known.get(index..end).unwrap_or_default().to_vec();
                    self.new_array(part)
                }
                Some(known) => {
                    let at = if after { (known.len() + index).checked_sub(elements.len()) } else { Some(index) };
                    at.and_then(|it| known.get(it)).cloned().unwrap_or_else(Value::undefined)
                }
                None if element.rest => {
                    let all = self.elements_of(value);
                    self.new_list_of(all)
                }
                None => match value.object() {
                    Some(_) => self.key_read(value, Key::Index(index as u32), None, place),
                    None => self.part_at(value, index, place),
                },
            };
            let part = part.adding(&value.labels);
            self.bind(pattern, part);
        }
    }

    pub(super) fn part_at(&mut self, value: &Value, index: usize, place: Place) -> Value {
        self.key_read(value, Key::Index(index as u32), None, place)
    }

    /// `a.b = value`, `a[i] = value`, with the sinks that an assignment can be.
    pub fn assign(&mut self, target: ExprId, value: Value) {
        let ir = self.ir();
        match ir.expr(target) {
            Expr::Var(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Expr::Member { object, name, .. } => {
                let receiver = self.eval(object);
                let name = self.sym(name);
                let at = self.place_of(target);
                self.assigned_sinks(&receiver, name, &value, at, Some(target));
                let receiver = self.writable(receiver, object);
                self.put_member(&receiver, name, value);
            }
            Expr::Index { object, index } => {
                let receiver = self.eval(object);
                let key = self.eval(index);
                if let Some(Key::Name(name)) = self.key_of(&key) {
                    let at = self.place_of(target);
                    self.assigned_sinks(&receiver, name, &value, at, Some(target));
                }
                self.computed_write(&receiver, object, &key, target, index);
                self.key_sinks(&receiver, &key, target, index);
                let receiver = self.writable(receiver, object);
                let key = self.step_value(StepKind::Write, key, self.place_of(target));
                self.put_index(&receiver, &key, value);
            }
            Expr::Slice { object, lower, upper, step } => {
                let receiver = self.eval(object);
                let bounds = [lower, upper].map(|it| it.map(|it| self.eval(it)));
                if let Some(id) = receiver.object() {
                    self.put_slice(id, &bounds, step.is_some(), &value);
                }
            }
            _ => {
                self.eval(target);
            }
        }
    }

    /// A library object or unknown thing that the program writes to becomes an object of the heap.
    pub fn writable(&mut self, receiver: Value, expr: ExprId) -> Value {
        let kind = match receiver.single() {
            Some(Atom::Lib(state)) if self.is_global_object(*state) => return Value::atom(Atom::Object(self.globals)),
            Some(Atom::Lib(state)) => ObjectKind::Library(*state),
            Some(Atom::Unknown(_)) => ObjectKind::Plain,
            _ => return receiver,
        };
        self.deeper(1, |it| it.made_writable(&receiver, kind, expr)).unwrap_or(receiver)
    }

    fn made_writable(&mut self, receiver: &Value, kind: ObjectKind, expr: ExprId) -> Value {
        let unknown = kind == ObjectKind::Plain;
        let id = self.new_object(kind);
        let labels = receiver.labels.clone();
        if !labels.is_empty() {
            self.heap.write(Loc::Labels(id), Value::absent().adding(&labels));
        }
        if unknown {
            self.heap.write(Loc::Rest(id), Value::labelled(Atom::Unknown(None), labels));
        }
        let value = Value::atom(Atom::Object(id));
        match self.ir().expr(expr) {
            Expr::Var(_) if matches!(kind, ObjectKind::Library(_)) && self.is_import(expr) => {
                if let ObjectKind::Library(state) = kind {
                    self.heap.write(Loc::Field(self.imports, Key::Index(state.index())), value.clone());
                }
            }
            Expr::Var(var) if !self.module().is_import(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value.clone());
                }
            }
            Expr::Member { object, name, .. } => {
                let holder = self.eval(object);
                let holder = self.writable(holder, object);
                let name = self.sym(name);
                self.put_member(&holder, name, value.clone());
            }
            Expr::Free(name) => {
                let name = self.sym(name);
                self.heap.write(Loc::Field(self.globals, Key::Name(name)), value.clone());
            }
            Expr::Index { object, index } => {
                let holder = self.eval(object);
                let key = self.eval(index);
                let holder = self.writable(holder, object);
                self.put_index(&holder, &key, value.clone());
            }
            _ => {}
        }
        value
    }

    fn is_import(&self, expr: ExprId) -> bool {
        matches!(self.ir().expr(expr), Expr::Var(var) if self.module().is_import(var))
    }

    /// The place of what runs, when there is no expression at hand.
    pub fn here(&self) -> Place {
        self.frame().at
    }
}
