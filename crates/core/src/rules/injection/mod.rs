//! Untrusted data that reaches an interpreter.

mod command_injection;
mod sql_injection;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&command_injection::RULE, &sql_injection::RULE];
