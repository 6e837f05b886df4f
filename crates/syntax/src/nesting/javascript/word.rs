//! Words: which ones make the path longer, and which ones begin a statement.

use super::super::is_word;
use super::skip::wide_space;
use super::{Before, RIGHT, Scan};

/// Bytes that go on with a word.
static IN_WORD: [bool; 256] = in_word();

const fn in_word() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_word(byte as u8) || byte as u8 == b'$' || byte as u8 == b'\\';
        byte += 1;
    }
    table
}

/// For each first letter, the lengths of the keywords that begin with it, as bits.
static KEYWORD_LENGTHS: [u16; 26] = keyword_lengths();

/// Every word that [`Scan::word`] tells from a name.
const KEYWORDS: [&str; 46] = [
    "if",
    "for",
    "while",
    "with",
    "else",
    "do",
    "new",
    "typeof",
    "void",
    "delete",
    "return",
    "throw",
    "case",
    "try",
    "finally",
    "in",
    "instanceof",
    "extends",
    "of",
    "as",
    "satisfies",
    "is",
    "await",
    "yield",
    "async",
    "function",
    "class",
    "keyof",
    "infer",
    "readonly",
    "unique",
    "asserts",
    "abstract",
    "const",
    "let",
    "var",
    "using",
    "import",
    "export",
    "default",
    "declare",
    "enum",
    "namespace",
    "module",
    "interface",
    "type",
];

const fn keyword_lengths() -> [u16; 26] {
    let mut table = [0; 26];
    let mut index = 0;
    while index < KEYWORDS.len() {
        let word = KEYWORDS[index].as_bytes();
        table[(word[0] - b'a') as usize] |= 1 << word.len();
        index += 1;
    }
    table
}

/// A quick look that spares most names the comparison with every keyword.
fn may_be_keyword(word: &[u8]) -> bool {
    word.len() < 16 && word[0].is_ascii_lowercase() && KEYWORD_LENGTHS[(word[0] - b'a') as usize] >> word.len() & 1 == 1
}

impl Scan<'_> {
    pub(super) fn word_or_space(&mut self) {
        match wide_space(&self.bytes[self.at..]) {
            Some((len, is_break)) => {
                self.at += len;
                self.newline |= is_break;
            }
            None => self.word(),
        }
    }

    fn word_end(&mut self) -> usize {
        let mut at = self.at;
        while let Some(&byte) = self.bytes.get(at)
            && IN_WORD[byte as usize]
        {
            if byte >= 0x80 && wide_space(&self.bytes[at..]).is_some() {
                break;
            }
            at += 1;
            // A broken escape may swallow what follows.
            if byte == b'\\' && self.bytes.get(at) != Some(&b'u') && self.doubt() {
                at += 1;
            }
        }
        at.min(self.bytes.len())
    }

    pub(super) fn word(&mut self) {
        let end = self.word_end();
        let word = &self.bytes[self.at..end];
        self.at = end;
        self.newline = false;
        let before = self.before;
        if before == Before::Dot {
            self.before = Before::Operand;
            self.head = false;
            return;
        }
        if before == Before::Semicolon && word != b"else" {
            self.path.fresh();
        }
        let was_head = std::mem::take(&mut self.head);
        if !may_be_keyword(word) {
            self.juxtaposed();
            self.before = Before::Operand;
            return;
        }
        self.before = match word {
            b"if" | b"for" | b"while" | b"with" => {
                self.juxtaposed();
                self.path.rung(if before == Before::Else { 0 } else { RIGHT });
                self.head = true;
                Before::Operator
            }
            b"else" => {
                self.path.rung(1);
                Before::Else
            }
            b"do" => {
                self.juxtaposed();
                self.path.rung(RIGHT);
                Before::Operator
            }
            b"new" => {
                self.juxtaposed();
                self.path.link(RIGHT);
                Before::Operator
            }
            b"typeof" | b"void" | b"delete" | b"return" | b"throw" | b"case" | b"try" | b"finally" => {
                self.juxtaposed();
                self.path.link(1);
                Before::Operator
            }
            b"in" | b"instanceof" | b"extends" => {
                self.path.link(2);
                Before::Operator
            }
            // Keywords in some places, names in others. What follows is not a second operand.
            b"of" | b"as" | b"satisfies" | b"is" => {
                self.path.link(1);
                Before::Word
            }
            b"await" => {
                self.juxtaposed();
                self.path.link(1);
                self.head = was_head;
                Before::Word
            }
            b"yield" | b"async" | b"function" | b"class" | b"keyof" | b"infer" | b"readonly" | b"unique"
            | b"asserts" | b"abstract" | b"const" | b"let" | b"var" | b"using" | b"import" | b"export" | b"default"
            | b"declare" | b"enum" | b"namespace" | b"module" | b"interface" | b"type" => {
                self.juxtaposed();
                self.path.link(1);
                Before::Word
            }
            _ => {
                self.juxtaposed();
                Before::Operand
            }
        };
    }
}
