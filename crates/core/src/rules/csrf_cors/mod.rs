//! Other sites: what they can make a browser send, and what they can read.

mod cors_any_origin;
mod cors_credentials_any_origin;
mod cors_reflected_origin;
mod cors_regex_unanchored;
mod csrf_disabled;
mod csrf_missing;
mod origin;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &cors_any_origin::RULE,
    &cors_credentials_any_origin::RULE,
    &cors_reflected_origin::RULE,
    &cors_regex_unanchored::RULE,
    &csrf_disabled::RULE,
    &csrf_missing::RULE,
];
