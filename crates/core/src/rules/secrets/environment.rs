//! What the rules about environment variables share: their names, and whether somebody looks that they are set.

use crate::Place;
use crate::names;
use crate::rules::context::RuleContext;
use crate::rules::written::contains;

/// The variable that an expression reads: the last name in it, or the text in its call.
pub(super) fn name_in(text: &str) -> String {
    let quoted = text.split(['"', '\'', '`']).nth(1).filter(|it| !it.is_empty());
    quoted.unwrap_or_else(|| names::last_name(text)).to_owned()
}

/// Somewhere the program looks whether the variable, or what it is kept in, is set: in a test, in a list of required
/// names, in a schema.
pub(super) fn is_checked(cx: &RuleContext<'_>, name: &str, place: Place) -> bool {
    let kept_in = cx.written.named_around(place).map_or("", |it| it.name.as_str());
    let in_test = cx.written.branches.iter().any(|it| {
        let test = cx.text(it.test);
        names::has_word(test, name)
            || (it.test.file == place.file && !kept_in.is_empty() && names::has_word(test, kept_in))
    });
    let is_listed = cx
        .written
        .literals
        .iter()
        .any(|it| it.text == name && !cx.origins("env").iter().any(|origin| contains(*origin, it.place)));
    let in_schema = cx
        .written
        .named
        .iter()
        .any(|it| it.name == name && !contains(it.place, place) && !cx.text(it.place).contains(name));
    in_test || is_listed || in_schema
}
