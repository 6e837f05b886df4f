//! Errors: what becomes of them, and who is told.

mod error_details_exposed;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&error_details_exposed::RULE];
