use super::{Lines, Position};

fn positions(text: &str) -> Vec<(u32, u32, u32)> {
    let lines = Lines::new(text);
    let mut all = Vec::new();
    for offset in 0..=text.len() as u32 {
        let it = lines.position(text, offset);
        all.push((it.line, it.column, lines.utf16_offset(text, offset)));
        if text.is_char_boundary(offset as usize) && !text[..offset as usize].ends_with('\r') {
            assert_eq!(lines.offset(text, it), offset, "{text:?} {it:?}");
        }
    }
    all
}

#[test]
fn lines_end_in_every_usual_way() {
    assert_eq!(positions("a\nb"), [(1, 1, 0), (1, 2, 1), (2, 1, 2), (2, 2, 3)]);
    assert_eq!(positions("a\r\n"), [(1, 1, 0), (1, 2, 1), (1, 3, 2), (2, 1, 3)]);
    let lines = Lines::new("a\rb\r\n\nc");
    let texts: Vec<_> = (0..=5).map(|it| lines.line_text("a\rb\r\n\nc", it)).collect();
    assert_eq!(texts, ["", "a", "b", "", "c", ""]);
    assert_eq!(Lines::new("").position("", 0), Position { line: 1, column: 1 });
}

#[test]
fn columns_count_utf16_units() {
    // Two bytes and one unit, four bytes and two units.
    assert_eq!(positions("é😀x")[2..], [(1, 2, 1), (1, 2, 1), (1, 2, 1), (1, 2, 1), (1, 4, 3), (1, 5, 4)]);
    let text = "é\n😀x";
    let lines = Lines::new(text);
    assert_eq!(lines.position(text, 7), Position { line: 2, column: 3 });
    assert_eq!(lines.utf16_offset(text, 7), 4);
    assert_eq!(lines.line(7), 2);
}

#[test]
fn places_outside_are_the_nearest_inside() {
    let lines = Lines::new("ab\nc");
    assert_eq!(lines.position("ab\nc", 99), Position { line: 2, column: 2 });
    for (line, column, offset) in [(0, 0, 0), (1, 99, 2), (99, 1, 3), (99, 99, 4)] {
        assert_eq!(lines.offset("ab\nc", Position { line, column }), offset);
    }
}
