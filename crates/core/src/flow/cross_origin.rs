//! The header that says which site may read an answer: what the client chooses there is data at a sink.

use super::call::Call;
use super::heap::Key;
use super::machine::Machine;
use super::sinks::Site;
use super::value::Value;
use crate::Place;
use crate::model::rows::CallRow;

/// In lower case.
const HEADER: &str = "access-control-allow-origin";

impl Machine<'_> {
    /// Looks at a call that sets headers, by its roles `name` and `value`, or `headers`.
    pub(super) fn origin_sink(&mut self, row: &CallRow, guess: bool, call: &Call) {
        let kind = Machine::sink_kind("cors.origin");
        for (value, place) in self.allowed_origins(row, call) {
            let site = Site { place, call: call.place, callee: call.callee_place, guess };
            self.arrive(kind, &value, site);
        }
    }

    fn allowed_origins(&mut self, row: &CallRow, call: &Call) -> Vec<(Value, Place)> {
        let (mut names, mut values, mut found) = (Vec::new(), Vec::new(), Vec::new());
        for (role, at) in &row.args {
            let operands = self.operands(at, call);
            match role.as_str() {
                "name" => names.extend(operands),
                "value" => values.extend(operands),
                "headers" => found.extend(operands.iter().flat_map(|it| self.origin_in(&it.0, it.1))),
                _ => {}
            }
        }
        if names.iter().any(|it| it.0.text().is_some_and(|name| self.text(name).eq_ignore_ascii_case(HEADER))) {
            found.extend(values);
        }
        found
    }

    /// The member of an object of headers.
    fn origin_in(&self, headers: &Value, place: Place) -> Option<(Value, Place)> {
        let object = self.heap.object(headers.object()?);
        let is_it = |key: &Key| matches!(key, Key::Name(name) if self.text(*name).eq_ignore_ascii_case(HEADER));
        object.fields.iter().find(|it| is_it(&it.0)).map(|it| (it.1.clone(), place))
    }
}
