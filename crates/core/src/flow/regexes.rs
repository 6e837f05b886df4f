//! Regular expressions: which characters a match admits or a replacement removes.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::model::Chars;

fn parse(source: &str) -> Option<Hir> {
    // Letters beyond ASCII mean nothing to an interpreter: `\w` is what it is in ASCII, wherever that can be said.
    let mut builder = regex_syntax::ParserBuilder::new();
    builder.nest_limit(60).octal(true);
    let ascii = builder.unicode(false).utf8(false).build().parse(source).ok();
    ascii.or_else(|| builder.unicode(true).utf8(true).build().parse(source).ok())
}

/// The characters of a text that the expression matches as a whole; `None` if it need not match all of it.
pub fn admitted(source: &str, full: bool, head: bool, multiline: bool) -> Option<Chars> {
    if multiline {
        return None;
    }
    let hir = parse(source)?;
    let starts = full || head || begins(&hir);
    let ends = full || finishes(&hir);
    (starts && ends).then(|| characters(&hir)).flatten()
}

/// The characters of what the expression matches.
pub fn matched(source: &str) -> Option<Chars> {
    characters(&parse(source)?)
}

/// Whether a text that the expression matches cannot be an option of a program: `-` does not begin it.
pub fn refuses_options(source: &str, anchored: bool, multiline: bool) -> bool {
    let Some(hir) = parse(source).filter(|it| !multiline && (anchored || begins(it))) else { return false };
    matches!(firsts(&hir), Some((chars, false)) if !chars.contains('-'))
}

/// The characters that a match may begin with, and whether it may be empty.
fn firsts(hir: &Hir) -> Option<(Chars, bool)> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (Chars::NONE, true),
        HirKind::Literal(literal) => {
            let first: String = std::str::from_utf8(&literal.0).ok()?.chars().take(1).collect();
            (Chars::of(&first), false)
        }
        HirKind::Class(_) => (characters(hir)?, false),
        HirKind::Repetition(it) => {
            let (chars, empty) = firsts(&it.sub)?;
            (chars, empty || it.min == 0)
        }
        HirKind::Capture(it) => firsts(&it.sub)?,
        HirKind::Concat(parts) => {
            let mut all = Chars::NONE;
            for part in parts {
                let (chars, empty) = firsts(part)?;
                all = all.union(chars);
                if !empty {
                    return Some((all, false));
                }
            }
            (all, true)
        }
        HirKind::Alternation(parts) => {
            let mut all = (Chars::NONE, false);
            for part in parts {
                let (chars, empty) = firsts(part)?;
                all = (all.0.union(chars), all.1 || empty);
            }
            all
        }
    })
}

/// The characters that replacing every match by nothing removes.
pub fn removed(source: &str) -> Option<Chars> {
    let hir = parse(source)?;
    match hir.kind() {
        HirKind::Class(_) => characters(&hir),
        HirKind::Literal(literal) if std::str::from_utf8(&literal.0).ok()?.chars().count() == 1 => characters(&hir),
        HirKind::Repetition(it) if it.min <= 1 && matches!(it.sub.kind(), HirKind::Class(_)) => characters(&it.sub),
        _ => None,
    }
}

/// Whether every path with `..` in it matches.
pub fn finds_climbs(source: &str) -> bool {
    let literal = |it: &Hir| match it.kind() {
        HirKind::Literal(literal) => matches!(&*literal.0, b"." | b".." | b"../" | b"..\\"),
        // `..` and a slash of either sort.
        HirKind::Concat(parts) => match parts.as_slice() {
            [first, second] => {
                matches!(first.kind(), HirKind::Literal(it) if &*it.0 == b"..")
                    && characters(second).is_some_and(|it| it.contains('/'))
                    && matches!(second.kind(), HirKind::Class(_))
            }
            _ => false,
        },
        _ => false,
    };
    fn bare(hir: &Hir) -> &Hir {
        match hir.kind() {
            HirKind::Capture(it) => bare(&it.sub),
            _ => hir,
        }
    }
    let Some(hir) = parse(source) else { return false };
    match bare(&hir).kind() {
        HirKind::Alternation(parts) => parts.iter().all(|it| literal(bare(it))),
        _ => literal(bare(&hir)),
    }
}

fn begins(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(Look::Start) => true,
        HirKind::Concat(parts) => parts.first().is_some_and(begins),
        HirKind::Capture(it) => begins(&it.sub),
        HirKind::Alternation(parts) => parts.iter().all(begins),
        _ => false,
    }
}

fn finishes(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(Look::End) => true,
        HirKind::Concat(parts) => parts.last().is_some_and(finishes),
        HirKind::Capture(it) => finishes(&it.sub),
        HirKind::Alternation(parts) => parts.iter().all(finishes),
        _ => false,
    }
}

/// `\w` and `\d` have more ranges than people write.
const WORD_RANGES: usize = 30;

fn class_holds(class: &regex_syntax::hir::ClassUnicode, it: char) -> bool {
    class.ranges().iter().any(|range| range.start() <= it && it <= range.end())
}

fn characters(hir: &Hir) -> Option<Chars> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Chars::NONE,
        HirKind::Literal(literal) => Chars::of(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let all = class.ranges().iter().fold(Chars::NONE, |all, it| all.union(Chars::range(it.start(), it.end())));
            // Letters and digits of all the world are as harmless as those of ASCII.
            let is_words = class.ranges().len() > WORD_RANGES && !class_holds(class, '\u{1f600}');
            if is_words { all.intersection(Chars::range('\0', '\u{7f}')) } else { all }
        }
        HirKind::Class(Class::Bytes(class)) => {
            let char = |it: u8| if it.is_ascii() { char::from(it) } else { '\u{80}' };
            class.ranges().iter().fold(Chars::NONE, |all, it| all.union(Chars::range(char(it.start()), char(it.end()))))
        }
        HirKind::Repetition(it) => characters(&it.sub)?,
        HirKind::Capture(it) => characters(&it.sub)?,
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            let mut all = Chars::NONE;
            for part in parts {
                all = all.union(characters(part)?);
            }
            all
        }
    })
}
