//! How deep a text nests, told from its bytes before a parser sees them: the parsers recurse, have no limit of
//! their own, and a stack that overflows cannot be caught.
//!
//! One weighted limit holds along every path from the top to the innermost piece. A bracket, an indented block,
//! an arrow or lambda and a JSX element are one level; a link of a chain (`.a`, `()`, `+ a`, `!`, `? :`, `else
//! if`) is an eighth of one. The scan reads tokens only as far as it must: what is a string, a comment, a regular
//! expression, a template. It may count too much, never too little.

mod javascript;
mod python;

#[cfg(test)]
mod tests;

use crate::{Language, NESTING_MAX};

/// One level, in eighths.
const LEVEL: u32 = 8;

const DEPTH_MAX: u32 = NESTING_MAX * LEVEL;

/// Whether parsing the text could take more stack than [`NESTING_MAX`] levels may.
pub(crate) fn too_deep(text: &str, language: Language) -> bool {
    match language {
        Language::Python => python::too_deep(text.as_bytes()),
        _ => javascript::too_deep(text.as_bytes(), language),
    }
}

/// What was opened and not closed yet. `kind` is the language's own.
struct Frame<K> {
    kind: K,
    run: u32,
    ladder: u32,
    weight: u32,
}

/// The path to the place the scan is at. Weights are eighths of a level.
struct Path<K> {
    frames: Vec<Frame<K>>,
    /// Weight of all that is open.
    base: u32,
    /// Links since the expression began.
    run: u32,
    /// `if`, `else`, loops and labels since the statement began.
    ladder: u32,
    deepest: u32,
}

impl<K: Copy + PartialEq> Path<K> {
    fn new() -> Path<K> {
        Path { frames: Vec::with_capacity(64), base: 0, run: 0, ladder: 0, deepest: 0 }
    }

    fn too_deep(&self) -> bool {
        self.deepest > DEPTH_MAX
    }

    fn note(&mut self) {
        self.deepest = self.deepest.max(self.base + self.run + self.ladder);
    }

    fn link(&mut self, weight: u32) {
        self.run += weight;
        self.note();
    }

    fn rung(&mut self, weight: u32) {
        self.run = 0;
        self.ladder += weight;
        self.note();
    }

    /// A new statement or member begins.
    fn fresh(&mut self) {
        self.run = 0;
        self.ladder = 0;
    }

    fn open(&mut self, kind: K) {
        self.open_weighing(kind, LEVEL);
    }

    fn open_weighing(&mut self, kind: K, weight: u32) {
        self.frames.push(Frame { kind, run: self.run, ladder: self.ladder, weight });
        self.base += self.run + self.ladder + weight;
        self.fresh();
        self.note();
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.base -= frame.run + frame.ladder + frame.weight;
            self.run = frame.run;
            self.ladder = frame.ladder;
        }
    }

    fn top(&self) -> Option<K> {
        self.frames.last().map(|it| it.kind)
    }

    fn set_top(&mut self, kind: K) {
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
        }
    }

    /// Closes the innermost frame of the kind and all inside it, if there is one above the next `wall`.
    fn close_to(&mut self, kind: impl Fn(K) -> bool, wall: impl Fn(K) -> bool) -> Option<K> {
        let at = self.frames.iter().rposition(|it| kind(it.kind) || wall(it.kind))?;
        let found = self.frames[at].kind;
        if !kind(found) {
            return None;
        }
        while self.frames.len() > at {
            self.close();
        }
        Some(found)
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
