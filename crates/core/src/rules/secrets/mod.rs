//! Credentials: where they stand, where they go.

mod credentials_in_url;
mod env_exposed;
mod env_not_checked;
mod environment;
mod hardcoded_secret;
mod pii_logged;
mod private_key_in_source;
mod request_dump_logged;
mod secret_default_fallback;
mod secret_in_url;
mod secret_logged;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &credentials_in_url::RULE,
    &env_exposed::RULE,
    &env_not_checked::RULE,
    &hardcoded_secret::RULE,
    &pii_logged::RULE,
    &private_key_in_source::RULE,
    &request_dump_logged::RULE,
    &secret_default_fallback::RULE,
    &secret_in_url::RULE,
    &secret_logged::RULE,
];
