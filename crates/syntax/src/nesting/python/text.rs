//! Strings. Those of plain text are skipped; f-strings nest.

use memchr::memmem;

use super::{Before, Kind, Scan};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    byte: u8,
    is_triple: bool,
    is_raw: bool,
}

impl Scan<'_> {
    /// A string whose quote is here.
    pub(super) fn string(&mut self, is_text: bool, is_raw: bool) {
        self.juxtaposed();
        self.before = Before::Operand;
        let byte = self.bytes[self.at];
        let is_triple = self.peek(1) == byte && self.peek(2) == byte;
        self.at += if is_triple { 3 } else { 1 };
        if is_text {
            self.path.open(Kind::Text(Quote { byte, is_triple, is_raw }));
        } else if is_triple {
            self.skip_triple(byte);
        } else {
            self.skip_single(byte);
        }
    }

    fn skip_triple(&mut self, byte: u8) {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' => self.at += 2,
                it if it == byte && self.peek(1) == byte && self.peek(2) == byte => {
                    self.at += 3;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn skip_single(&mut self, quote: u8) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => return,
                b'\\' => self.at += self.escape_len(),
                _ => self.at += 1,
            }
            if byte == quote {
                return;
            }
        }
    }

    /// A backslash and what it escapes; a line break may be two bytes.
    fn escape_len(&self) -> usize {
        if self.peek(1) == b'\r' && self.peek(2) == b'\n' { 3 } else { 2 }
    }

    /// A piece of an f-string's text.
    pub(super) fn text_step(&mut self, quote: Quote) {
        let byte = self.bytes[self.at];
        match byte {
            b'{' if self.peek(1) == b'{' => self.at += 2,
            b'{' => self.open_field(),
            b'\\' if !quote.is_raw && self.peek(1) == b'N' && self.peek(2) == b'{' => {
                self.at += memmem::find(&self.bytes[self.at..], b"}").map_or(3, |len| len + 1);
            }
            b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
            b'\\' => self.at += self.escape_len(),
            b'\n' | b'\r' if !quote.is_triple => self.end_text(0),
            _ if byte == quote.byte && !quote.is_triple => self.end_text(1),
            _ if byte == quote.byte && self.peek(1) == byte && self.peek(2) == byte => self.end_text(3),
            _ => self.at += 1,
        }
    }

    fn open_field(&mut self) {
        self.path.open(Kind::Field);
        self.before = Before::Operator;
        self.at += 1;
    }

    fn end_text(&mut self, len: usize) {
        self.path.close();
        self.before = Before::Operand;
        self.at += len;
    }

    /// A piece of a format: it ends with the field, or with the string if the field is broken.
    pub(super) fn format_step(&mut self) {
        let quote = self.path.frames.iter().rev().find_map(|it| match it.kind {
            Kind::Text(quote) => Some(quote),
            _ => None,
        });
        let byte = self.bytes[self.at];
        match byte {
            b'{' => self.open_field(),
            b'}' => {
                self.path.close();
                self.at += 1;
            }
            b'\n' | b'\r' if quote.is_some_and(|it| !it.is_triple) => self.path.close(),
            _ if quote.is_some_and(|it| it.byte == byte && !it.is_triple) => self.path.close(),
            _ => self.at += 1,
        }
    }
}
