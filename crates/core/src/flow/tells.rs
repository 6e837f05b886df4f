//! Whether a test tells anything: most tests of a program are of values that nobody knows, and running through them
//! again for what holds on either side would find nothing.

use backend_specialist_syntax::ir::ExprId;

use super::call::Call;
use super::machine::Machine;
use super::value::{Atom, Atoms, Labels, Value};

/// Objects inside objects that are looked into for data.
const DEEP: u32 = 3;

impl Machine<'_> {
    /// The value of a test, and whether anything in it can be narrowed.
    pub(super) fn eval_test(&mut self, test: ExprId) -> (Value, bool) {
        let is_watched = self.route.is_some() || self.reasons.is_some();
        let outer = std::mem::replace(&mut self.telling, is_watched);
        let value = self.eval(test);
        let tells = self.telling;
        self.telling |= outer;
        (value, tells)
    }

    /// Data, or one of several things.
    pub(super) fn tells(&self, value: &Value) -> bool {
        !value.labels.is_empty() || matches!(value.atoms, Atoms::Many(_))
    }

    /// Whether what the call gives may be a test of data.
    pub(super) fn may_tell(&self, function: &Value, call: &Call) -> bool {
        self.route.is_some()
            || self.reasons.is_some()
            || !function.labels.is_empty()
            || !self.deep_labels(&call.this).is_empty()
            || call.args.values().any(|it| !self.deep_labels(&it.0).is_empty())
            || call.args.keywords.iter().any(|it| !self.deep_labels(&it.1).is_empty())
    }

    /// Whether the call is given data, in whatever it is given.
    pub(super) fn is_given_data(&self, call: &Call) -> bool {
        self.holds_data(&call.this)
            || call.args.values().any(|it| self.holds_data(&it.0))
            || call.args.keywords.iter().any(|it| self.holds_data(&it.1))
    }

    /// Whether data whose origin is known is in the value or in its parts.
    pub(super) fn holds_data(&self, value: &Value) -> bool {
        self.holds_data_at(value, DEEP)
    }

    fn holds_data_at(&self, value: &Value, depth: u32) -> bool {
        self.is_data(&value.labels)
            || value.atoms().iter().any(|it| match it {
                Atom::Object(id) => {
                    let object = self.heap.look_at(*id);
                    self.is_data(&object.labels.labels)
                        || depth > 0
                            && (self.holds_data_at(&object.rest, depth - 1)
                                || object.fields.iter().any(|it| self.holds_data_at(&it.1, depth - 1)))
                }
                _ => false,
            })
    }

    pub(super) fn is_data(&self, labels: &Labels) -> bool {
        let unknown = self.natives.unknown;
        labels.iter().any(|it| self.origins[it.origin.0 as usize].kind != unknown)
    }
}
