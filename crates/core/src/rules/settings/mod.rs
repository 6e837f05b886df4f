//! How a program is set up to run.

mod debug_enabled;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&debug_enabled::RULE];
