//! How deep a text nests, told from its bytes: the parsers recurse and have no limit of their own.

use crate::{Language, NESTING_MAX};

/// Whether parsing the text could take more stack than [`NESTING_MAX`] levels may.
#[allow(dead_code)]
pub(crate) fn too_deep(text: &str, language: Language) -> bool {
    let _ = language;
    let mut depth = 0u32;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return true;
        }
    }
    false
}
