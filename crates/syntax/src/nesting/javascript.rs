//! JavaScript and TypeScript.

mod jsx;
mod skip;
mod word;

use super::{LEVEL, Path};
use crate::Language;

/// Some slashes are a division or a regular expression depending on grammar this scan does not know. Both readings
/// are tried, up to this many together; a file with more doubts is not parsed.
const READINGS_MAX: u32 = 16;

/// Weight of a link that makes the parser recurse through all its levels of precedence, in eighths.
const RIGHT: u32 = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paren {
        /// The head of an `if` or a loop: a statement follows, not an operator.
        head: bool,
    },
    Square,
    Brace,
    /// `${` of a template.
    Hole,
    /// Type arguments, or a comparison that was taken for them.
    Angle,
    /// Inside `<tag …>`.
    Tag,
    /// Between `<tag>` and `</tag>`.
    Children,
}

/// What stands before the next token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// An operator, an opening bracket, the start: an operand follows.
    Operator,
    /// The end of an operand: an operator follows, else a new statement.
    Operand,
    /// As `Operand`, but a block may have ended here: a slash is in doubt.
    Block,
    /// A word that is a keyword in some places.
    Word,
    /// `.`: whatever word follows is a name.
    Dot,
    /// `else`: an `if` continues the ladder.
    Else,
    /// `;`: a new statement follows, unless it is `else`.
    Semicolon,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    path: Path<Kind>,
    before: Before,
    /// A line break stands before the next token.
    newline: bool,
    /// The last word was `if`, `for`, `while` or `with`.
    head: bool,
    has_types: bool,
    has_jsx: bool,
    /// One bit for each doubt: how to read it.
    reading: u32,
    doubts: u32,
}

pub(super) fn too_deep(bytes: &[u8], language: Language) -> bool {
    let mut open = vec![(0u32, 0u32)];
    let mut readings = 0;
    while let Some((reading, decided)) = open.pop() {
        readings += 1;
        if readings > READINGS_MAX {
            return true;
        }
        let mut scan = Scan::new(bytes, language, reading);
        scan.all();
        if scan.path.too_deep() {
            return true;
        }
        for doubt in decided..scan.doubts.min(u32::BITS) {
            open.push((reading | 1 << doubt, doubt + 1));
        }
    }
    false
}

impl<'t> Scan<'t> {
    fn new(bytes: &'t [u8], language: Language, reading: u32) -> Scan<'t> {
        Scan {
            bytes,
            at: 0,
            path: Path::new(),
            before: Before::Semicolon,
            newline: true,
            head: false,
            has_types: matches!(language, Language::TypeScript | Language::Tsx),
            has_jsx: language != Language::TypeScript,
            reading,
            doubts: 0,
        }
    }

    /// Decides a doubt, as this reading does.
    fn doubt(&mut self) -> bool {
        let index = self.doubts;
        self.doubts += 1;
        index < u32::BITS && self.reading >> index & 1 == 1
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn all(&mut self) {
        if self.bytes.starts_with(b"#!") {
            self.line_comment();
        }
        while self.at < self.bytes.len() && !self.path.too_deep() {
            match self.path.top() {
                Some(Kind::Tag) => self.tag_step(),
                Some(Kind::Children) => self.children_step(),
                _ => self.tokens(),
            }
        }
    }

    /// Tokens up to the next bracket: only those change what is read how.
    fn tokens(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.step(byte);
            if matches!(byte, b'}' | b'>' | b'<' | b'{' | b'(' | b'[') {
                break;
            }
        }
    }

    #[inline]
    fn step(&mut self, byte: u8) {
        match byte {
            b' ' => {
                self.at += 1;
                while self.bytes.get(self.at) == Some(&b' ') {
                    self.at += 1;
                }
            }
            b'\t' | 0x0b | 0x0c => self.at += 1,
            b'\n' | b'\r' => {
                self.newline = true;
                self.at += 1;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' => self.word(),
            0x80.. => self.word_or_space(),
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'<' if self.bytes[self.at..].starts_with(b"<!--") && self.doubt() => self.line_comment(),
            b'-' if self.newline && self.bytes[self.at..].starts_with(b"-->") && self.doubt() => self.line_comment(),
            _ => {
                if self.before == Before::Semicolon && byte != b'}' {
                    self.path.fresh();
                    self.before = Before::Operator;
                }
                self.token(byte);
                self.newline = false;
            }
        }
    }

    fn token(&mut self, byte: u8) {
        let was_head = std::mem::take(&mut self.head);
        match byte {
            b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.string(byte),
            b'`' => {
                if self.after_operand() {
                    self.path.link(1);
                }
                self.at += 1;
                self.template();
            }
            b'(' => self.open(Kind::Paren { head: was_head }),
            b'[' => self.open(Kind::Square),
            b'{' => self.open(Kind::Brace),
            b')' | b']' | b'}' => self.close(byte),
            b';' => {
                while self.path.top() == Some(Kind::Angle) {
                    self.path.close();
                }
                self.path.run = 0;
                self.before = Before::Semicolon;
                self.at += 1;
            }
            b',' => {
                self.path.run = 0;
                self.operator(1, 0);
            }
            b'.' => self.dot(),
            b'/' => self.slash(),
            b'<' => self.less(),
            b'>' => self.greater(),
            b'@' => {
                self.juxtaposed();
                self.operator(1, RIGHT);
            }
            b'#' => {
                self.juxtaposed();
                self.before = Before::Dot;
                self.at += 1;
            }
            b'!' if self.peek(1) != b'=' => self.bang(),
            b'+' | b'-' if self.peek(1) == byte => self.step_by_one(),
            b'=' if self.peek(1) == b'>' => self.operator(2, LEVEL),
            b'=' if self.peek(1) != b'=' => self.operator(1, RIGHT),
            b'*' if self.peek(1) == b'*' => self.operator(2, RIGHT),
            b':' => self.operator(1, 2),
            b'?' if self.peek(1) == b'.' && !self.peek(2).is_ascii_digit() => {
                self.path.link(1);
                self.before = Before::Dot;
                self.at += 2;
            }
            b'=' | b'+' | b'-' | b'*' | b'%' | b'&' | b'|' | b'^' | b'!' | b'~' | b'?' => {
                let len = self.operator_len(byte);
                let is_assignment = len > 1 && self.peek(len - 1) == b'=' && !matches!(byte, b'=' | b'!');
                self.operator(len, if is_assignment { RIGHT } else { 1 });
            }
            _ => self.at += 1,
        }
    }

    /// Bytes of the operator here: its repetitions and `=`.
    fn operator_len(&self, byte: u8) -> usize {
        let mut len = 1;
        if matches!(byte, b'&' | b'|' | b'*' | b'?') && self.peek(1) == byte {
            len = 2;
        }
        while self.peek(len) == b'=' && byte != b':' && byte != b'~' && self.peek(len + 1) != b'>' && len < 4 {
            len += 1;
        }
        len
    }

    fn operator(&mut self, len: usize, weight: u32) {
        self.at += len;
        self.path.link(weight);
        self.before = Before::Operator;
    }

    fn after_operand(&self) -> bool {
        matches!(self.before, Before::Operand | Before::Block)
    }

    /// An operand is next. Two of them side by side are two statements.
    fn juxtaposed(&mut self) {
        if self.after_operand() {
            self.path.fresh();
        }
    }

    fn open(&mut self, kind: Kind) {
        if !matches!(self.before, Before::Operator | Before::Semicolon | Before::Else) {
            self.path.link(1);
        }
        self.path.open(kind);
        self.before = Before::Semicolon;
        self.at += 1;
    }

    fn close(&mut self, byte: u8) {
        self.at += 1;
        let closed = match byte {
            b')' => self.path.close_to(|it| matches!(it, Kind::Paren { .. }), is_wall),
            b']' => self.path.close_to(|it| it == Kind::Square, is_wall),
            _ => self.path.close_to(|it| matches!(it, Kind::Brace | Kind::Hole), is_wall),
        };
        self.before = match closed {
            Some(Kind::Paren { head: true }) => Before::Operator,
            Some(Kind::Brace) => Before::Block,
            Some(Kind::Hole) => return self.template(),
            _ => Before::Operand,
        };
    }

    fn dot(&mut self) {
        if self.peek(1) == b'.' && self.peek(2) == b'.' {
            self.operator(3, 0);
        } else if self.peek(1).is_ascii_digit() && !self.after_operand() {
            self.number();
        } else {
            self.path.link(1);
            self.before = Before::Dot;
            self.at += 1;
        }
    }

    /// `!`: in TypeScript also behind an operand, on its line.
    fn bang(&mut self) {
        let is_postfix = self.has_types && self.after_operand() && !self.newline;
        let before = self.before;
        self.operator(1, 1);
        if is_postfix {
            self.before = before;
        }
    }

    /// `++` and `--`
    fn step_by_one(&mut self) {
        let is_postfix = self.after_operand() && !self.newline;
        self.operator(2, 1);
        if is_postfix {
            self.before = Before::Operand;
        }
    }

    fn less(&mut self) {
        let next = self.peek(1);
        let may_open = next.is_ascii_alphabetic() || matches!(next, b'_' | b'$' | b'>' | 0x80..);
        let is_first = !self.after_operand() && self.before != Before::Dot;
        if self.has_jsx && may_open {
            let may_begin = is_first || self.before == Before::Block || self.newline;
            let is_sure = is_first && self.before != Before::Word;
            let is_jsx = may_begin && (is_sure || self.doubt());
            if is_jsx && !(self.has_types && self.looks_generic() && self.doubt()) {
                return self.open_tag();
            }
        }
        if self.has_types && !matches!(next, b'=') {
            self.path.link(1);
            self.path.open(Kind::Angle);
            self.before = Before::Operator;
            self.at += 1;
            return;
        }
        let len = if next == b'<' { 2 } else { 1 };
        self.operator(len + usize::from(self.peek(len) == b'='), 1);
    }

    fn greater(&mut self) {
        if self.path.top() == Some(Kind::Angle) && self.peek(1) != b'=' {
            self.path.close();
            self.at += 1;
            // A type ended, or a comparison goes on.
            self.before = Before::Word;
            return;
        }
        self.operator(1, 1);
        while matches!(self.peek(0), b'>' | b'=') && self.path.top() != Some(Kind::Angle) {
            self.at += 1;
        }
    }
}

/// A template's hole ends with its own brace alone.
fn is_wall(kind: Kind) -> bool {
    matches!(kind, Kind::Children | Kind::Tag | Kind::Hole | Kind::Brace)
}
