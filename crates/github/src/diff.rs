//! Where comments can stand: the hunks of a pull request, in the lines of its head commit.

use std::collections::BTreeMap;

/// The changed files of a pull request by their path at the head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff(pub BTreeMap<String, FileDiff>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileDiff {
    /// Empty where GitHub gives no patch: it is binary, too large, or only renamed.
    pub hunks: Vec<Hunk>,
}

/// Lines that follow each other at the head, changed ones with those around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    pub start: u32,
    pub lines: Vec<String>,
}

impl Hunk {
    fn end(&self) -> u32 {
        self.start + self.lines.len() as u32
    }

    fn line(&self, number: u32) -> Option<&str> {
        let at = number.checked_sub(self.start)?;
        self.lines.get(at as usize).map(String::as_str)
    }
}

/// A place for a comment. With `start`, it covers several lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    pub path: String,
    pub line: u32,
    pub start: Option<u32>,
}

/// Why a finding has no place in the diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unanchored {
    /// The file is not part of the change.
    Elsewhere,
    /// The file is, these lines are not.
    Unchanged,
    /// The file is, but GitHub shows no patch for it.
    NoPatch,
    /// The analyzed text is not that of the head commit there.
    Differs,
}

impl Unanchored {
    pub fn reason(self) -> &'static str {
        match self {
            Unanchored::Elsewhere => "the file is not changed here",
            Unanchored::Unchanged => "the lines are not changed here",
            Unanchored::NoPatch => "GitHub shows no changes of the file",
            Unanchored::Differs => "the line reads differently at the head commit",
        }
    }
}

/// Lines that one comment may cover.
const COVERED_MAX: u32 = 12;

impl Diff {
    /// A place for a comment on lines `from..=to` of the analyzed text, which may be that of a merge: each line must
    /// read the same at the head, or be found in the same file's hunks by what it reads.
    pub fn anchor(&self, path: &str, from: u32, to: u32, text: Option<&str>) -> Result<Anchor, Unanchored> {
        let file = self.0.get(path).ok_or(Unanchored::Elsewhere)?;
        if file.hunks.is_empty() {
            return Err(Unanchored::NoPatch);
        }
        let analyzed = |number: u32| text?.lines().nth(number.checked_sub(1)? as usize);
        let Some(wanted) = analyzed(from) else { return file.in_hunk(path, from, from).ok_or(Unanchored::Unchanged) };
        let shift = file.shift(from, wanted)?;
        let last = to.clamp(from, from + COVERED_MAX - 1);
        let reads_same = |line: u32| analyzed(line).is_some_and(|it| file.reads(moved(line, shift)) == Some(same(it)));
        let covered = (from..=last).take_while(|it| reads_same(*it)).last().unwrap_or(from);
        let whole = if covered == to { to } else { from };
        file.in_hunk(path, moved(from, shift), moved(whole, shift)).ok_or(Unanchored::Unchanged)
    }
}

fn moved(line: u32, shift: i64) -> u32 {
    u32::try_from(i64::from(line) + shift).unwrap_or(0)
}

fn same(line: &str) -> &str {
    line.trim_end_matches('\r')
}

impl FileDiff {
    /// Parses what stands behind `@@` in a unified diff.
    pub fn parse(patch: &str) -> FileDiff {
        let mut hunks: Vec<Hunk> = Vec::new();
        for line in patch.split('\n') {
            if line.starts_with("@@") {
                match right_start(line) {
                    Some(start) => hunks.push(Hunk { start, lines: Vec::new() }),
                    None => break,
                }
                continue;
            }
            let Some(hunk) = hunks.last_mut() else { continue };
            if matches!(line.as_bytes().first(), Some(b'+' | b' ')) {
                hunk.lines.push(line[1..].trim_end_matches('\r').to_string());
            }
        }
        hunks.retain(|it| !it.lines.is_empty());
        FileDiff { hunks }
    }

    fn reads(&self, line: u32) -> Option<&str> {
        self.hunks.iter().find_map(|it| it.line(line))
    }

    /// How far the analyzed line has to be moved to stand where the head has it.
    fn shift(&self, line: u32, text: &str) -> Result<i64, Unanchored> {
        match self.reads(line) {
            Some(it) if it == same(text) => return Ok(0),
            _ if same(text).trim().is_empty() => return Err(Unanchored::Differs),
            _ => {}
        }
        let known = self.reads(line);
        let places = self.hunks.iter().flat_map(|hunk| {
            let equal = hunk.lines.iter().enumerate().filter(|it| it.1 == same(text));
            equal.map(|(at, _)| i64::from(hunk.start) + at as i64 - i64::from(line))
        });
        // The nearest one; a line that stands there twice says nothing.
        let mut places: Vec<i64> = places.collect();
        places.sort_by_key(|it| it.abs());
        match (places.as_slice(), known) {
            ([only], _) => Ok(*only),
            ([], None) => Err(Unanchored::Unchanged),
            _ => Err(Unanchored::Differs),
        }
    }

    fn in_hunk(&self, path: &str, from: u32, to: u32) -> Option<Anchor> {
        let hunk = self.hunks.iter().find(|it| it.start <= from && from < it.end())?;
        let path = path.to_string();
        if from < to && to < hunk.end() {
            return Some(Anchor { path, line: to, start: Some(from) });
        }
        Some(Anchor { path, line: from, start: None })
    }
}

/// `@@ -1,2 +3,4 @@` begins at line 3 of the new text.
fn right_start(header: &str) -> Option<u32> {
    let right = header.split(' ').find_map(|it| it.strip_prefix('+'))?;
    right.split(',').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str =
        "@@ -1,3 +1,4 @@ head\n a\n+b\n c\n d\n@@ -10,2 +11,3 @@\n k\n-l\n+m\n+n\n\\ No newline at end of file";

    fn diff() -> Diff {
        let file = |patch| FileDiff::parse(patch);
        Diff([("a.js".to_string(), file(PATCH)), ("big.js".to_string(), file(""))].into())
    }

    fn text() -> String {
        "a b c d e f g h i j k m n".replace(' ', "\n")
    }

    fn at(line: u32, start: Option<u32>) -> Result<Anchor, Unanchored> {
        Ok(Anchor { path: "a.js".into(), line, start })
    }

    #[test]
    fn lines_of_hunks_can_be_commented() {
        let (diff, text) = (diff(), text());
        let text = Some(text.as_str());
        assert_eq!(diff.anchor("a.js", 2, 2, text), at(2, None));
        assert_eq!(diff.anchor("a.js", 2, 3, text), at(3, Some(2)));
        assert_eq!(diff.anchor("a.js", 12, 13, text), at(13, Some(12)));
        // Over the end of its hunk: its first line alone.
        assert_eq!(diff.anchor("a.js", 4, 11, text), at(4, None));
        assert_eq!(diff.anchor("a.js", 7, 7, text), Err(Unanchored::Unchanged));
        assert_eq!(diff.anchor("b.js", 7, 7, text), Err(Unanchored::Elsewhere));
        assert_eq!(diff.anchor("big.js", 1, 1, text), Err(Unanchored::NoPatch));
    }

    #[test]
    fn lines_that_a_merge_has_moved_are_found_by_what_they_read() {
        let diff = diff();
        let merged = format!("new\nnew\n{}", text());
        assert_eq!(diff.anchor("a.js", 4, 5, Some(&merged)), at(3, Some(2)));
        assert_eq!(diff.anchor("a.js", 1, 1, Some("other")), Err(Unanchored::Differs));
        let twice = Diff([("a.js".to_string(), FileDiff::parse("@@ -0,0 +1,3 @@\n+x\n+y\n+x"))].into());
        assert_eq!(twice.anchor("a.js", 5, 5, Some("\n\n\n\nx")), Err(Unanchored::Differs));
    }
}
