//! Stands in for the table of all characters' names, which the Python parser asks for `"\N{EM DASH}"`: it would be a
//! quarter of the WebAssembly build, and no rule asks which character it is.

/// The same character for every name that can be one.
pub fn character(name: &str) -> Option<char> {
    let may_stand_in_a_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, ' ' | '-' | '(' | ')');
    (!name.is_empty() && name.chars().all(may_stand_in_a_name)).then_some(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::character;

    #[test]
    fn a_name_is_a_character_and_other_text_is_none() {
        assert_eq!(character("EM DASH"), Some('\u{fffd}'));
        assert_eq!(character(""), None);
        assert_eq!(character("${x}"), None);
    }
}
