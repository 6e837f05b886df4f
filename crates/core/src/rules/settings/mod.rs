//! How a program is set up to run.

mod debug_enabled;
mod security_headers_missing;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&debug_enabled::RULE, &security_headers_missing::RULE];
