//! Ciphers, hashes, randomness and transport.

mod cleartext_transport;
mod gcm_tag_unchecked;
mod static_iv_or_salt;
mod tls_verification_disabled;
mod tls_weak_version;
mod weak_cipher;
mod weak_hash;
mod weak_key_size;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &cleartext_transport::RULE,
    &gcm_tag_unchecked::RULE,
    &static_iv_or_salt::RULE,
    &tls_verification_disabled::RULE,
    &tls_weak_version::RULE,
    &weak_cipher::RULE,
    &weak_hash::RULE,
    &weak_key_size::RULE,
];
