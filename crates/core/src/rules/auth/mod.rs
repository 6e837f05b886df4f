//! Authentication and sessions: tokens, passwords, cookies.

mod cookie_missing_httponly;
mod cookie_missing_secure;
mod cookie_samesite;
mod cookies;
mod insecure_random_token;
mod jwt_algorithms_unset;
mod jwt_claims_unchecked;
mod jwt_expiry_ignored;
mod jwt_hardcoded_secret;
mod jwt_no_expiry;
mod jwt_none_algorithm;
mod jwt_not_revocable;
mod jwt_not_verified;
mod jwt_sensitive_payload;
mod jwt_weak_secret;
mod login_rate_limit_missing;
mod password_hash_low_cost;
mod plaintext_password;
mod session_fixation;
mod session_insecure_config;
mod timing_unsafe_compare;
mod tokens;
mod user_enumeration;
mod weak_password_hash;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &cookie_missing_httponly::RULE,
    &cookie_missing_secure::RULE,
    &cookie_samesite::RULE,
    &insecure_random_token::RULE,
    &jwt_algorithms_unset::RULE,
    &jwt_claims_unchecked::RULE,
    &jwt_expiry_ignored::RULE,
    &jwt_hardcoded_secret::RULE,
    &jwt_no_expiry::RULE,
    &jwt_none_algorithm::RULE,
    &jwt_not_revocable::RULE,
    &jwt_not_verified::RULE,
    &jwt_sensitive_payload::RULE,
    &jwt_weak_secret::RULE,
    &login_rate_limit_missing::RULE,
    &password_hash_low_cost::RULE,
    &plaintext_password::RULE,
    &session_fixation::RULE,
    &session_insecure_config::RULE,
    &timing_unsafe_compare::RULE,
    &user_enumeration::RULE,
    &weak_password_hash::RULE,
];
