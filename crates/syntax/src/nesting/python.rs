//! Python.

mod text;

use super::{LEVEL, Path, is_word};
use text::Quote;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bracket(u8),
    /// A block, or lines within a bracket that stand further right; the column.
    Indent(u32),
    /// The text of an f-string.
    Text(Quote),
    /// `{value}` of an f-string.
    Field,
    /// What follows the colon in `{value:>{width}}`.
    Format,
}

/// What stands before the next token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Operator,
    Operand,
    Dot,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    path: Path<Kind>,
    before: Before,
}

pub(super) fn too_deep(bytes: &[u8]) -> bool {
    let mut scan = Scan { bytes, at: 0, path: Path::new(), before: Before::Operator };
    scan.line_start();
    while scan.at < bytes.len() && !scan.path.too_deep() {
        match scan.path.top() {
            Some(Kind::Text(quote)) => scan.text_step(quote),
            Some(Kind::Format) => scan.format_step(),
            _ => scan.step(),
        }
    }
    scan.path.too_deep()
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' | 0x0c => self.at += 1,
            b'\n' | b'\r' => {
                self.at += 1;
                self.line_start();
            }
            b'\\' if matches!(self.peek(1), b'\n' | b'\r') => {
                self.at += if self.bytes[self.at..].starts_with(b"\\\r\n") { 3 } else { 2 };
            }
            b'#' => {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            }
            b'"' | b'\'' => self.string(false, false),
            b'0'..=b'9' => self.number(),
            _ if is_word(byte) => self.word(),
            b'(' | b'[' | b'{' => {
                if self.before == Before::Operand {
                    self.path.link(1);
                }
                self.path.open(Kind::Bracket(byte));
                self.before = Before::Operator;
                self.at += 1;
            }
            b')' => self.close(b'('),
            b']' => self.close(b'['),
            b'}' => self.close(b'{'),
            b',' | b';' => {
                self.path.run = 0;
                self.operator(0);
            }
            b'.' if self.peek(1).is_ascii_digit() && self.before != Before::Operand => self.number(),
            b'.' => {
                self.operator(1);
                self.before = Before::Dot;
            }
            b':' if self.path.top() == Some(Kind::Field) => {
                self.path.set_top(Kind::Format);
                self.at += 1;
            }
            _ => {
                // `==`, `**`, `<=` and the like are one operator.
                let continues = self.at > 0 && byte == b'=' && self.bytes[self.at - 1].is_ascii_punctuation();
                let doubles = self.at > 0
                    && matches!(byte, b'*' | b'/' | b'<' | b'>')
                    && self.bytes[self.at - 1] == byte
                    && self.before == Before::Operator;
                self.operator(u32::from(!continues && !doubles));
            }
        }
    }

    fn operator(&mut self, weight: u32) {
        self.at += 1;
        self.path.link(weight);
        self.before = Before::Operator;
    }

    /// Two operands side by side are two statements, or an error after which the parser begins anew.
    fn juxtaposed(&mut self) {
        if self.before == Before::Operand {
            self.path.run = 0;
        }
    }

    fn number(&mut self) {
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

    fn word(&mut self) {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if self.before == Before::Dot {
            self.before = Before::Operand;
            return;
        }
        if matches!(self.peek(0), b'"' | b'\'') && word.len() <= 2 && word.iter().all(|it| b"rRbBuUfFtT".contains(it)) {
            let is_text = word.iter().any(|it| b"fFtT".contains(it));
            let is_raw = word.iter().any(|it| b"rR".contains(it));
            return self.string(is_text, is_raw);
        }
        self.before = match word {
            b"elif" | b"else" => {
                self.path.rung(1);
                Before::Operator
            }
            b"lambda" => {
                self.juxtaposed();
                self.path.link(LEVEL);
                Before::Operator
            }
            b"not" | b"await" | b"yield" | b"return" | b"raise" | b"del" | b"assert" | b"print" => {
                self.path.link(1);
                Before::Operator
            }
            b"and" | b"or" | b"in" | b"is" | b"if" | b"for" | b"as" | b"from" | b"while" | b"with" | b"async"
            | b"match" | b"case" | b"type" => {
                self.path.link(1);
                Before::Operator
            }
            _ => {
                self.juxtaposed();
                Before::Operand
            }
        };
    }

    fn close(&mut self, opener: u8) {
        self.at += 1;
        let is_field_end = |it| opener == b'{' && matches!(it, Kind::Field | Kind::Format);
        let closed = self.path.close_to(
            |it| it == Kind::Bracket(opener) || is_field_end(it),
            |it| matches!(it, Kind::Text(_) | Kind::Field | Kind::Format),
        );
        if closed.is_none() {
            self.path.run = 0;
        }
        self.before = Before::Operand;
    }

    /// Measures the indentation of the line that begins here. Empty lines and comments have none.
    fn line_start(&mut self) {
        let mut column = 0;
        loop {
            match self.peek(0) {
                b' ' => column += 1,
                b'\t' => column = (column / 8 + 1) * 8,
                0x0c => column = 0,
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.peek(0), b'\n' | b'\r' | b'#') || self.at >= self.bytes.len() {
            return;
        }
        while let Some(Kind::Indent(open)) = self.path.top()
            && column < open
        {
            self.path.close();
        }
        let (outer, is_first) = match self.path.top() {
            None => (0, false),
            Some(Kind::Indent(open)) => (open, false),
            // The first line within a bracket may stand anywhere.
            Some(_) => (column, true),
        };
        let in_bracket = self.path.frames.iter().any(|it| !matches!(it.kind, Kind::Indent(_)));
        if column > outer {
            self.path.open(Kind::Indent(column));
            self.before = Before::Operator;
        } else if !in_bracket {
            let rest = &self.bytes[self.at..];
            let goes_on = rest.starts_with(b"el") || rest.starts_with(b"except") || rest.starts_with(b"finally");
            if goes_on {
                self.path.run = 0;
            } else {
                self.path.fresh();
            }
            self.before = Before::Operator;
        }
        if is_first {
            self.path.open_weighing(Kind::Indent(column), 0);
        }
    }
}
