//! Credentials: where they stand, where they go.

use super::Rule;

pub(super) static RULES: &[&Rule] = &[];
