//! JSX: between tags, quotes and slashes mean nothing.

use memchr::{memchr, memchr2};

use super::super::is_word;
use super::{Before, Kind, Scan};

impl Scan<'_> {
    pub(super) fn open_tag(&mut self) {
        self.path.open(Kind::Tag);
        self.at += 1;
        if self.peek(0) == b'>' {
            self.path.set_top(Kind::Children);
            self.at += 1;
        }
    }

    /// One piece of `<tag a="b" c={d}>`.
    pub(super) fn tag_step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'>' => {
                self.at += 1;
                if self.has_types && self.paren_follows() && self.doubt() {
                    // It was `<T>(a: T) => …`.
                    self.path.close();
                    self.before = Before::Word;
                } else {
                    self.path.set_top(Kind::Children);
                }
            }
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'/' => self.end_of_self_closing(),
            b'"' | b'\'' => {
                let rest = &self.bytes[self.at + 1..];
                self.at = memchr(byte, rest).map_or(self.bytes.len(), |len| self.at + len + 2);
            }
            b'{' => {
                self.path.open(Kind::Brace);
                self.before = Before::Semicolon;
                self.at += 1;
            }
            b'<' if self.follows_equals() || !self.has_types => self.open_tag(),
            b'<' => {
                self.path.open(Kind::Angle);
                self.before = Before::Operator;
                self.at += 1;
            }
            // Dots of a long member name.
            b'.' => {
                self.path.link(1);
                self.at += 1;
            }
            b' ' | b'\t' => {
                self.path.run = 0;
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    /// `/ >`
    fn end_of_self_closing(&mut self) {
        self.at += 1;
        while self.peek(0).is_ascii_whitespace() {
            self.at += 1;
        }
        if self.peek(0) == b'>' {
            self.at += 1;
            self.element_ends();
        }
    }

    fn element_ends(&mut self) {
        self.path.close();
        self.before = Before::Operand;
        self.newline = false;
    }

    /// A parenthesis follows, perhaps behind a comment.
    fn paren_follows(&self) -> bool {
        matches!(self.bytes[self.at..].trim_ascii_start().first(), Some(b'(' | b'/'))
    }

    fn follows_equals(&self) -> bool {
        self.bytes[..self.at].iter().rev().find(|it| !it.is_ascii_whitespace()) == Some(&b'=')
    }

    /// Text up to the next tag or hole.
    pub(super) fn children_step(&mut self) {
        let rest = &self.bytes[self.at..];
        let Some(len) = memchr2(b'<', b'{', rest) else {
            self.at = self.bytes.len();
            return;
        };
        self.at += len;
        if rest[len] == b'{' {
            self.path.open(Kind::Brace);
            self.before = Before::Semicolon;
            self.at += 1;
            return;
        }
        let mut next = 1;
        while self.peek(next).is_ascii_whitespace() {
            next += 1;
        }
        if self.peek(next) == b'/' {
            let rest = &self.bytes[self.at..];
            self.at = memchr(b'>', rest).map_or(self.bytes.len(), |len| self.at + len + 1);
            self.element_ends();
        } else {
            self.open_tag();
        }
    }

    /// `<T,` or `<T extends`: type parameters of an arrow function, not a tag.
    pub(super) fn looks_generic(&self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let (name, rest) = rest.split_at(rest.iter().take_while(|it| is_word(**it)).count());
        let rest = rest.trim_ascii_start();
        rest.starts_with(b",") || rest.starts_with(b"extends") || rest.starts_with(b"=") || name == b"const"
    }
}
