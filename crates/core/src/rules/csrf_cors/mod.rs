//! Other sites: what they can make a browser send, and what they can read.

mod cors_credentials_any_origin;
mod csrf_missing;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[&cors_credentials_any_origin::RULE, &csrf_missing::RULE];
