//! Limits that a declaration sets: `Query(10, le=100)`, `Annotated[str, Field(pattern="…")]`, `conint(le=9)`.

use backend_specialist_syntax::ir::{Expr, ExprId, Param};

use super::machine::Machine;
use super::value::{Atom, Label, Labels};
use crate::model::Chars;

/// What a declared value cannot be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    /// A number has a greatest value.
    has_max: bool,
    /// The characters that a pattern admits.
    chars: Option<Chars>,
    /// A pattern admits no option of a program.
    no_option: bool,
}

impl Bounds {
    pub fn is_some(&self) -> bool {
        self.has_max || self.chars.is_some() || self.no_option
    }

    pub fn or(self, other: Option<Bounds>) -> Option<Bounds> {
        if self.is_some() { Some(self) } else { other }
    }

    pub fn apply(&self, labels: &Labels) -> Labels {
        let (size, option) = (Machine::sink_kind("size"), Machine::sink_kind("command.argument"));
        labels.map(|it| {
            let mut safe = it.safe;
            if self.has_max {
                safe.insert(size);
            }
            if self.no_option {
                safe.insert(option);
            }
            Label { safe, chars: self.chars.map_or(it.chars, |allowed| it.chars.intersection(allowed)), ..it.clone() }
        })
    }
}

impl<'a> Machine<'a> {
    /// Those that a parameter's default or annotation sets.
    pub(super) fn bounds_of(&mut self, param: &Param) -> Bounds {
        let own = param.default.and_then(|it| self.bounds_in_call(it)).unwrap_or_default();
        let declared = param.annotation.map(|it| self.bounds_in(it));
        own.or(declared).unwrap_or_default()
    }

    /// Those of an annotation, or of a call beside the type in it.
    pub(super) fn bounds_in(&mut self, annotation: ExprId) -> Bounds {
        let ir = self.ir();
        let mut found = self.bounds_in_call(annotation);
        if let Expr::Index { index, .. } = ir.expr(annotation)
            && let Expr::Array { items, .. } = ir.expr(index)
        {
            for item in ir.item_list(items).to_vec().iter().skip(1).filter_map(|it| it.value) {
                found = found.or_else(|| self.bounds_in_call(item));
            }
        }
        found.unwrap_or_default()
    }

    /// Those that a call of a model's kind `bounds` is given.
    pub(super) fn bounds_in_call(&mut self, expr: ExprId) -> Option<Bounds> {
        let Expr::Call { callee, args, .. } = self.ir().expr(expr) else { return None };
        let callee = self.eval(callee);
        let Some(Atom::Lib(state)) = callee.single() else { return None };
        let rows = self.places.rows(*state);
        let row = rows.calls.iter().find(|it| it.kind.name() == "bounds").map(|it| it.row)?;
        let args = self.eval_args(args);
        let mut bounds = Bounds::default();
        for (role, place) in &row.args {
            let crate::model::place::CallStart::Argument(at) = &place.start else { continue };
            for (value, _) in self.arguments(at, &args) {
                match role.as_str() {
                    "max" => bounds.has_max |= value.as_number().is_some(),
                    "pattern" => {
                        if let Some(pattern) = self.constant_str(&value) {
                            bounds.chars = super::regexes::admitted(&pattern, false, false, false);
                            bounds.no_option = super::regexes::refuses_options(&pattern, false, false);
                        }
                    }
                    _ => {}
                }
            }
        }
        bounds.is_some().then_some(bounds)
    }
}
