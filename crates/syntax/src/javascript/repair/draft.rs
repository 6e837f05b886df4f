//! A text made of ranges of another text and of additions, which knows for each byte where it came from.

use std::ops::Range;

#[derive(Clone, Debug)]
enum Part {
    Kept(Range<usize>),
    Added(String),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    parts: Vec<Part>,
}

/// For each part of a rendered draft: where it begins there, where in the original, and how much of it is kept.
pub(crate) struct Origins {
    parts: Vec<(u32, u32, u32)>,
}

impl Draft {
    pub(super) fn keep(range: Range<usize>) -> Draft {
        let mut draft = Draft::default();
        draft.push(range);
        draft
    }

    pub(super) fn push(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if let Some(Part::Kept(last)) = self.parts.last_mut()
            && last.end == range.start
        {
            last.end = range.end;
            return;
        }
        self.parts.push(Part::Kept(range));
    }

    pub(super) fn add(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Added(text.into()));
    }

    pub(super) fn append(&mut self, other: Draft) {
        for part in other.parts {
            match part {
                Part::Kept(range) => self.push(range),
                Part::Added(text) => self.add(text),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(crate) fn render(&self, text: &str) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Kept(range) => out.push_str(&text[range.clone()]),
                Part::Added(added) => out.push_str(added),
            }
        }
        out
    }

    pub(crate) fn origins(&self) -> Origins {
        let mut parts = Vec::with_capacity(self.parts.len());
        let (mut rendered, mut original) = (0, 0);
        for part in &self.parts {
            match part {
                Part::Kept(range) => {
                    parts.push((rendered as u32, range.start as u32, range.len() as u32));
                    rendered += range.len();
                    original = range.end;
                }
                Part::Added(added) => {
                    parts.push((rendered as u32, original as u32, 0));
                    rendered += added.len();
                }
            }
        }
        Origins { parts }
    }

    /// The draft with `range` of its rendered text replaced.
    pub(super) fn replace(&self, range: Range<usize>, with: &str) -> Draft {
        let mut draft = Draft::default();
        let mut at = 0;
        let mut done = false;
        for part in &self.parts {
            let len = match part {
                Part::Kept(kept) => kept.len(),
                Part::Added(added) => added.len(),
            };
            let before = range.start.clamp(at, at + len) - at;
            let after = range.end.clamp(at, at + len) - at;
            draft.push_slice(part, 0..before);
            if !done && range.start <= at + len {
                if !with.is_empty() {
                    draft.add(with);
                }
                done = true;
            }
            draft.push_slice(part, after..len);
            at += len;
        }
        if !done && !with.is_empty() {
            draft.add(with);
        }
        draft
    }

    fn push_slice(&mut self, part: &Part, slice: Range<usize>) {
        if slice.is_empty() {
            return;
        }
        match part {
            Part::Kept(range) => self.push(range.start + slice.start..range.start + slice.end),
            Part::Added(added) => self.add(&added[slice]),
        }
    }
}

impl Origins {
    /// The byte of the original text behind a byte of the rendered one.
    pub(crate) fn offset(&self, rendered: u32) -> u32 {
        let index = self.parts.partition_point(|it| it.0 <= rendered);
        let Some(&(start, original, len)) = index.checked_sub(1).and_then(|it| self.parts.get(it)) else { return 0 };
        original + (rendered - start).min(len)
    }

    /// As [`Origins::offset`] for the end of a range: that of the byte before it.
    pub(crate) fn end(&self, rendered: u32) -> u32 {
        let index = self.parts.partition_point(|it| it.0 < rendered);
        let Some(&(start, original, len)) = index.checked_sub(1).and_then(|it| self.parts.get(it)) else { return 0 };
        original + (rendered - start).min(len)
    }
}
