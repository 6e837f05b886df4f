//! Authentication and sessions: tokens, passwords, cookies.

use super::Rule;

pub(super) static RULES: &[&Rule] = &[];
