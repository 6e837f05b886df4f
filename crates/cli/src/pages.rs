//! Made by `cargo xtask gen` from the pages beside the rules.

/// Rule id and page, by id.
#[rustfmt::skip]
pub const PAGES: &[(&str, &str)] = &[
];
