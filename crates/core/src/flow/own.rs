//! Functions of the project that the configuration names.

use backend_specialist_syntax::ir::{Expr, ExprId};

use super::machine::{Closure, Machine};
use super::value::{Atom, Value};
use crate::model::State;

impl Machine<'_> {
    /// What the configuration says of functions called like this, wherever they are declared.
    pub(super) fn own_by_name(&mut self, callee: ExprId, function: &Value) -> Option<State> {
        let ir = self.ir();
        let name = match ir.expr(callee) {
            Expr::Member { name, .. } | Expr::Free(name) => ir.name(name),
            Expr::Var(var) => ir.name(ir.var(var).name),
            _ => return None,
        };
        let path = match function.single() {
            Some(Atom::Closure(id)) => Some(self.modules[self.closures[id.0 as usize].module as usize].path),
            _ => None,
        };
        self.places.own(self.language(), name, path)
    }

    /// What the configuration says of this function.
    pub(super) fn own_function(&mut self, closure: &Closure) -> Option<State> {
        let module = &self.modules[closure.module as usize];
        let name = module.ir.name(module.ir.function(closure.function).name?);
        self.places.own(module.ir.semantics.models, name, Some(module.path))
    }
}
