//! Places of a text as the report names them.

use backend_specialist_syntax::Lines;
use backend_specialist_syntax::ir::Span;

use super::{Position, Range};

/// A text and where its lines begin.
#[derive(Debug)]
pub struct LineIndex<T> {
    text: T,
    lines: Lines,
}

impl<T: AsRef<str>> LineIndex<T> {
    pub fn new(text: T) -> LineIndex<T> {
        let lines = Lines::new(text.as_ref());
        LineIndex { text, lines }
    }

    /// The line the byte is on, from 1.
    pub fn line(&self, byte: u32) -> u32 {
        self.lines.line(byte)
    }

    pub fn position(&self, byte: u32) -> Position {
        let text = self.text.as_ref();
        let it = self.lines.position(text, byte);
        Position { line: it.line, column: it.column, offset: self.lines.utf16_offset(text, byte) }
    }

    pub fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The line's text without its end; empty for a line there is not.
    pub fn line_text(&self, line: u32) -> &str {
        self.lines.line_text(self.text.as_ref(), line)
    }

    /// The byte at which the line starts.
    pub fn line_start(&self, line: u32) -> u32 {
        self.lines.offset(self.text.as_ref(), backend_specialist_syntax::Position { line, column: 1 })
    }
}
