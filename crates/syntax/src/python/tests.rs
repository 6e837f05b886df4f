//! What Python becomes. A case is a source and what [`crate::print`] says of it: `x` is a variable, `x/2` the
//! second of that name, `$x` a name the file does not declare.

mod broken;
mod classes;
mod expressions;
mod hostile;
mod imports;
mod legacy;
mod scopes;
mod spans;
mod statements;

use crate::{Language, lower, print};

/// Each source, on its own, becomes the text beside it.
#[track_caller]
fn each(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(print(&lower(source, Language::Python)).trim_end(), expected.trim(), "\nsource: {source}");
    }
}
