//! Conditions of rows: `when` and `unless`.

use super::*;

pub(super) fn conditions(fields: &mut Fields<'_>, key: &'static str) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for mut condition in fields.tables(key) {
        condition.required("at");
        condition.required("is");
        let at = condition.place("at");
        let mut is = Vec::new();
        for value in condition.list("is") {
            match expected(value) {
                Ok(it) => is.push(it),
                Err(message) => condition.error(Some("is"), message),
            }
        }
        conditions.extend(at.map(|at| Condition { at, is }));
        fields.errors.extend(condition.finish());
    }
    conditions
}

const EXPECTED: &[(&str, Expected)] = &[
    ("<absent>", Expected::Absent),
    ("<array>", Expected::Array),
    ("<null>", Expected::Constant(Constant::Null)),
    ("<object>", Expected::Object),
    ("<present>", Expected::Present),
    ("<function>", Expected::Function),
    ("<no-markup>", Expected::NoMarkup),
    ("<text>", Expected::Text),
];

pub(super) fn expected(value: &Value) -> Result<Expected, String> {
    if let Value::Text(text) = value
        && text.starts_with('<')
        && text.ends_with('>')
    {
        return match EXPECTED.iter().find(|(name, _)| name == text) {
            Some((_, expected)) => Ok(expected.clone()),
            None => Err(words::unknown("unknown word", text, EXPECTED.iter().map(|(name, _)| *name))),
        };
    }
    if let Value::Text(text) = value
        && let Some(name) = text.strip_prefix("Type[").and_then(|it| it.strip_suffix(']'))
    {
        return Ok(Expected::Type(name.to_owned()));
    }
    match constant(value) {
        Some(constant) => Ok(Expected::Constant(constant)),
        None => Err(format!("`is` holds constants, not {}", value.name())),
    }
}
