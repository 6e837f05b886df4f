//! Python: ruff's tree to the IR.
use crate::{Language, ir::Module};
pub(crate) fn lower(_text: &str) -> Module {
    crate::empty(Language::Python)
}
