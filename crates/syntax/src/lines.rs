//! Byte offsets to what people and editors count: lines, columns and UTF-16 offsets.

#[cfg(test)]
mod tests;

/// A place as editors name it, both from 1; columns are UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where the lines of one text begin. It answers for the text it was made of.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
    /// UTF-16 code units before each line; empty if the text is ASCII, where bytes and units are the same.
    units_before: Vec<u32>,
}

impl Lines {
    pub fn new(text: &str) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_first_of_two = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_first_of_two {
                starts.push(at as u32 + 1);
            }
        }
        let mut units_before = Vec::new();
        if !text.is_ascii() {
            let mut units = 0;
            let mut last = 0;
            for &start in &starts {
                units += units_in(&text[last..start as usize]);
                last = start as usize;
                units_before.push(units);
            }
        }
        Lines { starts, units_before }
    }

    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The position of a byte offset. One beyond the text is its end; one within a character is the character.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = boundary(text, offset);
        let line = self.line_of(offset);
        let start = self.starts[line] as usize;
        let column =
            if self.units_before.is_empty() { (offset - start) as u32 } else { units_in(&text[start..offset]) };
        Position { line: line as u32 + 1, column: column + 1 }
    }

    /// The number of the line a byte offset is on, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_of(offset as usize) as u32 + 1
    }

    /// UTF-16 code units before a byte offset.
    pub fn utf16_offset(&self, text: &str, offset: u32) -> u32 {
        let offset = boundary(text, offset);
        if self.units_before.is_empty() {
            return offset as u32;
        }
        let line = self.line_of(offset);
        self.units_before[line] + units_in(&text[self.starts[line] as usize..offset])
    }

    /// The bytes of a line, its break excluded. A line the text does not have is empty.
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let index = (line as usize).wrapping_sub(1);
        let Some(&start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).map_or(text.len(), |it| *it as usize);
        text[start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// The byte offset of a position; a column beyond the line is the line's end.
    pub fn offset(&self, text: &str, position: Position) -> u32 {
        let index = (position.line.max(1) as usize - 1).min(self.starts.len() - 1);
        let start = self.starts[index];
        let line = self.line_text(text, index as u32 + 1);
        let mut units = position.column.max(1) - 1;
        for (at, character) in line.char_indices() {
            let len = character.len_utf16() as u32;
            if units < len {
                return start + at as u32;
            }
            units -= len;
        }
        start + line.len() as u32
    }

    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }
}

fn units_in(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.chars().map(|it| it.len_utf16() as u32).sum() }
}

/// The last place a character begins, not behind `offset`.
fn boundary(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
