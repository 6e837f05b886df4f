//! Small edits at the place where the parser stumbled.

use std::ops::Range;

/// A replacement of a range of a text.
pub(super) struct Edit {
    pub range: Range<usize>,
    pub with: String,
}

/// What may be missing.
const MISSING: [&str; 9] = [")", "}", "]", ",", "_", "(", "{", ";", "=>"];

/// Edits worth a try for a text that cannot be read at `at`, likeliest first.
pub(super) fn edits(text: &str, at: usize) -> Vec<Edit> {
    let at = boundary(text, at);
    let mut edits = Vec::new();
    if let Some(quote) = open_quote(text, at) {
        edits.extend(closed_quote(text, quote));
    }
    let closers = closers(text);
    let before = token_before(text, at);
    if at >= text.trim_end().len() && !closers.is_empty() {
        edits.push(insert(text.len(), &format!("\n{closers}")));
        // Cut off in the middle of an expression.
        edits.push(Edit { range: before.start..text.len(), with: format!("\n{closers}") });
        edits.push(insert(text.len(), &format!("_\n{closers}")));
    }
    let here = token_at(text, at);
    // Something was typed that does not belong.
    edits.push(remove(here.clone()));
    edits.push(remove(before.clone()));
    for missing in MISSING {
        edits.push(insert(before.end, missing));
    }
    for missing in [")", "]", "}", "(", "{"] {
        edits.push(insert(before.start, missing));
    }
    edits.push(Edit { range: here, with: "_".to_owned() });
    edits.push(remove(before.start..line_end(text, at)));
    if !closers.is_empty() {
        edits.push(insert(text.len(), &format!("\n{closers}")));
    }
    edits
}

fn insert(at: usize, text: &str) -> Edit {
    Edit { range: at..at, with: text.to_owned() }
}

fn remove(range: Range<usize>) -> Edit {
    Edit { range, with: String::new() }
}

fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |len| at + len)
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || it == '$'
}

/// The word or character at a place, white space before it skipped.
fn token_at(text: &str, at: usize) -> Range<usize> {
    let start = at + (text[at..].len() - text[at..].trim_start().len());
    let rest = &text[start..];
    let len = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
    let len = if len == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { len };
    start..start + len
}

fn token_before(text: &str, at: usize) -> Range<usize> {
    let before = text[..at].trim_end();
    let word = before.trim_end_matches(is_word);
    let end = before.len();
    if word.len() < end {
        return word.len()..end;
    }
    let len = before.chars().next_back().map_or(0, char::len_utf8);
    end - len..end
}

/// Where a string begins that does not end on the line of `at`.
fn open_quote(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let bytes = text.as_bytes();
    let mut open = None;
    let mut index = line;
    while index < line_end(text, at) {
        match (bytes[index], open) {
            (b'\\', _) => index += 1,
            (quote @ (b'"' | b'\''), None) => open = Some((quote, index)),
            (quote, Some((opened, _))) if quote == opened => open = None,
            _ => {}
        }
        index += 1;
    }
    open.map(|(_, index)| index)
}

/// Ways to end a string: before what closes its line, at the line's end, and behind its first word.
fn closed_quote(text: &str, quote: usize) -> Vec<Edit> {
    let end = line_end(text, quote);
    let with = &text[quote..=quote];
    let content = quote + 1;
    let trimmed = text[content..end].trim_end_matches([')', ']', '}', ';', ',', ' ', '{', '>', '\r']);
    let first = text[content..end].find([',', ')', ' ', ';', ']']).unwrap_or(end - content);
    let places = [content + trimmed.len(), end, content + first];
    let mut edits: Vec<Edit> = places.into_iter().map(|it| insert(it, with)).collect();
    edits.push(remove(quote..content));
    edits
}

/// What would close the brackets that a text leaves open.
pub(super) fn closers(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match byte {
            b'(' => open.push(')'),
            b'[' => open.push(']'),
            b'{' => open.push('}'),
            b')' | b']' | b'}' if open.last() == Some(&char::from(byte)) => {
                open.pop();
            }
            b'/' if bytes.get(at) == Some(&b'/') => at = line_end(text, boundary(text, at)),
            b'"' | b'\'' | b'`' => {
                while at < bytes.len() && bytes[at] != byte && (byte == b'`' || bytes[at] != b'\n') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            _ => {}
        }
    }
    open.iter().rev().collect()
}
