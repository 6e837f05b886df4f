//! Functions that have nothing to report are not run again for callers that give them nothing of interest: what they
//! gave before is given again. Most calls of a large program are of this sort.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use backend_specialist_syntax::ir::FunctionId;

use super::call::Call;
use super::machine::{Closure, Machine, QUIET_RUNS, QUIET_RUNS_FEW, QUIET_RUNS_MANY, QUIET_WORK};
use super::value::{Atom, Label, Labels, ScopeId, StepId, Value};
use crate::Place;
use crate::finding::StepKind;

/// What runs of a function gave that had nothing to report.
#[derive(Debug, Default)]
pub struct Quiet {
    pub runs: u32,
    /// Of all of them.
    pub result: Value,
    /// None of them came back.
    pub never_returns: bool,
    /// Some run wrote to what was there before it, read of it what may change, or gave something that does not last.
    pub leaves_more: bool,
    /// Where the data stood that its runs were given.
    pub steps: Vec<StepId>,
    /// Some run gave data that comes in within it.
    pub gives_data: bool,
    /// What it gave and whether it never came back, by what it was given.
    pub given: Vec<(Given, Value, bool)>,
}

/// Where a function was made, and what it is called with as far as it can matter.
pub type Given = (ScopeId, Rc<[Atom]>);

impl Quiet {
    fn add(&mut self, result: Value, never_returns: bool, gives_data: bool) {
        self.never_returns = never_returns && (self.runs == 0 || self.never_returns);
        self.result = self.result.join(&result);
        self.gives_data |= gives_data;
        self.runs += 1;
    }
}

/// Steps inside a function that are told again.
const INSIDE_MAX: usize = 64;

/// Ways to be called that are told apart.
const GIVEN_MAX: usize = 4;

impl Machine<'_> {
    /// Runs a function in place, unless it had nothing to report before and gets nothing of interest.
    pub(super) fn run_unless_quiet(&mut self, closure: &Closure, call: &Call) -> Value {
        if self.route.is_some() {
            return self.run_closure(closure, call, None);
        }
        let key = (closure.module, closure.function);
        if self.holds_data(&closure.this) || self.is_given_data(call) {
            return self.run_with_data(key, closure, call);
        }
        let given = self.given(closure, call);
        if let Some((result, never_returns)) = self.known_result(closure, &given) {
            self.dead |= never_returns;
            return self.step_value(StepKind::Call, result, call.place);
        }
        let (before, budget) = (self.reports(), self.budget);
        let (mark, reach, reads) = (self.heap.mark(), self.heap.reach(), self.shared_reads);
        let (closures, classes) = (self.closures.len(), self.classes.len());
        let outer = self.heap.watch();
        let result = self.run_closure(closure, call, None);
        let reads_more = self.heap.has_read_of(reach) || self.heap.is_written;
        self.heap.watch_on(outer);
        *self.work.entry((closure.module, closure.function)).or_default() += budget.saturating_sub(self.budget);
        self.forget_alike();
        if self.reports() != before {
            self.quiet.remove(&key);
            return result;
        }
        let is_made = |it: &Atom| match it {
            Atom::Object(id) => !reach.has_object(*id),
            Atom::Closure(id) => id.0 as usize >= closures,
            Atom::Class(id) => id.0 as usize >= classes,
            _ => false,
        };
        let leaves_more = reads_more
            || self.shared_reads != reads
            || self.last_result.atoms().iter().any(|it| is_made(it) || !self.lasts(it))
            || self.heap.wrote_to(reach, mark);
        let is_data = self.holds_data(&result);
        let (dead, last) = (self.dead, self.last_result.clone());
        let lasting = self.lasting(&last);
        let quiet = self.quiet.entry(key).or_default();
        quiet.add(lasting, dead, is_data);
        quiet.leaves_more |= leaves_more;
        if !leaves_more && quiet.given.len() < GIVEN_MAX {
            quiet.given.push((given, last, dead));
        }
        result
    }

    /// Runs a function that is given data, unless it had nothing to report of the same data again and again.
    fn run_with_data(&mut self, key: (u32, FunctionId), closure: &Closure, call: &Call) -> Value {
        let mut labels = self.deep_labels(&call.this).join(&self.deep_labels(&closure.this));
        for value in call.args.values().map(|it| &it.0).chain(call.args.keywords.iter().map(|it| &it.1)) {
            labels = labels.join(&self.deep_labels(value));
        }
        let mut hasher = rustc_hash::FxHasher::default();
        for it in labels.iter() {
            (it.origin, it.safe).hash(&mut hasher);
        }
        let key = (key.0, key.1, hasher.finish());
        if let Some(quiet) = self.quiet_with_data.get(&key)
            && quiet.runs >= QUIET_RUNS
            && self.has_worked_enough(closure)
        {
            self.heap.note_any();
            self.dead |= quiet.never_returns;
            let (result, before) = (quiet.result.clone(), quiet.steps.clone());
            return self.with_given(result, &before, &labels, call.place);
        }
        let (before, budget) = (self.reports(), self.budget);
        let result = self.run_closure(closure, call, None);
        *self.work.entry((closure.module, closure.function)).or_default() += budget.saturating_sub(self.budget);
        self.forget_alike();
        if self.reports() == before {
            let (dead, gives_data, lasting) = (self.dead, self.holds_data(&result), self.lasting(&self.last_result));
            let quiet = self.quiet_with_data.entry(key).or_default();
            quiet.add(lasting, dead, gives_data);
            quiet.steps.extend(labels.iter().map(|it| it.step));
        } else {
            self.quiet_with_data.remove(&key);
        }
        result
    }

    /// What a function gave of the same data before: what it is given now has come another way.
    fn with_given(&mut self, result: Value, before: &[StepId], given: &Labels, place: Place) -> Value {
        let labels = result.labels.iter().map(|it| {
            let Some(given) = given.iter().find(|given| given.origin == it.origin) else {
                return Label { step: self.step(Some(it.step), place, StepKind::Call), ..it.clone() };
            };
            let inside = self.behind(given.step, it.step, before).unwrap_or(it.step);
            // It is as safe as it came in, and as that made it.
            Label {
                step: self.step(Some(inside), place, StepKind::Call),
                safe: it.safe.union(given.safe),
                chars: it.chars.intersection(given.chars),
                structured: it.structured && given.structured,
                ..it.clone()
            }
        });
        let labels = Labels::from_vec(labels.collect());
        result.with_labels(labels)
    }

    /// The steps that led from one of those to the last one, behind another step.
    fn behind(&mut self, first: StepId, last: StepId, before: &[StepId]) -> Option<StepId> {
        let mut inside = Vec::new();
        let mut at = last;
        while !before.contains(&at) {
            let step = self.steps[at.0 as usize];
            if inside.len() == INSIDE_MAX {
                return None;
            }
            inside.push(step);
            at = step.previous?;
        }
        Some(inside.iter().rev().fold(first, |at, it| self.step(Some(at), it.place, it.kind)))
    }

    /// What the function would give once more, and whether it would not come back, if there is no need to run it.
    fn known_result(&self, closure: &Closure, given: &Given) -> Option<(Value, bool)> {
        let quiet = self.quiet.get(&(closure.module, closure.function))?;
        let is_set_up = self.heap.base.is_none_or(|it| it.has_scope(closure.scope));
        // What a handler leaves in variables around the function is seen there.
        let is_seen = self.in_handler && (self.heap.is_marked || !is_set_up);
        if is_seen && quiet.runs < QUIET_RUNS_MANY {
            return None;
        }
        if !is_seen && !self.heap.is_written {
            if let Some((_, result, never_returns)) = quiet.given.iter().find(|it| it.0 == *given) {
                return Some((result.clone(), *never_returns));
            }
            if is_set_up && !quiet.leaves_more && !quiet.gives_data && quiet.runs >= QUIET_RUNS_FEW {
                return Some((quiet.result.clone(), quiet.never_returns));
            }
        }
        (quiet.runs >= QUIET_RUNS && self.has_worked_enough(closure)).then(|| {
            self.heap.note_any();
            (quiet.result.clone(), quiet.never_returns)
        })
    }

    /// Whether its runs took so much that another one is worth avoiding.
    fn has_worked_enough(&self, closure: &Closure) -> bool {
        self.work.get(&(closure.module, closure.function)).is_some_and(|it| *it >= QUIET_WORK)
    }

    /// How much there is to report by now.
    fn reports(&self) -> (usize, usize, usize, usize) {
        (self.known_flows, self.calls.len(), self.arrivals.len(), self.pending.len() + self.decorators.len())
    }

    /// What the call is given, as far as it can matter: all that is made anew and holds no data is alike.
    fn given(&self, closure: &Closure, call: &Call) -> Given {
        let mut all = Vec::new();
        let values = std::iter::once(&call.this)
            .chain(call.args.values().map(|it| &it.0))
            .chain(call.args.keywords.iter().map(|it| &it.1));
        for value in values {
            all.extend(value.atoms().iter().map(|it| if self.lasts(it) { plain(it) } else { Atom::Unknown(None) }));
            // Between two arguments.
            all.push(Atom::Null);
        }
        (closure.scope, all.into())
    }

    /// What of a value still means something when what runs is taken back.
    fn lasting(&self, value: &Value) -> Value {
        let mut all = Value::absent();
        for atom in value.atoms() {
            let atom = match atom {
                Atom::Shape(_) => Atom::AnyText,
                it if self.lasts(it) => it.clone(),
                _ => Atom::Unknown(None),
            };
            all = all.join(&Value::atom(atom));
        }
        all.with_labels(self.deep_labels(value))
    }

    fn lasts(&self, atom: &Atom) -> bool {
        let base = self.base;
        match atom {
            Atom::Object(id) => id.0 < base.objects,
            Atom::Closure(id) => id.0 < base.closures,
            Atom::Class(id) => id.0 < base.classes,
            Atom::Bound(_) | Atom::Native(_) | Atom::Shape(_) => false,
            _ => true,
        }
    }
}

fn plain(atom: &Atom) -> Atom {
    match atom {
        Atom::Unknown(_) => Atom::Unknown(None),
        other => other.clone(),
    }
}
