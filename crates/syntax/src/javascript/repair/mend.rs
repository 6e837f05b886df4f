//! Cutting, editing and putting together.

use std::ops::Range;

use oxc_allocator::Allocator;

use super::blocks::{Chunk, Lines, Piece};
use super::context::Context;
use super::draft::Draft;
use super::edit::edits;
use super::{Dialect, Refusal, try_parse};

/// Texts given to the parser while one file is mended.
const ATTEMPTS_MAX: u32 = 1500;

/// Bytes given to the parser while one file is mended: some for every file, and some times its length.
const BYTES_BASE: usize = 1 << 18;
const BYTES_TIMES: usize = 8;

/// Levels of indentation that are cut.
const LEVELS_MAX: u32 = 24;

/// Edits made to one piece, one after the other.
const EDITS_MAX: u32 = 4;

/// A longer piece is not edited: the parser's stumble is then rarely where the fault is.
const EDITED_BYTES_MAX: usize = 1 << 14;

/// Chunks tried to tell what context they stand in.
const SAMPLE_MAX: usize = 8;

pub(super) struct Mender<'t> {
    text: &'t str,
    dialect: Dialect,
    allocator: Allocator,
    attempts_left: u32,
    bytes_left: usize,
}

impl<'t> Mender<'t> {
    pub fn new(text: &'t str, dialect: Dialect) -> Mender<'t> {
        Mender {
            text,
            dialect,
            allocator: Allocator::default(),
            attempts_left: ATTEMPTS_MAX,
            bytes_left: BYTES_BASE + text.len() * BYTES_TIMES,
        }
    }

    pub fn accepts(&mut self, draft: &Draft, context: Context) -> bool {
        self.attempt(&draft.render(self.text), context).is_ok()
    }

    /// Parses a text in its context; an error's place is one of the text alone.
    fn attempt(&mut self, text: &str, context: Context) -> Result<(), Refusal> {
        let (before, after) = context.frame();
        self.attempts_left = self.attempts_left.saturating_sub(1);
        self.bytes_left = self.bytes_left.saturating_sub(text.len());
        self.allocator.reset();
        let parsed = if before.is_empty() {
            try_parse(&self.allocator, text, self.dialect)
        } else {
            try_parse(&self.allocator, &format!("{before}{text}{after}"), self.dialect)
        };
        parsed.map_err(|it| Refusal { at: it.at.saturating_sub(before.len()).min(text.len()), ..it })
    }

    fn is_spent(&self) -> bool {
        self.attempts_left == 0 || self.bytes_left == 0
    }

    /// The lines of one context, without what cannot be read.
    pub fn block(&mut self, lines: &Lines<'_>, range: Range<usize>, context: Context, level: u32) -> Draft {
        let mut drafts = Vec::new();
        for chunk in lines.chunks(range) {
            let draft = self.chunk(lines, &chunk, context, level);
            if !draft.is_empty() {
                drafts.push(draft);
            }
        }
        self.joined(drafts, context)
    }

    /// Pieces that can be read alone, as one that can be read.
    fn joined(&mut self, drafts: Vec<Draft>, context: Context) -> Draft {
        let mut whole = Draft::default();
        for draft in drafts.iter().cloned() {
            whole.append(draft);
        }
        if drafts.len() < 2 || self.accepts(&whole, context) {
            return whole;
        }
        let mut whole = Draft::default();
        for (index, draft) in drafts.iter().enumerate() {
            if let Some(previous) = index.checked_sub(1).map(|it| &drafts[it])
                && !self.are_neighbors(previous, draft, context)
            {
                whole.add(context.separator());
            }
            whole.append(draft.clone());
        }
        whole
    }

    fn are_neighbors(&mut self, left: &Draft, right: &Draft, context: Context) -> bool {
        let mut both = left.clone();
        both.append(right.clone());
        self.accepts(&both, context)
    }

    fn chunk(&mut self, lines: &Lines<'_>, chunk: &Chunk, context: Context, level: u32) -> Draft {
        let whole = Draft::keep(lines.bytes(chunk.lines.clone()));
        if self.is_spent() {
            return Draft::default();
        }
        if self.accepts(&whole, context) {
            return whole;
        }
        let pieces = lines.pieces(chunk);
        let has_inside = pieces.iter().any(|it| matches!(it, Piece::Run(_)));
        if !has_inside || level >= LEVELS_MAX {
            return self.edited(&whole, context).unwrap_or_default();
        }
        let mut mended = Draft::default();
        let mut runs = Vec::new();
        let mut above = "";
        for piece in &pieces {
            match piece {
                Piece::Anchor(index) => {
                    mended.append(Draft::keep(lines.bytes(*index..index + 1)));
                    above = lines.line(*index);
                }
                Piece::Run(run) => {
                    let inner = self.context_of(lines, run.clone(), above);
                    let draft = self.block(lines, run.clone(), inner, level + 1);
                    mended.append(draft.clone());
                    runs.push((draft, inner));
                }
            }
        }
        if self.accepts(&mended, context) {
            return mended;
        }
        if let Some(edited) = self.edited(&mended, context) {
            return edited;
        }
        self.taken_apart(runs, context)
    }

    /// The context in which most chunks of a run can be read.
    fn context_of(&mut self, lines: &Lines<'_>, run: Range<usize>, above: &str) -> Context {
        let chunks = lines.chunks(run);
        let sample = &chunks[..chunks.len().min(SAMPLE_MAX)];
        let candidates = Context::below(above);
        let mut best = (0, candidates[0]);
        for context in candidates {
            let read = sample.iter().filter(|it| self.accepts(&Draft::keep(lines.bytes(it.lines.clone())), context));
            let count = read.count();
            if count * 2 > sample.len() {
                return context;
            }
            if count > best.0 {
                best = (count, context);
            }
        }
        best.1
    }

    /// The insides of a chunk without the lines around them.
    fn taken_apart(&mut self, runs: Vec<(Draft, Context)>, context: Context) -> Draft {
        let mut whole = Draft::default();
        for (draft, inner) in runs {
            let (before, after) = inner.within(context);
            let mut one = Draft::default();
            one.add(before);
            one.append(draft);
            one.add(after);
            if self.accepts(&one, context) {
                whole.append(one);
            }
        }
        whole
    }

    /// The piece with a few edits that let it be read.
    fn edited(&mut self, draft: &Draft, context: Context) -> Option<Draft> {
        let mut current = draft.clone();
        for _ in 0..EDITS_MAX {
            let text = current.render(self.text);
            if text.len() > EDITED_BYTES_MAX || self.is_spent() {
                return None;
            }
            let Err(refusal) = self.attempt(&text, context) else { return Some(current) };
            let mut furthest: Option<(usize, Draft)> = None;
            for edit in edits(&text, refusal.at) {
                let shift = edit.with.len() as isize - edit.range.len() as isize;
                let next = current.replace(edit.range, &edit.with);
                match self.attempt(&next.render(self.text), context) {
                    Ok(()) => return Some(next),
                    Err(it) => {
                        // Counted as if the edit had not moved what follows.
                        let at = it.at.saturating_add_signed(-shift);
                        if at > refusal.at && furthest.as_ref().is_none_or(|(best, _)| at > *best) {
                            furthest = Some((at, next));
                        }
                    }
                }
                if self.is_spent() {
                    return None;
                }
            }
            current = furthest?.1;
        }
        self.accepts(&current, context).then_some(current)
    }
}
