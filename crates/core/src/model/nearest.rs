//! The nearest known word, for messages about misspelt ones.

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

/// The known word with the fewest edits, if that is fewer than half of the word's letters.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|word| (distance(name, word), word))
        .min()
        .filter(|(edits, word)| *edits * 2 <= name.chars().count().max(word.chars().count()))
        .map(|(_, word)| word)
}

/// Edits (insert, delete, replace) that turn one word into the other; letters differing in case cost nothing.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(WORD_MAX).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().take(WORD_MAX).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(!l.eq_ignore_ascii_case(r));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

/// Longer words are compared by their beginnings.
const WORD_MAX: usize = 64;
