//! Constants: arithmetic, comparison, truth.

use backend_specialist_syntax::ir::{BinaryOp, Semantics};

use super::heap::ObjectKind;
use super::machine::Machine;
use super::value::{Atom, Piece, Sym, Value};

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
        if left.atoms().len() == 2 && right.atoms().len() == 1 {
            let mut all = left.atoms().iter().map(|it| self.equal(&Value::atom(it.clone()), right, loose));
            let first = all.next()?;
            return first.filter(|_| all.all(|it| it == first));
        }
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
            (Atom::Class(a), Atom::Class(b)) => a == b,
            // What a library has is no class of the project.
            (Atom::Class(_), Atom::Lib(_)) | (Atom::Lib(_), Atom::Class(_)) => false,
            (Atom::Object(_) | Atom::Closure(_) | Atom::Class(_), it)
            | (it, Atom::Object(_) | Atom::Closure(_) | Atom::Class(_))
                if nothing(it) =>
            {
                false
            }
            (Atom::Text(constant), Atom::Shape(_)) if !self.may_equal(right, *constant) => false,
            (Atom::Shape(_), Atom::Text(constant)) if !self.may_equal(left, *constant) => false,
            _ => return None,
        })
    }

    /// Whether a text of which only pieces are known begins with another, where its first piece tells.
    pub fn begins_with(&self, value: &Value, part: &str) -> Option<bool> {
        if value.atoms().len() > 1 {
            let mut all = value.atoms().iter().map(|it| self.begins_with(&Value::atom(it.clone()), part));
            let first = all.next()?;
            return first.filter(|_| all.all(|it| it == first));
        }
        let head = match value.single()? {
            Atom::Text(sym) => return Some(self.symbols.text(*sym).starts_with(part)),
            Atom::Shape(pieces) => match pieces.first()? {
                Piece::Literal(sym) => self.symbols.text(*sym),
                Piece::Hole { .. } => return None,
            },
            _ => return None,
        };
        if head.starts_with(part) {
            return Some(true);
        }
        (!part.starts_with(&*head)).then_some(false)
    }

    /// Whether a text of which only pieces are known can be the constant.
    fn may_equal(&self, value: &Value, constant: Sym) -> bool {
        let Some(Atom::Shape(pieces)) = value.single() else { return true };
        let constant = self.symbols.text(constant);
        let fits = |piece: Option<&Piece>, test: fn(&str, &str) -> bool| match piece {
            Some(Piece::Literal(sym)) => test(&constant, &self.symbols.text(*sym)),
            _ => true,
        };
        fits(pieces.first(), |all, it| all.starts_with(it)) && fits(pieces.last(), |all, it| all.ends_with(it))
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
