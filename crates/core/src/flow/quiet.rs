//! Functions that had nothing to report again and again are not run once more for callers that give them nothing of
//! interest: what they gave before is given again. Most calls of a large program are of this sort.

use super::call::Call;
use super::machine::{Closure, Machine, QUIET_RUNS, Quiet};
use super::value::{Atom, Value};

impl Machine<'_> {
    /// Runs a function in place, unless it had nothing to report again and again and gets nothing of interest.
    pub(super) fn run_unless_quiet(&mut self, closure: &Closure, call: &Call) -> Value {
        let key = (closure.module, closure.function);
        if let Some(quiet) = self.quiet.get(&key)
            && quiet.runs >= QUIET_RUNS
            && !self.in_handler
            && self.route.is_none()
            && !self.gets_data(closure, call)
        {
            self.dead |= quiet.never_returns;
            return quiet.result.clone();
        }
        let before = self.reports();
        let result = self.run_closure(closure, call, None);
        let is_quiet = self.reports() == before && self.as_data_labels(&self.deep_labels(&result)).is_empty();
        let lasting = self.lasting(&result);
        let (dead, quiet) = (self.dead, self.quiet.entry(key).or_default());
        if is_quiet {
            quiet.never_returns = dead && (quiet.runs == 0 || quiet.never_returns);
            quiet.result = quiet.result.join(&lasting);
            quiet.runs += 1;
        } else {
            *quiet = Quiet::default();
        }
        result
    }

    /// How much there is to report by now.
    fn reports(&self) -> (usize, usize, usize, usize) {
        (self.known_flows, self.calls.len(), self.arrivals.len(), self.pending.len() + self.decorators.len())
    }

    /// Whether data whose origin is known goes into the call.
    fn gets_data(&self, closure: &Closure, call: &Call) -> bool {
        let is_data = |value: &Value| !self.as_data_labels(&self.deep_labels(value)).is_empty();
        is_data(&call.this)
            || is_data(&closure.this)
            || call.args.values().any(|it| is_data(&it.0))
            || call.args.keywords.iter().any(|it| is_data(&it.1))
    }

    /// What of a value still means something when what runs is taken back.
    fn lasting(&self, value: &Value) -> Value {
        let base = self.base;
        let mut all = Value::absent();
        for atom in value.atoms() {
            let lasts = match atom {
                Atom::Object(id) => id.0 < base.objects,
                Atom::Closure(id) => id.0 < base.closures,
                Atom::Class(id) => id.0 < base.classes,
                Atom::Bound(_) | Atom::Native(_) | Atom::Shape(_) => false,
                _ => true,
            };
            let atom = match atom {
                Atom::Shape(_) => Atom::AnyText,
                it if lasts => it.clone(),
                _ => Atom::Unknown(None),
            };
            all = all.join(&Value::atom(atom));
        }
        all
    }
}
