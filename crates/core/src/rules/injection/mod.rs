//! Untrusted data that reaches an interpreter.

mod code_injection;
mod command_argument_injection;
mod command_injection;
mod csv_injection;
mod dynamic_method_call;
mod dynamic_module_load;
mod email_injection;
mod format_string_injection;
mod header_injection;
mod host_header_trust;
mod ldap_injection;
mod log_injection;
mod nosql_injection;
mod nosql_where_code;
mod open_redirect;
mod orm_operator_injection;
mod path_traversal;
mod prototype_pollution;
mod redos;
mod reflected_xss;
mod regex_injection;
mod resource_size_from_input;
mod shell_dynamic_command;
mod sql_identifier_injection;
mod sql_injection;
mod sql_unsafe_raw_api;
mod ssrf;
mod stored_xss;
mod template_autoescape_off;
mod template_injection;
mod template_locals_injection;
mod trust_boundary;
mod unsafe_deserialization;
mod xml_bomb;
mod xpath_injection;
mod xxe;
mod zip_slip;

use super::Rule;

/// Rules that ask for data of unknown origin.
pub(super) static ASK_FOR_UNKNOWN: &[&Rule] = &[&shell_dynamic_command::RULE, &sql_unsafe_raw_api::RULE];

pub(super) static RULES: &[&Rule] = &[
    &code_injection::RULE,
    &command_argument_injection::RULE,
    &command_injection::RULE,
    &csv_injection::RULE,
    &dynamic_method_call::RULE,
    &dynamic_module_load::RULE,
    &email_injection::RULE,
    &format_string_injection::RULE,
    &header_injection::RULE,
    &host_header_trust::RULE,
    &ldap_injection::RULE,
    &log_injection::RULE,
    &nosql_injection::RULE,
    &nosql_where_code::RULE,
    &open_redirect::RULE,
    &orm_operator_injection::RULE,
    &path_traversal::RULE,
    &prototype_pollution::RULE,
    &redos::RULE,
    &reflected_xss::RULE,
    &regex_injection::RULE,
    &resource_size_from_input::RULE,
    &shell_dynamic_command::RULE,
    &sql_identifier_injection::RULE,
    &sql_injection::RULE,
    &sql_unsafe_raw_api::RULE,
    &ssrf::RULE,
    &stored_xss::RULE,
    &template_autoescape_off::RULE,
    &template_injection::RULE,
    &template_locals_injection::RULE,
    &trust_boundary::RULE,
    &unsafe_deserialization::RULE,
    &xml_bomb::RULE,
    &xpath_injection::RULE,
    &xxe::RULE,
    &zip_slip::RULE,
];
