//! Ciphers, hashes, randomness and transport.

use super::Rule;

pub(super) static RULES: &[&Rule] = &[];
