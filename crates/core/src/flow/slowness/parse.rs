//! Regular expressions of JavaScript and Python as trees, as far as matching time is concerned.

use std::iter::Peekable;
use std::str::Chars as Letters;

use crate::model::Chars;

#[derive(Clone, Debug)]
pub enum Node {
    Empty,
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    Chars(Chars),
    Concat(Vec<Node>),
    Alternatives(Vec<Node>),
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
}

const DEPTH_MAX: u32 = 40;
const LENGTH_MAX: usize = 2_000;

/// Nothing for what a time cannot be told of: references back, atomic groups, what is broken.
pub fn parse(source: &str, flags: &str) -> Option<Node> {
    if source.len() > LENGTH_MAX {
        return None;
    }
    let mut parser = Parser {
        letters: source.chars().peekable(),
        any_case: flags.contains(['i', 'I']),
        dot_all: flags.contains(['s', 'S']),
        depth: 0,
    };
    let node = parser.alternatives()?;
    parser.letters.peek().is_none().then_some(node)
}

struct Parser<'s> {
    letters: Peekable<Letters<'s>>,
    any_case: bool,
    dot_all: bool,
    depth: u32,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut all = vec![self.concat()?];
        while self.letters.next_if_eq(&'|').is_some() {
            all.push(self.concat()?);
        }
        self.depth -= 1;
        Some(if all.len() == 1 { all.pop()? } else { Node::Alternatives(all) })
    }

    fn concat(&mut self) -> Option<Node> {
        let mut all = Vec::new();
        while let Some(letter) = self.letters.peek() {
            if matches!(letter, '|' | ')') {
                break;
            }
            let node = self.one()?;
            all.push(self.repeated(node)?);
        }
        Some(Node::Concat(all))
    }

    fn one(&mut self) -> Option<Node> {
        Some(match self.letters.next()? {
            '^' => Node::Start,
            '$' => Node::End,
            '.' if self.dot_all => Node::Chars(Chars::ALL),
            '.' => Node::Chars(Chars::of("\n\r").complement()),
            '(' => self.group()?,
            '[' => Node::Chars(self.class()?),
            '\\' => match self.letters.next()? {
                'b' | 'B' | 'G' => Node::Empty,
                'A' => Node::Start,
                'Z' | 'z' => Node::End,
                '1'..='9' | 'k' => return None,
                letter => Node::Chars(self.escape(letter)?),
            },
            '*' | '+' | '?' => return None,
            letter => Node::Chars(self.letter(letter)),
        })
    }

    fn group(&mut self) -> Option<Node> {
        let mut looks = false;
        if self.letters.next_if_eq(&'?').is_some() {
            match self.letters.next()? {
                ':' => {}
                '=' | '!' => looks = true,
                '<' if self.letters.next_if(|it| matches!(it, '=' | '!')).is_some() => looks = true,
                '<' => self.skip_name()?,
                'P' if self.letters.next_if_eq(&'<').is_some() => self.skip_name()?,
                _ => return None,
            }
        }
        let node = self.alternatives()?;
        self.letters.next_if_eq(&')')?;
        // What is only looked at takes no text.
        Some(if looks { Node::Empty } else { node })
    }

    fn skip_name(&mut self) -> Option<()> {
        self.letters.find(|it| *it == '>').map(|_| ())
    }

    fn repeated(&mut self, mut node: Node) -> Option<Node> {
        loop {
            let (min, max) = match self.letters.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => match self.counts() {
                    Some(counts) => {
                        node = self.made(node, counts)?;
                        continue;
                    }
                    None => return Some(node),
                },
                _ => return Some(node),
            };
            self.letters.next();
            node = self.made(node, (min, max))?;
        }
    }

    /// A `?` behind it changes the order of attempts, not their number; a `+` forbids to come back.
    fn made(&mut self, node: Node, (min, max): (u32, Option<u32>)) -> Option<Node> {
        if self.letters.next_if_eq(&'?').is_none() && self.letters.peek() == Some(&'+') {
            return None;
        }
        Some(Node::Repeat { node: Box::new(node), min, max })
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is text.
    fn counts(&mut self) -> Option<(u32, Option<u32>)> {
        let mut ahead = self.letters.clone();
        ahead.next();
        let inside: String = ahead.by_ref().take_while(|it| *it != '}').take(20).collect();
        let (min, max) = match inside.split_once(',') {
            None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
            Some((min, "")) => (min.parse().ok()?, None),
            Some((min, max)) => (min.parse().ok()?, Some(max.parse().ok()?)),
        };
        self.letters = ahead;
        Some((min, max))
    }

    fn letter(&self, letter: char) -> Chars {
        let own = Chars::range(letter, letter);
        if !self.any_case {
            return own;
        }
        let (lower, upper) = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
        own.union(Chars::range(lower, lower)).union(Chars::range(upper, upper))
    }

    fn escape(&mut self, letter: char) -> Option<Chars> {
        Some(match letter {
            'd' => Chars::class("0-9"),
            'D' => Chars::class("0-9").complement(),
            'w' => Chars::class("A-Za-z0-9_"),
            'W' => Chars::class("A-Za-z0-9_").complement(),
            's' => Chars::of(" \t\n\r\u{b}\u{c}"),
            'S' => Chars::of(" \t\n\r\u{b}\u{c}").complement(),
            'n' => Chars::of("\n"),
            'r' => Chars::of("\r"),
            't' => Chars::of("\t"),
            'f' => Chars::of("\u{c}"),
            'v' => Chars::of("\u{b}"),
            '0' => Chars::of("\0"),
            'x' => self.code(2)?,
            'u' if self.letters.peek() == Some(&'{') => return None,
            'u' => self.code(4)?,
            'p' | 'P' | 'c' | 'N' => return None,
            letter => self.letter(letter),
        })
    }

    fn code(&mut self, digits: usize) -> Option<Chars> {
        let text: String = self.letters.by_ref().take(digits).collect();
        let letter = char::from_u32(u32::from_str_radix(&text, 16).ok()?)?;
        Some(self.letter(letter))
    }

    fn class(&mut self) -> Option<Chars> {
        let negated = self.letters.next_if_eq(&'^').is_some();
        let mut all = Chars::NONE;
        let mut first = true;
        loop {
            let letter = self.letters.next()?;
            if letter == ']' && !first {
                break;
            }
            first = false;
            let (chars, low) = self.class_part(letter)?;
            let mut ahead = self.letters.clone();
            let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|it| it != ']');
            match low.filter(|_| is_range) {
                None => all = all.union(chars),
                Some(low) => {
                    self.letters.next();
                    let last = self.letters.next()?;
                    let (_, high) = self.class_part(last)?;
                    all = all.union(self.range(low, high?)?);
                }
            }
        }
        Some(if negated { all.complement() } else { all })
    }

    fn range(&self, low: char, high: char) -> Option<Chars> {
        if low > high {
            return None;
        }
        let own = Chars::range(low, high);
        if !self.any_case {
            return Some(own);
        }
        let letters = ('a'..='z').filter(|it| own.contains(*it) || own.contains(it.to_ascii_uppercase()));
        Some(letters.fold(own, |all, it| all.union(self.letter(it))))
    }

    /// The characters of one part of a class, and the one that may begin a range.
    fn class_part(&mut self, letter: char) -> Option<(Chars, Option<char>)> {
        if letter != '\\' {
            return Some((self.letter(letter), Some(letter)));
        }
        let letter = self.letters.next()?;
        if letter == 'b' {
            return Some((Chars::of("\u{8}"), None));
        }
        let chars = self.escape(letter)?;
        let single = (!letter.is_ascii_alphanumeric()).then_some(letter);
        Some((chars, single))
    }
}
