//! The lines of a text and how their indentation groups them.

use std::ops::Range;

/// One line with something on it.
#[derive(Clone, Copy)]
struct Line {
    /// The line with its break.
    start: usize,
    end: usize,
    /// Bytes of white space before its first character.
    indent: usize,
    /// It begins within a template or a comment.
    is_inside: bool,
}

pub(super) struct Lines<'t> {
    text: &'t str,
    lines: Vec<Line>,
}

/// A statement, member or element with all that stands further right below it.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub lines: Range<usize>,
}

/// A piece of a chunk: a line of its own level, or the lines between two of those.
pub(super) enum Piece {
    Anchor(usize),
    Run(Range<usize>),
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Lines<'t> {
        let inside = starts_inside(text);
        let mut lines = Vec::new();
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let end = start + line.len();
            let indent = line.len() - line.trim_start().len();
            if indent < line.len() {
                lines.push(Line { start, end, indent, is_inside: inside.contains(&number) });
            }
            start = end;
        }
        Lines { text, lines }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The bytes of some lines and of the empty ones between them.
    pub fn bytes(&self, lines: Range<usize>) -> Range<usize> {
        match (self.lines.get(lines.start), self.lines[..lines.end].last()) {
            (Some(first), Some(last)) if lines.start < lines.end => first.start..last.end,
            _ => 0..0,
        }
    }

    pub fn line(&self, index: usize) -> &'t str {
        let line = self.lines[index];
        self.text[line.start + line.indent..line.end].trim_end()
    }

    fn level(&self, lines: Range<usize>) -> usize {
        self.lines[lines].iter().filter(|it| !it.is_inside).map(|it| it.indent).min().unwrap_or(0)
    }

    fn is_at_level(&self, index: usize, level: usize) -> bool {
        let line = self.lines[index];
        line.indent <= level && !line.is_inside
    }

    /// The chunks of a run of lines.
    pub fn chunks(&self, lines: Range<usize>) -> Vec<Chunk> {
        let level = self.level(lines.clone());
        let mut chunks: Vec<Chunk> = Vec::new();
        for index in lines {
            let joins = !self.is_at_level(index, level) || self.continues(index);
            match chunks.last_mut() {
                Some(last) if joins || self.wants_more(last) => last.lines.end = index + 1,
                _ => chunks.push(Chunk { lines: index..index + 1 }),
            }
        }
        chunks
    }

    /// A line that cannot begin anything.
    fn continues(&self, index: usize) -> bool {
        let line = self.line(index);
        let first = line.bytes().next().unwrap_or(b' ');
        let is_decrement = line.starts_with("++") || line.starts_with("--");
        b")]}.?:&|+-*%=,".contains(&first) && !is_decrement && !line.starts_with("...")
            || ["else", "catch", "finally"].iter().any(|word| starts_with_word(line, word))
    }

    /// Decorators wait for what they decorate.
    fn wants_more(&self, chunk: &Chunk) -> bool {
        chunk.lines.len() == 1 && self.line(chunk.lines.start).starts_with('@')
    }

    pub fn pieces(&self, chunk: &Chunk) -> Vec<Piece> {
        let level = self.level(chunk.lines.clone());
        let mut pieces = Vec::new();
        for index in chunk.lines.clone() {
            if self.is_at_level(index, level) {
                pieces.push(Piece::Anchor(index));
            } else if let Some(Piece::Run(run)) = pieces.last_mut() {
                run.end = index + 1;
            } else {
                pieces.push(Piece::Run(index..index + 1));
            }
        }
        pieces
    }
}

pub(super) fn starts_with_word(line: &str, word: &str) -> bool {
    line.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_'))
}

/// Numbers of the lines that begin within a template or a block comment. A text in which one of them never ends
/// has none: the broken one cannot be told from the others.
fn starts_inside(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut inside = Vec::new();
    let (mut at, mut number) = (0, 0);
    let mut holes: Vec<u32> = Vec::new();
    let mut is_text = false;
    let mut is_comment = false;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match byte {
            b'\n' => {
                number += 1;
                if is_text || is_comment {
                    inside.push(number);
                }
            }
            b'*' if is_comment && bytes.get(at) == Some(&b'/') => {
                is_comment = false;
                at += 1;
            }
            _ if is_comment => {}
            b'\\' => at += 1,
            b'`' if is_text => is_text = false,
            b'$' if is_text && bytes.get(at) == Some(&b'{') => {
                holes.push(0);
                is_text = false;
                at += 1;
            }
            _ if is_text => {}
            b'`' => is_text = true,
            b'{' => holes.iter_mut().next_back().into_iter().for_each(|it| *it += 1),
            b'}' => match holes.last_mut() {
                Some(0) => {
                    holes.pop();
                    is_text = true;
                }
                Some(open) => *open -= 1,
                None => {}
            },
            b'/' if bytes.get(at) == Some(&b'*') => {
                is_comment = true;
                at += 1;
            }
            b'/' if bytes.get(at) == Some(&b'/') => {
                at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
            }
            b'"' | b'\'' => {
                while at < bytes.len() && bytes[at] != byte && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += usize::from(bytes.get(at) == Some(&byte));
            }
            _ => {}
        }
    }
    if is_text || is_comment || !holes.is_empty() { Vec::new() } else { inside }
}
