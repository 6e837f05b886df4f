//! Messages about words that no model knows.

use crate::nearest::nearest;

/// ``what `name`; the nearest known one is `…` ``, or the list of all where nothing is near and the list is short.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("{what} `{name}`; the nearest known one is `{near}`"),
        None if known.len() <= LISTED_MAX => format!("{what} `{name}`; known are {}", known.join(", ")),
        None => format!("{what} `{name}`"),
    }
}

const LISTED_MAX: usize = 12;
