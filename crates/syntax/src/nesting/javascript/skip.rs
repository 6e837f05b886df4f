//! What hides brackets: comments, strings, templates, regular expressions.

use memchr::{memchr_iter, memchr2, memchr3};

use super::{Before, Kind, Scan};

impl Scan<'_> {
    pub(super) fn line_comment(&mut self) {
        loop {
            let rest = &self.bytes[self.at..];
            match memchr3(b'\n', b'\r', 0xe2, rest) {
                None => self.at = self.bytes.len(),
                // U+2028 and U+2029 end a line as well; other characters may begin with the same byte.
                Some(len) if rest[len] == 0xe2 && !is_separator(&rest[len..]) => {
                    self.at += len + 1;
                    continue;
                }
                Some(len) => self.at += len,
            }
            return;
        }
    }

    pub(super) fn block_comment(&mut self) {
        let start = self.at + 2;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = memchr_iter(b'/', rest).find(|&it| it > 0 && rest[it - 1] == b'*');
        let comment = &rest[..len.unwrap_or(rest.len())];
        self.newline |= memchr2(b'\n', b'\r', comment).is_some();
        self.at = len.map_or(self.bytes.len(), |len| start + len + 1);
    }

    pub(super) fn string(&mut self, quote: u8) {
        self.juxtaposed();
        self.before = Before::Operand;
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += match byte {
                b'\\' => 2,
                b'\n' => return,
                _ => 1,
            };
            if byte == quote {
                return;
            }
        }
    }

    pub(super) fn number(&mut self) {
        self.juxtaposed();
        self.before = Before::Operand;
        self.at += 1;
        while self.peek(0).is_ascii_alphanumeric()
            || self.peek(0) == b'_'
            || self.peek(0) == b'.' && self.peek(1).is_ascii_digit()
        {
            self.at += 1;
        }
    }

    /// A template's text up to its end or its next hole.
    pub(super) fn template(&mut self) {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let Some(len) = memchr3(b'`', b'\\', b'$', rest) else {
                self.at = self.bytes.len();
                return;
            };
            self.at += len + 1;
            match rest[len] {
                b'`' => {
                    self.before = Before::Operand;
                    return;
                }
                b'\\' => self.at += 1,
                _ if self.peek(0) == b'{' => {
                    self.path.open(Kind::Hole);
                    self.before = Before::Semicolon;
                    self.at += 1;
                    return;
                }
                _ => {}
            }
        }
    }

    pub(super) fn slash(&mut self) {
        let end = self.regex_end();
        let is_regex = match (self.before, end) {
            (_, None) => false,
            (Before::Operator | Before::Semicolon | Before::Else, _) => true,
            (Before::Operand | Before::Dot, _) if !self.newline => false,
            _ => self.doubt(),
        };
        match end {
            Some(end) if is_regex => {
                self.juxtaposed();
                self.at = end;
                while self.peek(0).is_ascii_alphanumeric() {
                    self.at += 1;
                }
                self.before = Before::Operand;
            }
            _ => self.operator(1 + usize::from(self.peek(1) == b'='), 1),
        }
    }

    /// Behind the slash that closes the regular expression, if one does on this line.
    fn regex_end(&self) -> Option<usize> {
        let mut at = self.at + 1;
        let mut in_class = false;
        loop {
            match self.bytes.get(at)? {
                b'\n' | b'\r' => return None,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
    }
}

fn is_separator(bytes: &[u8]) -> bool {
    matches!(bytes, [0xe2, 0x80, 0xa8 | 0xa9, ..])
}

/// The length of the white space here that is no ASCII, and whether it is a line break.
pub(super) fn wide_space(bytes: &[u8]) -> Option<(usize, bool)> {
    match bytes {
        [0xc2, 0xa0, ..] => Some((2, false)),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => Some((3, true)),
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8b | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => Some((3, false)),
        _ => None,
    }
}
