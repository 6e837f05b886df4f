//! The design of an API: routes that hide or forget something.

mod duplicate_route;
mod webhook_unsigned;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&duplicate_route::RULE, &webhook_unsigned::RULE];
