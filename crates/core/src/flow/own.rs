//! Functions of the project that the configuration names.

use backend_specialist_syntax::ir::{Expr, ExprId};

use super::call::Call;
use super::guards::Proof;
use super::machine::{Closure, Machine};
use super::value::{Atom, Value};
use crate::FileId;
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

    /// Calls it as if a library had a model of it. A guard is run as well: it may leave the user somewhere.
    pub(super) fn call_own(&mut self, state: State, call: &Call, run: impl FnOnce(&mut Self) -> Value) -> Value {
        let proofs = self.proofs_of(state);
        if proofs.is_empty() {
            return self.call_library(state, call);
        }
        let value = run(self);
        proofs.into_iter().for_each(|it| self.establish(it, call.place));
        let rows = self.places.rows(state);
        self.marked_as_guard(&rows, value, call)
    }

    /// What a function in the chain of a route proves because the configuration says so.
    pub fn own_proofs(&mut self, function: &Value, file: FileId) -> Vec<Proof> {
        if !self.has_own {
            return Vec::new();
        }
        let mut proofs = Vec::new();
        for atom in function.atoms().to_vec() {
            let state = match &atom {
                Atom::Closure(id) => self.own_function(&self.closures[id.0 as usize].clone()),
                Atom::Bound(bound) => {
                    proofs.extend(self.own_proofs(&bound.function, file));
                    None
                }
                Atom::Unknown(Some(name)) => {
                    let language = self.modules.iter().find(|it| it.file == file).map(|it| it.ir.semantics.models);
                    let name = self.text(*name);
                    language.and_then(|it| self.places.own(it, &name, None))
                }
                _ => None,
            };
            proofs.extend(state.map(|it| self.proofs_of(it)).unwrap_or_default());
        }
        proofs
    }

    fn proofs_of(&mut self, state: State) -> Vec<Proof> {
        let rows = self.places.rows(state);
        let proof = |name: &str| match name {
            "auth-guard" => Some(Proof::Auth),
            "rate-limit" => Some(Proof::RateLimit),
            _ => None,
        };
        rows.calls.iter().filter_map(|it| proof(it.kind.name())).collect()
    }
}
