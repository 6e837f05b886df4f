//! Colors of what is printed for people.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Error,
    Warning,
    Note,
    Margin,
    Strong,
    Good,
    Faint,
}

/// The text as a terminal colors it, if colors are wanted.
pub(super) fn painted(color: bool, style: Style, text: &str) -> String {
    if !color || text.is_empty() {
        return text.to_string();
    }
    let code = match style {
        Style::Error => "1;31",
        Style::Warning => "1;33",
        Style::Note => "36",
        Style::Margin => "34",
        Style::Strong => "1",
        Style::Good => "32",
        Style::Faint => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
