//! Parameters: what a function is given, and where.

use backend_specialist_syntax::ir::{Param, ParamKind, Pattern, Receiver};

use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, Value};
use crate::Place;
use crate::finding::StepKind;

impl<'a> Machine<'a> {
    /// Where a parameter stands: its name, without type and default, or the whole pattern.
    pub(super) fn param_place(&self, param: &Param) -> Place {
        let ir = self.ir();
        match ir.pattern(param.pattern) {
            Pattern::Var(_) => self.place(ir.pattern_spans[param.pattern.index()]),
            _ => self.place(param.span),
        }
    }

    /// The arguments into the parameters; gives the places of the simple ones, for narrowing on return.
    pub(super) fn bind_params(
        &mut self,
        params: &[Param],
        args: &Args,
        defaults: &[Option<Value>],
    ) -> Vec<(Loc, Value, usize)> {
        let ir = self.ir();
        let mut bound = Vec::new();
        let mut used_keywords = Vec::new();
        let mut position = 0;
        for (index, param) in params.iter().enumerate() {
            let made = defaults.get(index).cloned().flatten();
            let name = param.name.map(|it| self.sym(it));
            let value = match param.kind {
                ParamKind::Rest => {
                    let rest: Vec<Value> = args.positional.iter().skip(position).map(|it| it.0.clone()).collect();
                    position = usize::MAX / 2;
                    match &args.rest {
                        Some((more, _)) => {
                            let all = rest.iter().fold(more.clone(), |all, it| all.join(it));
                            Some(self.new_list_of(all))
                        }
                        None => Some(self.new_array(rest)),
                    }
                }
                ParamKind::KeywordRest => {
                    let id = self.new_object(ObjectKind::Plain);
                    for (name, value, _, _) in &args.keywords {
                        if !used_keywords.contains(name) {
                            self.set_field(id, Key::Name(*name), value.clone());
                        }
                    }
                    if let Some((rest, _)) = &args.keyword_rest {
                        self.heap.write(Loc::Rest(id), rest.clone());
                    }
                    Some(Value::atom(Atom::Object(id)))
                }
                ParamKind::Positional | ParamKind::KeywordOnly => {
                    let by_keyword = name.and_then(|name| args.keywords.iter().find(|it| it.0 == name));
                    match by_keyword {
                        Some((name, value, _, _)) => {
                            used_keywords.push(*name);
                            Some(value.clone())
                        }
                        None if param.kind == ParamKind::Positional && args.positional.get(position).is_some() => {
                            position += 1;
                            Some(args.positional[position - 1].0.clone())
                        }
                        None => args.rest.as_ref().or(args.keyword_rest.as_ref()).map(|it| it.0.clone()),
                    }
                }
            };
            let value = match (value, param.default) {
                (Some(value), Some(default))
                    if value.atoms().contains(&Atom::Undefined) && ir.semantics.members_are_keys =>
                {
                    let default = self.eval(default);
                    let atoms: Vec<Atom> = value.atoms().iter().filter(|it| **it != Atom::Undefined).cloned().collect();
                    Value { atoms: super::value::Atoms::from_vec(atoms), labels: value.labels }.join(&default)
                }
                (Some(value), _) => value,
                (None, Some(_)) if made.is_some() => made.unwrap_or_default(),
                (None, Some(default)) => self.eval(default),
                (None, None) => self.provided(param).unwrap_or_else(Value::undefined),
            };
            let value = self.step_value(StepKind::Parameter, value, self.param_place(param));
            if let Pattern::Var(var) = ir.pattern(param.pattern)
                && let Some(loc) = self.var_loc(var)
                && param.kind == ParamKind::Positional
                && position > 0
                && position < usize::MAX / 2
            {
                bound.push((loc, value.clone(), position - 1));
            }
            self.bind(param.pattern, value);
        }
        bound
    }

    /// All that the function was called with; an arrow function sees what the function around it was given.
    pub(super) fn all_given(&mut self) -> Option<Value> {
        let at = self.frames.iter().rposition(|it| {
            let function = self.modules[it.module as usize].ir.function(it.function);
            function.receiver != Receiver::Inherited
        })?;
        let frame = &self.frames[at];
        if frame.function == backend_specialist_syntax::ir::TOP_LEVEL {
            return None;
        }
        if let Some(value) = &frame.arguments {
            return Some(value.clone());
        }
        let (given, rest) = (frame.given.clone(), frame.given_rest.clone());
        let value = match rest {
            None => self.new_array(given),
            Some(rest) => {
                let all = given.iter().fold(rest, |all, it| all.join(it));
                self.new_list_of(all)
            }
        };
        self.frames[at].arguments = Some(value.clone());
        Some(value)
    }
}
