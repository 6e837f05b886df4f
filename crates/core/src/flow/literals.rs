//! Literals, comprehensions, functions as values.

use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Closure, Machine};
use super::value::{Atom, ClosureId, ObjectId, Value};
use crate::finding::StepKind;
use backend_specialist_syntax::ir::{
    ArrayStyle, Clause, ComprehensionStyle, Expr, ExprId, FunctionId, Key as IrKey, List, Prop, PropKind, Receiver,
};

impl<'a> Machine<'a> {
    pub(super) fn array(&mut self, style: ArrayStyle, items: List<backend_specialist_syntax::ir::Item>) -> Value {
        let ir = self.ir();
        let mut values = Vec::new();
        let mut open: Option<Value> = None;
        for item in ir.item_list(items) {
            let Some(expr) = item.value else {
                values.push(Value::undefined());
                continue;
            };
            let value = self.eval(expr);
            let value = self.step_value(StepKind::Write, value, self.place_of(expr));
            if !item.spread {
                match &mut open {
                    Some(rest) => *rest = rest.join(&value),
                    None => values.push(value),
                }
                continue;
            }
            let value = self.iterable(value);
            match value.object().and_then(|it| self.heap.known_elements(it)) {
                Some(elements) if open.is_none() => values.extend(elements),
                _ => {
                    let element = self.elements_of(&value);
                    open = Some(open.unwrap_or_default().join(&element));
                }
            }
        }
        match open {
            Some(rest) => {
                let all = values.iter().fold(rest, |all, it| all.join(it));
                self.new_list_of(all)
            }
            None => {
                let value = self.new_array(values);
                if style == ArrayStyle::Set
                    && let Some(id) = value.object()
                {
                    self.heap.objects[id.0 as usize].kind = ObjectKind::Set;
                }
                value
            }
        }
    }

    pub(super) fn object_literal(&mut self, props: List<Prop>) -> Value {
        let ir = self.ir();
        let id = self.new_object(ObjectKind::Plain);
        for prop in ir.prop_list(props) {
            if prop.kind != PropKind::Value {
                self.accessor(id, prop);
                continue;
            }
            match prop.key {
                IrKey::Name(name) => {
                    let key = self.key_of_text(self.sym(name));
                    let value = match ir.expr(prop.value) {
                        Expr::Function(function) if ir.function(function).receiver == Receiver::This => {
                            self.make_closure(function, None)
                        }
                        _ => self.eval(prop.value),
                    };
                    let value = self.step_value(StepKind::Write, value, self.place_of(prop.value));
                    self.set_field(id, key, value);
                }
                IrKey::Computed(key) => {
                    let place = self.place_of(key);
                    let key = match self.symbol_key(key) {
                        Some(symbol) => Value::atom(Atom::Text(symbol)),
                        None => self.eval(key),
                    };
                    let key = self.step_value(StepKind::Write, key, place);
                    let value = self.eval(prop.value);
                    let value = self.step_value(StepKind::Write, value, self.place_of(prop.value));
                    self.put_index_plain(id, &key, value);
                }
                IrKey::Spread => {
                    let value = self.eval(prop.value);
                    self.merge_into(id, &value);
                }
            }
        }
        self.read_getters(id);
        Value::atom(Atom::Object(id))
    }

    fn accessor(&mut self, id: ObjectId, prop: &Prop) {
        let Some(key) = self.key_of_ir(prop.key) else { return };
        let Expr::Function(function) = self.ir().expr(prop.value) else { return };
        let function = self.make_closure(function, None);
        let object = &self.heap.objects[id.0 as usize];
        let known = if prop.kind == PropKind::Getter { object.getters } else { object.setters };
        let holder = known.unwrap_or_else(|| self.new_object(ObjectKind::Plain));
        let object = &mut self.heap.objects[id.0 as usize];
        *(if prop.kind == PropKind::Getter { &mut object.getters } else { &mut object.setters }) = Some(holder);
        self.set_field(holder, key, function);
    }

    /// What getters give where the object is made, for whoever takes the object as a whole.
    fn read_getters(&mut self, id: ObjectId) {
        let Some(getters) = self.heap.object(id).getters else { return };
        for (key, _) in self.heap.object(getters).fields.clone() {
            if let Some(value) = self.got(id, key) {
                self.set_field(id, key, value);
            }
        }
    }

    /// What the getter of an object gives, if it has one for that property.
    pub(super) fn got(&mut self, id: ObjectId, key: Key) -> Option<Value> {
        let getter = self.heap.field(self.heap.object(id).getters?, key)?.clone();
        let (this, place) = (Value::atom(Atom::Object(id)), self.here());
        Some(self.call_value(&getter, this, Args::default(), place))
    }

    pub fn put_index_plain(&mut self, id: ObjectId, key: &Value, value: Value) {
        match self.key_of(key) {
            Some(key) => self.set_field(id, key, value),
            None => {
                let labels = self.heap.object(id).labels.clone().adding(&key.labels);
                if !key.labels.is_empty() {
                    self.heap.write(Loc::Labels(id), labels);
                }
                let rest = self.heap.object(id).rest.join(&value);
                self.heap.write(Loc::Rest(id), rest);
            }
        }
    }

    pub(super) fn comprehension(
        &mut self,
        style: ComprehensionStyle,
        clauses: List<Clause>,
        key: Option<ExprId>,
        value: ExprId,
    ) -> Value {
        let mut out = Vec::new();
        let exact = self.comprehend(self.ir().clause_list(clauses), key, value, &mut out);
        if style == ComprehensionStyle::Dict {
            let id = self.new_object(ObjectKind::Plain);
            for (key, value) in out {
                self.put_index_plain(id, &key.unwrap_or_else(Value::unknown), value);
            }
            return Value::atom(Atom::Object(id));
        }
        let values: Vec<Value> = out.into_iter().map(|it| it.1).collect();
        let result = if exact {
            self.new_array(values)
        } else {
            let all = values.iter().fold(Value::absent(), |all, it| all.join(it));
            self.new_list_of(all)
        };
        let kind = match style {
            ComprehensionStyle::Set => ObjectKind::Set,
            ComprehensionStyle::Generator => ObjectKind::Generator,
            _ => return result,
        };
        if let Some(id) = result.object() {
            self.heap.objects[id.0 as usize].kind = kind;
        }
        result
    }

    /// Whether the values found are all elements, in order.
    pub(super) fn comprehend(
        &mut self,
        clauses: &[Clause],
        key: Option<ExprId>,
        value: ExprId,
        out: &mut Vec<(Option<Value>, Value)>,
    ) -> bool {
        let Some((clause, rest)) = clauses.split_first() else {
            let key = key.map(|it| self.eval(it));
            let value = self.eval(value);
            out.push((key, value));
            return out.len() < super::heap::FIELDS_MAX;
        };
        let ir = self.ir();
        let iterable = self.eval(clause.iterable);
        let iterable = self.settled(iterable);
        let iterable = self.iterable(iterable);
        let known =
            iterable.object().and_then(|it| self.known_iteration(it)).filter(|it| it.len() <= super::loops::UNROLL_MAX);
        let mut exact = known.is_some();
        let items = match known {
            Some(items) => items,
            None => vec![self.iterated(&iterable, self.place_of(clause.iterable))],
        };
        for item in items {
            self.bind(clause.pattern, item);
            let mut open = true;
            for condition in ir.expr_list(clause.conditions) {
                let test = self.eval(*condition);
                match self.truth(&test, ir.semantics) {
                    Some(true) => {}
                    Some(false) => {
                        open = false;
                        break;
                    }
                    None => exact = false,
                }
                if !self.refine(*condition, true) {
                    open = false;
                    break;
                }
            }
            if open {
                exact &= self.comprehend(rest, key, value, out);
            }
        }
        exact
    }

    pub fn make_closure(&mut self, function: FunctionId, home: Option<super::value::ClassValueId>) -> Value {
        let defaults = self.made_defaults(function);
        let frame = self.frame();
        let inherits = self.ir().function(function).receiver == Receiver::Inherited;
        let closure = Closure {
            defaults,
            module: frame.module,
            function,
            scope: frame.scope,
            this: if inherits { frame.this.clone() } else { Value::absent() },
            home: home.or(if inherits { frame.home } else { None }),
            object: None,
        };
        self.closures.push(closure);
        let value = Value::atom(Atom::Closure(ClosureId(self.closures.len() as u32 - 1)));
        self.made.push(value.clone());
        value
    }

    /// Defaults of parameters that the language works out when the function is made. Those that call something are
    /// left for the calls: what a framework injects is known only there.
    fn made_defaults(&mut self, function: FunctionId) -> std::rc::Rc<[Option<Value>]> {
        let ir = self.ir();
        let params = ir.param_list(ir.function(function).params);
        let is_made = |it: &Option<ExprId>| {
            it.is_some_and(|it| !matches!(ir.expr(it), Expr::Const(_) | Expr::Call { .. } | Expr::Free(_)))
        };
        if !ir.semantics.defaults_at_definition || !params.iter().any(|it| is_made(&it.default)) {
            return std::rc::Rc::from([]);
        }
        params.iter().map(|it| it.default.filter(|it| is_made(&Some(*it))).map(|it| self.eval(it))).collect()
    }

    pub fn key_of_ir(&mut self, key: IrKey) -> Option<Key> {
        match key {
            IrKey::Name(name) => Some(self.key_of_text(self.sym(name))),
            IrKey::Computed(expr) => {
                if let Some(symbol) = self.symbol_key(expr) {
                    return Some(Key::Name(symbol));
                }
                let value = self.eval(expr);
                self.key_of(&value)
            }
            IrKey::Spread => None,
        }
    }
}
