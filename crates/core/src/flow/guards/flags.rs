//! Variables that remember which way was taken, and chains of tests that exclude each other: what holds behind them
//! is known though no single test says it.

use backend_specialist_syntax::ir::{Expr, ExprId, LogicOp, Stmt, StmtId, UnaryOp};

use super::Proof;
use crate::Place;
use crate::flow::heap::{Delta, Loc};
use crate::flow::machine::Machine;
use crate::flow::value::{Atom, Labels, Value};

/// Tests of one chain, taken apart, of which all combinations are tried.
const PARTS_MAX: usize = 8;

/// A test as a formula of its parts.
enum Formula {
    Part(usize),
    Not(Box<Formula>),
    Both(Box<Formula>, Box<Formula>),
    Either(Box<Formula>, Box<Formula>),
}

impl Formula {
    fn holds(&self, parts: u32) -> bool {
        match self {
            Formula::Part(at) => parts & (1 << at) != 0,
            Formula::Not(it) => !it.holds(parts),
            Formula::Both(a, b) => a.holds(parts) && b.holds(parts),
            Formula::Either(a, b) => a.holds(parts) || b.holds(parts),
        }
    }
}

impl<'a> Machine<'a> {
    /// Variables that are true on one side of a branch alone say later which side was taken.
    pub(in crate::flow) fn mark_flags(&mut self, paths: &mut [Option<Delta>], place: Place) {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return };
        let [Some(then), Some(otherwise)] = paths else { return };
        for proof in Proof::ALL {
            let loc = Loc::Field(facts, self.proof_key(proof));
            let holds = |it: &Value| matches!(it.single(), Some(Atom::Bool(true)));
            let (a, b) = (holds(&self.value_in(then, loc)), holds(&self.value_in(otherwise, loc)));
            if a == b {
                continue;
            }
            let slots: Vec<Loc> = then.iter().chain(otherwise.iter()).map(|it| it.0).collect();
            for slot in slots.into_iter().filter(|it| matches!(it, Loc::Slot(..))) {
                let semantics = self.ir().semantics;
                let told = |it: &Machine<'_>, delta: &Delta| it.truth(&it.value_in(delta, slot), semantics);
                let (Some(x), Some(y)) = (told(self, then), told(self, otherwise)) else { continue };
                if x == y {
                    continue;
                }
                let labels = match (x == a, proof) {
                    (true, _) => self.source(proof.shown_kind(), place, false),
                    (false, Proof::Auth) => self.source(Machine::source_kind("auth-failure"), place, false),
                    (false, _) => continue,
                };
                for path in [&mut *then, &mut *otherwise] {
                    self.label_in(path, slot, &labels);
                }
            }
        }
    }

    fn value_in(&self, delta: &Delta, loc: Loc) -> Value {
        delta.iter().find(|it| it.0 == loc).map_or_else(|| self.heap.read(loc), |it| it.1.clone())
    }

    fn label_in(&self, delta: &mut Delta, loc: Loc, labels: &Labels) {
        let value = self.value_in(delta, loc).adding(labels);
        match delta.iter_mut().find(|it| it.0 == loc) {
            Some(entry) => entry.1 = value,
            None => delta.push((loc, value)),
        }
    }

    /// Narrows the state to where all tests of a chain are false: `if a and b: … elif a and not b: …` leaves no `a`.
    pub(in crate::flow) fn refine_chain(&mut self, tests: &[ExprId]) {
        for (part, truth) in self.implied(tests) {
            if self.dead || !self.refine(part, truth) {
                return;
            }
        }
    }

    /// Parts of the tests that are surely true, or false, where all tests are false.
    fn implied(&self, tests: &[ExprId]) -> Vec<(ExprId, bool)> {
        let mut parts = Vec::new();
        let formulas: Vec<Formula> = tests.iter().map(|it| self.formula(*it, &mut parts)).collect();
        if parts.len() > PARTS_MAX {
            return Vec::new();
        }
        let possible: Vec<u32> = (0..1 << parts.len()).filter(|at| formulas.iter().all(|it| !it.holds(*at))).collect();
        let mut found = Vec::new();
        for (at, part) in parts.into_iter().enumerate() {
            let mut told = possible.iter().map(|it| it & (1 << at) != 0);
            if let Some(first) = told.next()
                && told.all(|it| it == first)
            {
                found.push((part, first));
            }
        }
        found
    }

    fn formula(&self, test: ExprId, parts: &mut Vec<ExprId>) -> Formula {
        let mut of = |it: ExprId| Box::new(self.formula(it, parts));
        match self.ir().expr(test) {
            Expr::Unary { op: UnaryOp::Not, operand } => Formula::Not(of(operand)),
            Expr::Logic { op: LogicOp::And, left, right } => Formula::Both(of(left), of(right)),
            Expr::Logic { op: LogicOp::Or, left, right } => Formula::Either(of(left), of(right)),
            _ => {
                let known = parts.iter().position(|it| self.reads_alike(*it, test));
                Formula::Part(known.unwrap_or_else(|| {
                    parts.push(test);
                    parts.len() - 1
                }))
            }
        }
    }

    /// Whether two expressions of one function are written alike.
    fn reads_alike(&self, one: ExprId, other: ExprId) -> bool {
        let ir = self.ir();
        match (ir.expr(one), ir.expr(other)) {
            (Expr::Const(a), Expr::Const(b)) => a == b,
            (Expr::Var(a), Expr::Var(b)) => a == b,
            (Expr::Free(a), Expr::Free(b)) => a == b,
            (Expr::This, Expr::This) => true,
            (Expr::Await(a), Expr::Await(b)) => self.reads_alike(a, b),
            (Expr::Member { object: a, name: x, .. }, Expr::Member { object: b, name: y, .. }) => {
                x == y && self.reads_alike(a, b)
            }
            (Expr::Index { object: a, index: x }, Expr::Index { object: b, index: y }) => {
                self.reads_alike(a, b) && self.reads_alike(x, y)
            }
            (Expr::Unary { op: p, operand: a }, Expr::Unary { op: q, operand: b }) => p == q && self.reads_alike(a, b),
            (Expr::Binary { op: p, left: a, right: x }, Expr::Binary { op: q, left: b, right: y }) => {
                p == q && self.reads_alike(a, b) && self.reads_alike(x, y)
            }
            (Expr::Call { callee: a, args: x, .. }, Expr::Call { callee: b, args: y, .. }) => {
                let (x, y) = (ir.arg_list(x), ir.arg_list(y));
                let same = |(x, y): (&_, &_)| same_argument(x, y, &|a, b| self.reads_alike(a, b));
                x.len() == y.len() && self.reads_alike(a, b) && x.iter().zip(y).all(same)
            }
            _ => false,
        }
    }

    /// The next test of a chain, if the other side of a branch is nothing but one.
    pub(in crate::flow) fn is_next_test(&self, otherwise: Option<StmtId>) -> bool {
        otherwise.is_some_and(|it| matches!(self.ir().stmt(it), Stmt::If { .. }))
    }
}

fn same_argument(
    one: &backend_specialist_syntax::ir::Arg,
    other: &backend_specialist_syntax::ir::Arg,
    alike: &dyn Fn(ExprId, ExprId) -> bool,
) -> bool {
    one.name == other.name && one.spread == other.spread && alike(one.value, other.value)
}
