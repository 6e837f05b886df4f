//! What a call is given.

use backend_specialist_syntax::ir::ExprId;

use super::value::{Sym, Value};
use crate::Place;

/// Arguments of a call, spread ones expanded where they are known.
#[derive(Clone, Debug, Default)]
pub struct Args {
    pub positional: Vec<(Value, Place)>,
    pub exprs: Vec<Option<ExprId>>,
    pub keywords: Vec<(Sym, Value, Place, Option<ExprId>)>,
    /// Elements after the positional ones, how many nobody knows.
    pub rest: Option<(Value, Place)>,
    /// A mapping of further keywords.
    pub keyword_rest: Option<(Value, Place)>,
}

impl Args {
    pub fn of(values: Vec<Value>, place: Place) -> Args {
        Args { positional: values.into_iter().map(|it| (it, place)).collect(), ..Args::default() }
    }

    pub fn get(&self, index: usize) -> Option<&(Value, Place)> {
        self.positional.get(index).or(self.rest.as_ref())
    }

    pub fn value(&self, index: usize) -> Value {
        self.get(index).map(|it| it.0.clone()).unwrap_or_default()
    }

    /// Every argument.
    pub fn values(&self) -> impl Iterator<Item = &(Value, Place)> {
        self.positional.iter().chain(self.rest.iter()).chain(self.keyword_rest.iter())
    }
}
