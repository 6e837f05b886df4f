//! Constants: arithmetic, comparison, truth.

use backend_specialist_syntax::ir::{BinaryOp, Semantics};

use super::heap::ObjectKind;
use super::machine::Machine;
use super::value::{Atom, Sym, Value};

/// A number as both languages write an integer.
pub fn number_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{}", value as i64) } else { format!("{value}") }
}

impl Machine<'_> {
    /// Whether the value counts as true, where that is known.
    pub fn truth(&self, value: &Value, semantics: Semantics) -> Option<bool> {
        let mut found = None;
        for atom in value.atoms() {
            let it = match atom {
                Atom::Undefined | Atom::Null => false,
                Atom::Bool(it) => *it,
                Atom::Number(it) => *it != 0.0 && !it.is_nan(),
                Atom::Text(sym) => !self.symbols.text(*sym).is_empty(),
                Atom::Closure(_) | Atom::Class(_) | Atom::Bound(_) | Atom::Native(_) | Atom::Regex { .. } => true,
                Atom::Object(id) if semantics.empty_is_false => {
                    let object = self.heap.object(*id);
                    match object.kind {
                        ObjectKind::Plain | ObjectKind::Map => {
                            let some = object.fields.iter().any(|it| !it.1.is_absent());
                            let is_open = !object.rest.is_absent() || !object.labels.labels.is_empty();
                            if !some && is_open {
                                return None;
                            }
                            some
                        }
                        ObjectKind::Namespace | ObjectKind::Generator => true,
                        _ => object.len.as_number()? > 0.0,
                    }
                }
                Atom::Object(_) => true,
                _ => return None,
            };
            if *found.get_or_insert(it) != it {
                return None;
            }
        }
        found
    }

    /// Whether two values are equal, where both are constants.
    pub fn equal(&self, left: &Value, right: &Value, loose: bool) -> Option<bool> {
        let (a, b) = (left.single()?, right.single()?);
        let nothing = |it: &Atom| matches!(it, Atom::Undefined | Atom::Null);
        Some(match (a, b) {
            (Atom::Text(a), Atom::Text(b)) => a == b,
            (Atom::Number(a), Atom::Number(b)) => a == b,
            (Atom::Bool(a), Atom::Bool(b)) => a == b,
            (a, b) if nothing(a) && nothing(b) => loose || a == b,
            (Atom::Text(text), Atom::Number(number)) | (Atom::Number(number), Atom::Text(text)) => {
                loose && self.symbols.text(*text).trim().parse::<f64>() == Ok(*number)
            }
            (Atom::Text(_) | Atom::Number(_) | Atom::Bool(_), it)
            | (it, Atom::Text(_) | Atom::Number(_) | Atom::Bool(_))
                if nothing(it) =>
            {
                false
            }
            (Atom::Text(_), Atom::Bool(_)) | (Atom::Bool(_), Atom::Text(_)) if !loose => false,
            (Atom::Object(a), Atom::Object(b)) if a == b => true,
            (Atom::Closure(a), Atom::Closure(b)) => a == b,
            (Atom::Object(_) | Atom::Closure(_) | Atom::Class(_), it)
            | (it, Atom::Object(_) | Atom::Closure(_) | Atom::Class(_))
                if nothing(it) =>
            {
                false
            }
            _ => return None,
        })
    }

    /// A constant of the operator applied to two constants.
    pub fn fold(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
        use BinaryOp as Op;
        match op {
            Op::StrictEq | Op::ValueEq | Op::Same => {
                return self.equal(left, right, op != Op::StrictEq).map(Value::bool);
            }
            Op::StrictNe | Op::ValueNe | Op::NotSame => {
                return self.equal(left, right, op != Op::StrictNe).map(|it| Value::bool(!it));
            }
            Op::LooseEq => return self.equal(left, right, true).map(Value::bool),
            Op::LooseNe => return self.equal(left, right, true).map(|it| Value::bool(!it)),
            _ => {}
        }
        if let (Some(a), Some(b)) = (left.text(), right.text()) {
            let (a, b) = (self.text(a), self.text(b));
            return Some(match op {
                Op::Lt => Value::bool(a < b),
                Op::Le => Value::bool(a <= b),
                Op::Gt => Value::bool(a > b),
                Op::Ge => Value::bool(a >= b),
                Op::In => Value::bool(b.contains(&*a)),
                Op::NotIn => Value::bool(!b.contains(&*a)),
                _ => return None,
            });
        }
        let (Some(Atom::Number(_) | Atom::Bool(_)), Some(Atom::Number(_) | Atom::Bool(_))) =
            (left.single(), right.single())
        else {
            return None;
        };
        let (a, b) = (left.as_number()?, right.as_number()?);
        let int = |it: f64| it as i64;
        let value = match op {
            Op::AddOrConcat | Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => a / b,
            Op::FloorDiv => (a / b).floor(),
            Op::Rem => a % b,
            Op::ModOrFormat if b != 0.0 => a - b * (a / b).floor(),
            Op::Pow => a.powf(b),
            Op::BitAnd => (int(a) & int(b)) as f64,
            Op::BitOr => (int(a) | int(b)) as f64,
            Op::BitXor => (int(a) ^ int(b)) as f64,
            Op::ShiftLeft if (0.0..32.0).contains(&b) => int(a).wrapping_shl(b as u32) as f64,
            Op::ShiftRight if (0.0..32.0).contains(&b) => (int(a) >> b as u32) as f64,
            Op::Lt => return Some(Value::bool(a < b)),
            Op::Le => return Some(Value::bool(a <= b)),
            Op::Gt => return Some(Value::bool(a > b)),
            Op::Ge => return Some(Value::bool(a >= b)),
            _ => return None,
        };
        Some(Value::number(value))
    }

    /// The text of a constant, as concatenation writes it.
    pub fn constant_text(&mut self, atom: &Atom) -> Option<Sym> {
        let text = match atom {
            Atom::Text(sym) => return Some(*sym),
            Atom::Number(it) => number_text(*it),
            Atom::Bool(it) => it.to_string(),
            Atom::Null => "null".to_owned(),
            Atom::Undefined => "undefined".to_owned(),
            _ => return None,
        };
        Some(self.intern(&text))
    }
}
