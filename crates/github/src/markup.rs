//! Hostile text in Markdown: names and snippets come from whoever wrote the pull request.

/// Characters of one name or snippet that are shown.
const SHOWN_MAX: usize = 200;

/// A span of code that its text cannot leave.
pub fn code(text: &str) -> String {
    let text = capped(&harmless(text)).replace("<!--", "<! --");
    let text = text.trim();
    if text.is_empty() {
        return "` `".to_string();
    }
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// A sentence of ours with names in backticks; what stands outside of them can neither mark up, mention nor link.
pub fn sentence(text: &str) -> String {
    let text = harmless(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(&text);
    }
    let shown = |(at, part): (usize, &&str)| if at % 2 == 1 { code(part) } else { plain(part) };
    parts.iter().enumerate().map(shown).collect()
}

/// A block of code, with a fence longer than any in it.
pub fn block(language: &str, text: &str) -> String {
    let longest = text.lines().map(|it| it.chars().filter(|it| *it == '`').count()).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}")
}

/// The path of a link: nothing in it ends the link.
pub fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// One line without control, bidirectional and invisible characters.
pub fn harmless(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).filter(|it| !is_invisible(*it)).collect()
}

pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn capped(text: &str) -> String {
    if text.chars().count() <= SHOWN_MAX {
        return text.to_string();
    }
    text.chars().take(SHOWN_MAX - 1).chain(['…']).collect()
}

/// Markup is escaped. A mention or a number of an issue is no longer one if its sign is code.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '@' | '#' => out.push_str(&format!("`{letter}`")),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '[' | ']' | '*' | '_' | '\\' | '|' | '~' | '`' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            it => out.push(it),
        }
    }
    out.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a.js"), "`a.js`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(code("a\n<!-- x\u{202e}"), "`a <! -- x`");
        assert_eq!(code(&"x".repeat(900)).chars().count(), SHOWN_MAX + 2);
    }

    #[test]
    fn sentences_neither_mention_nor_link() {
        assert_eq!(sentence("`id` reaches `db.query`"), "`id` reaches `db.query`");
        assert_eq!(sentence("@all see #12, <img> http://x"), "`@`all see `#`12, &lt;img&gt; http:&#47;&#47;x");
        assert_eq!(sentence("one ` [a](b)"), "one \\` \\[a\\](b)");
    }

    #[test]
    fn blocks_and_links_hold() {
        assert_eq!(block("suggestion", "a ``` b"), "````suggestion\na ``` b\n````");
        assert_eq!(encoded("a b/(c).js"), "a%20b/%28c%29.js");
    }
}
