//! Byte offsets of a text to lines, columns and offsets in UTF-16 code units, as editors count.

use backend_specialist_syntax::ir::Span;

use super::{Position, Range};

/// Where the lines of one text start, in bytes and in UTF-16 code units.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<(u32, u32)>,
}

impl<'a> LineIndex<'a> {
    pub fn new(text: &'a str) -> LineIndex<'a> {
        let mut starts = vec![(0, 0)];
        let bytes = text.as_bytes();
        let (mut units, mut at) = (0u32, 0usize);
        while at < bytes.len() {
            let byte = bytes[at];
            at += 1;
            // A character is one unit for its first byte, and one more if it takes four bytes.
            units += u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0);
            let ends_line = byte == b'\n' || (byte == b'\r' && bytes.get(at) != Some(&b'\n'));
            if ends_line {
                starts.push((at as u32, units));
            }
        }
        LineIndex { text, starts }
    }

    /// The line (from 0) that the byte stands in.
    pub fn line_of(&self, byte: u32) -> usize {
        self.starts.partition_point(|&(start, _)| start <= byte) - 1
    }

    pub fn position(&self, byte: u32) -> Position {
        let byte = (byte as usize).min(self.text.len());
        let line = self.line_of(byte as u32);
        let (start, units_before) = self.starts[line];
        let head = self.text.as_bytes().get(start as usize..byte).unwrap_or_default();
        let units = head.iter().map(|&it| u32::from(it & 0xC0 != 0x80) + u32::from(it >= 0xF0)).sum::<u32>();
        Position { line: line as u32 + 1, column: units + 1, offset: units_before + units }
    }

    pub fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The line's text (from 0) without its end; empty beyond the last.
    pub fn line_text(&self, line: usize) -> &'a str {
        let Some(&(start, _)) = self.starts.get(line) else { return "" };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |it| it.0 as usize);
        self.text[start as usize..end].trim_end_matches(['\r', '\n'])
    }

    /// The bytes of a line (from 0), its end included.
    pub fn line_span(&self, line: usize) -> Span {
        let start = self.starts.get(line).map_or(self.text.len() as u32, |it| it.0);
        let end = self.starts.get(line + 1).map_or(self.text.len() as u32, |it| it.0);
        Span::new(start, end)
    }

    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, needle: &str, line: u32, column: u32, offset: u32) {
        let at = text.find(needle).expect("the needle is in the text");
        assert_eq!(LineIndex::new(text).position(at as u32), Position { line, column, offset });
    }

    #[test]
    fn units_of_utf_16() {
        check("ab\ncd x", "x", 2, 4, 6);
        check("é x", "x", 1, 3, 2);
        check("😀 x", "x", 1, 4, 3);
        check("a\r\nb x", "x", 2, 3, 5);
        check("a\rb x", "x", 2, 3, 4);
        check("e\u{301} x", "x", 1, 4, 3);
    }

    #[test]
    fn the_end_and_beyond() {
        let lines = LineIndex::new("ab\n");
        assert_eq!(lines.position(99), Position { line: 2, column: 1, offset: 3 });
        assert_eq!(lines.line_text(0), "ab");
        assert_eq!(lines.line_text(1), "");
        assert_eq!(lines.line_text(7), "");
    }
}
