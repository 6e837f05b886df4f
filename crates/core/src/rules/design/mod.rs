//! The design of an API: routes that hide or forget something.

mod duplicate_route;
mod get_with_side_effects;
mod webhook_unsigned;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&duplicate_route::RULE, &get_with_side_effects::RULE, &webhook_unsigned::RULE];
