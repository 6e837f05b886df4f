//! Access control: who may call a route, and whose data it touches.

mod directory_listing;
mod excessive_data_exposure;
mod exposure;
mod mass_assignment;
mod missing_authentication;
mod missing_ownership_check;
mod missing_role_check;
mod private_files_served;
mod records;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &directory_listing::RULE,
    &excessive_data_exposure::RULE,
    &mass_assignment::RULE,
    &missing_authentication::RULE,
    &missing_ownership_check::RULE,
    &missing_role_check::RULE,
    &private_files_served::RULE,
];
