//! A place in a source as a reader sees it: the line, and the part of it that is meant underlined.

use super::Range;
use super::lines::LineIndex;

/// Columns of a line that are shown; of a longer one, a window around the place.
const COLUMNS_MAX: usize = 140;
/// What is kept before the place in such a window.
const COLUMNS_BEFORE: usize = 40;
const TAB_COLUMNS: usize = 4;

/// One source line made ready for a terminal, and the columns of the place in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub number: u32,
    pub text: String,
    pub from: usize,
    pub width: usize,
    /// The place goes on in the lines below.
    pub continues: bool,
}

impl Excerpt {
    /// The first line of the range.
    pub fn new<T: AsRef<str>>(lines: &LineIndex<T>, range: Range) -> Excerpt {
        let line = lines.line_text(range.start.line);
        let continues = range.end.line > range.start.line;
        let (from_unit, to_unit) =
            (range.start.column as usize - 1, if continues { usize::MAX } else { range.end.column as usize - 1 });
        let mut out = Excerpt { number: range.start.line, text: String::new(), from: 0, width: 0, continues };
        let (mut unit, mut columns, mut first_column) = (0, 0, None);
        let mut cells: Vec<(char, usize)> = Vec::new();
        for letter in line.chars() {
            let width = columns_of(letter);
            if unit >= from_unit && unit < to_unit {
                first_column.get_or_insert(columns);
                out.width += width;
            }
            if letter == '\t' {
                cells.extend(std::iter::repeat_n((' ', 1), TAB_COLUMNS));
            } else {
                cells.push((if letter.is_control() { '\u{fffd}' } else { letter }, width));
            }
            unit += letter.len_utf16();
            columns += width;
        }
        out.from = first_column.unwrap_or(columns);
        out.width = out.width.max(1);
        out.cut(&cells, columns);
        out
    }

    fn cut(&mut self, cells: &[(char, usize)], columns: usize) {
        let start = if columns <= COLUMNS_MAX { 0 } else { self.from.saturating_sub(COLUMNS_BEFORE) };
        let end = start + COLUMNS_MAX;
        let mut at = 0;
        for &(letter, width) in cells {
            if at >= start && at + width <= end {
                self.text.push(letter);
            }
            at += width;
        }
        self.from -= start;
        if start > 0 {
            self.text.insert(0, '…');
            self.from += 1;
        }
        if columns > end {
            self.text.push('…');
            self.width = self.width.min(end - start - (self.from - usize::from(start > 0)));
        }
        self.text.truncate(self.text.trim_end().len());
    }
}

/// Terminal columns of a character: two for East Asian letters and emoji, none for combining marks.
pub(super) fn columns_of(letter: char) -> usize {
    match letter {
        '\t' => TAB_COLUMNS,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Text from a project is not to steer the reader's terminal.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use backend_specialist_syntax::ir::Span;

    #[track_caller]
    fn check(text: &str, needle: &str, shown: &str, underline: &str) {
        let lines = LineIndex::new(text);
        let start = text.find(needle).expect("the needle is in the text") as u32;
        let excerpt = Excerpt::new(&lines, lines.range(Span::new(start, start + needle.len() as u32)));
        assert_eq!(excerpt.text, shown);
        assert_eq!(format!("{}{}", " ".repeat(excerpt.from), "^".repeat(excerpt.width)), underline);
    }

    #[test]
    fn places_are_underlined_where_they_are_seen() {
        check("let a = b;\n", "b", "let a = b;", "        ^");
        check("\tcall(x)\n", "x", "    call(x)", "         ^");
        check("a('😀', x)\n", "x", "a('😀', x)", "        ^");
        check("f(a,\n  b)\n", "a,\n  b", "f(a,", "  ^^");
        check("a\u{1b}[31mb\n", "b", "a\u{fffd}[31mb", "      ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("{}needle{}", "a".repeat(500), "b".repeat(500));
        let shown = format!("…{}needle{}…", "a".repeat(40), "b".repeat(94));
        check(&text, "needle", &shown, &format!("{}{}", " ".repeat(41), "^".repeat(6)));
    }
}
