//! Bytes to text: byte-order marks, UTF-16, Latin-1 with a coding cookie, NUL, and bytes that are nothing.

#[cfg(test)]
mod tests;

/// A file's text as the rest of the program sees it.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub text: String,
    /// Something was replaced or guessed on the way; the report says so.
    pub problem: Option<&'static str>,
}

/// Bytes of a text without a byte-order mark that are looked at to tell whether it is UTF-16.
const UTF16_SAMPLE: usize = 64;

/// A coding cookie stands in the first two lines (PEP 263).
const COOKIE_LINES: usize = 2;

pub fn decode(bytes: &[u8]) -> Decoded {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_bytes(rest),
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        _ if every_second_is_nul(bytes, 1) => decode_utf16(bytes, u16::from_le_bytes),
        _ if every_second_is_nul(bytes, 0) => decode_utf16(bytes, u16::from_be_bytes),
        _ => decode_bytes(bytes),
    }
}

fn decode_bytes(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => without_nul(text.to_owned(), None),
        Err(_) if has_latin1_cookie(bytes) => without_nul(bytes.iter().map(|&it| char::from(it)).collect(), None),
        Err(_) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            without_nul(text, Some("bytes that are not UTF-8 were replaced"))
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let units = bytes.chunks_exact(2).map(|it| unit([it[0], it[1]]));
    let mut is_broken = bytes.len() % 2 == 1;
    let text = char::decode_utf16(units)
        .map(|it| {
            it.unwrap_or_else(|_| {
                is_broken = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    without_nul(text, is_broken.then_some("parts that are not UTF-16 were replaced"))
}

/// NUL becomes a space: no parser takes it, and offsets stay.
fn without_nul(text: String, problem: Option<&'static str>) -> Decoded {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return Decoded { text, problem };
    }
    Decoded { text: text.replace('\0', " "), problem: problem.or(Some("NUL bytes were read as spaces")) }
}

fn every_second_is_nul(bytes: &[u8], first: usize) -> bool {
    let sample = &bytes[..bytes.len().min(UTF16_SAMPLE) & !1];
    sample.len() >= 4 && sample.chunks_exact(2).all(|it| it[first] == 0 && it[1 - first] != 0)
}

/// `# -*- coding: latin-1 -*-` and its kin.
fn has_latin1_cookie(bytes: &[u8]) -> bool {
    bytes.split(|&it| it == b'\n').take(COOKIE_LINES).any(|line| {
        let line = line.trim_ascii_start();
        line.starts_with(b"#") && cookie(line).is_some_and(|it| is_latin1(&it))
    })
}

/// The encoding a comment names, in lower case with dashes.
fn cookie(line: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(line, b"coding")? + b"coding".len();
    let [b':' | b'=', rest @ ..] = &line[at..] else { return None };
    let name = rest.trim_ascii_start();
    let len = name.iter().take_while(|it| it.is_ascii_alphanumeric() || b"-_.".contains(it)).count();
    Some(String::from_utf8_lossy(&name[..len]).to_ascii_lowercase().replace('_', "-"))
}

/// Encodings of one byte a character that agree with Latin-1 in nearly all of them.
fn is_latin1(name: &str) -> bool {
    matches!(name, "latin-1" | "latin1" | "l1" | "iso-8859-1" | "iso8859-1" | "iso-8859-15" | "iso8859-15")
        || matches!(name, "latin-9" | "cp1252" | "windows-1252" | "ascii" | "us-ascii")
}
