//! Places of models: where in a library's interface a fact holds. `models/README.md` describes the language.
//!
//! A [`Place`] starts at a package, type, global or guess and becomes a path of the place graph. A [`CallPlace`]
//! starts at a call and is evaluated by the engine against that call's values.

use std::fmt;

/// What a place starts from. Lists are alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// The module of the model's own package.
    Module,
    Package(Vec<String>),
    Type(Vec<String>),
    Global(Vec<String>),
    Guess(Vec<String>),
}

/// A place in a library's interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub start: Start,
    pub tokens: Vec<Token>,
}

/// What a place within a call starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallStart {
    /// The object whose method is called.
    Receiver,
    ReturnValue,
    /// What is assigned, for rows with `assigned`.
    Value,
    /// What the result of the call, or the callee itself, decorates.
    Decorated,
    /// One of these arguments; a keyword and a position together are two spellings of one.
    Argument(Vec<ArgumentAt>),
    /// A parameter of the function that stands at the row's place.
    Parameter(Vec<ArgumentAt>),
}

/// A place relative to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlace {
    pub start: CallStart,
    pub tokens: Vec<Token>,
}

/// One step of a place. Lists are alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Member(Vec<String>),
    AnyMember,
    ReturnValue,
    Instance,
    Argument(Vec<ArgumentAt>),
    Parameter(Vec<ArgumentAt>),
    Element,
    Decorated,
    Subclass,
    /// What the method here is called on.
    Receiver,
    /// The computed key of an assignment to the container here.
    Key,
}

/// Which argument or parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArgumentAt {
    Position(u32),
    /// Both ends belong to it; without a last one it goes on to the end.
    Range(u32, Option<u32>),
    /// 1 is the last one.
    FromEnd(u32),
    Keyword(String),
    Any,
    /// The object whose entries become keywords: `f(**data)`.
    Spread,
}

impl ArgumentAt {
    /// Whether the argument at `index` of `count` positional ones is meant.
    pub fn holds_position(&self, index: u32, count: u32) -> bool {
        match self {
            ArgumentAt::Position(position) => *position == index,
            ArgumentAt::Range(first, last) => *first <= index && last.is_none_or(|last| index <= last),
            ArgumentAt::FromEnd(back) => index.checked_add(*back) == Some(count),
            ArgumentAt::Keyword(_) | ArgumentAt::Spread => false,
            ArgumentAt::Any => true,
        }
    }

    pub fn holds_keyword(&self, name: &str) -> bool {
        match self {
            ArgumentAt::Keyword(keyword) => keyword == name,
            ArgumentAt::Any => true,
            ArgumentAt::Position(_) | ArgumentAt::Range(..) | ArgumentAt::FromEnd(_) | ArgumentAt::Spread => false,
        }
    }
}

/// Why a place cannot be read, with the nearest known word where a word is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceError {
    pub message: String,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Place {
    pub fn parse(text: &str) -> Result<Place, PlaceError> {
        let words = split(text)?;
        let mut tokens = Vec::with_capacity(words.len());
        let mut start = Start::Module;
        for (index, word) in words.iter().enumerate() {
            let found = if index == 0 { start_of(word)? } else { None };
            match found {
                Some(found) => start = found,
                None => tokens.push(token(word, STARTS)?),
            }
        }
        Ok(Place { start, tokens })
    }
}

impl CallPlace {
    pub fn parse(text: &str) -> Result<CallPlace, PlaceError> {
        let words = split(text)?;
        let Some((first, rest)) = words.split_first() else {
            return Err(error("a place within a call cannot be empty"));
        };
        let start = call_start(first)?;
        let tokens = rest.iter().map(|word| token(word, &[])).collect::<Result<_, _>>()?;
        Ok(CallPlace { start, tokens })
    }
}

const STARTS: &[&str] = &["Package", "Type", "Global", "Guess"];
const CALL_STARTS: &[&str] = &["Receiver", "ReturnValue", "Value", "Decorated", "Argument", "Parameter"];
const TOKENS: &[&str] = &[
    "Member",
    "ReturnValue",
    "Instance",
    "Argument",
    "Parameter",
    "Element",
    "Receiver",
    "Key",
    "Decorated",
    "Subclass",
];

/// A word of a place: its name, and what stands in its brackets.
#[derive(Clone, Copy)]
struct Word<'a> {
    name: &'a str,
    operand: Option<&'a str>,
}

/// Splits at the dots outside brackets.
fn split(text: &str) -> Result<Vec<Word<'_>>, PlaceError> {
    let mut words = Vec::new();
    if text.is_empty() {
        return Ok(words);
    }
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = &rest[..end];
        let mut operand = None;
        rest = &rest[end..];
        if let Some(inner) = rest.strip_prefix('[') {
            let close = inner.find(']').ok_or_else(|| error(format!("`{text}` lacks a `]`")))?;
            operand = Some(&inner[..close]);
            rest = &inner[close + 1..];
        }
        if name.is_empty() {
            return Err(error(format!("`{text}` has an empty token")));
        }
        words.push(Word { name, operand });
        if rest.is_empty() {
            return Ok(words);
        }
        rest = rest.strip_prefix('.').ok_or_else(|| error(format!("`{text}` lacks a `.` before `{rest}`")))?;
    }
}

fn start_of(word: &Word<'_>) -> Result<Option<Start>, PlaceError> {
    Ok(Some(match word.name {
        "Package" => Start::Package(names(word)?),
        "Type" => Start::Type(names(word)?),
        "Global" => Start::Global(names(word)?),
        "Guess" => Start::Guess(names(word)?),
        _ => return Ok(None),
    }))
}

fn call_start(word: &Word<'_>) -> Result<CallStart, PlaceError> {
    match word.name {
        "Receiver" => bare(word, CallStart::Receiver),
        "ReturnValue" => bare(word, CallStart::ReturnValue),
        "Value" => bare(word, CallStart::Value),
        "Decorated" => bare(word, CallStart::Decorated),
        "Argument" => Ok(CallStart::Argument(arguments(word)?)),
        "Parameter" => Ok(CallStart::Parameter(arguments(word)?)),
        name => Err(unknown("a place within a call cannot start with", name, CALL_STARTS)),
    }
}

fn token(word: &Word<'_>, starts: &[&str]) -> Result<Token, PlaceError> {
    match word.name {
        "Member" if word.operand == Some("*") => Ok(Token::AnyMember),
        "Member" => Ok(Token::Member(names(word)?)),
        "ReturnValue" => bare(word, Token::ReturnValue),
        "Instance" => bare(word, Token::Instance),
        "Argument" => Ok(Token::Argument(arguments(word)?)),
        "Parameter" => Ok(Token::Parameter(arguments(word)?)),
        "Element" => bare(word, Token::Element),
        "Decorated" => bare(word, Token::Decorated),
        "Subclass" => bare(word, Token::Subclass),
        "Receiver" => bare(word, Token::Receiver),
        "Key" => bare(word, Token::Key),
        name => Err(unknown("unknown token", name, &[TOKENS, starts].concat())),
    }
}

fn bare<T>(word: &Word<'_>, value: T) -> Result<T, PlaceError> {
    match word.operand {
        None => Ok(value),
        Some(operand) => Err(error(format!("`{}` takes no brackets, found `[{operand}]`", word.name))),
    }
}

fn names(word: &Word<'_>) -> Result<Vec<String>, PlaceError> {
    let operand = word.operand.ok_or_else(|| error(format!("`{0}` needs a name: `{0}[name]`", word.name)))?;
    operand
        .split(',')
        .map(|name| match name.trim() {
            "" => Err(error(format!("`{}[{operand}]` has an empty name", word.name))),
            name if name.contains(|it: char| it.is_control() || it == '[') => {
                Err(error(format!("`{}[{operand}]` has a name that cannot be", word.name)))
            }
            name => Ok(name.to_owned()),
        })
        .collect()
}

fn arguments(word: &Word<'_>) -> Result<Vec<ArgumentAt>, PlaceError> {
    names(word)?.iter().map(|text| argument(word.name, text)).collect()
}

pub(super) fn argument(word: &str, text: &str) -> Result<ArgumentAt, PlaceError> {
    let bad = || {
        error(format!(
            "`{word}[{text}]` is neither a position (`0`, `1..`, `1..3`, `-1`), a keyword (`name:`), `*` nor `**`"
        ))
    };
    let number = |text: &str| text.parse::<u32>().map_err(|_| bad());
    if text == "*" {
        return Ok(ArgumentAt::Any);
    }
    if text == "**" {
        return Ok(ArgumentAt::Spread);
    }
    if let Some(name) = text.strip_suffix(':') {
        return if name.is_empty() { Err(bad()) } else { Ok(ArgumentAt::Keyword(name.to_owned())) };
    }
    if let Some((first, last)) = text.split_once("..") {
        let last = if last.is_empty() { None } else { Some(number(last)?) };
        return Ok(ArgumentAt::Range(number(first)?, last));
    }
    match text.strip_prefix('-') {
        Some(back) => match number(back)? {
            0 => Err(bad()),
            back => Ok(ArgumentAt::FromEnd(back)),
        },
        None => Ok(ArgumentAt::Position(number(text)?)),
    }
}

fn error(message: impl Into<String>) -> PlaceError {
    PlaceError { message: message.into() }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> PlaceError {
    error(super::words::unknown(what, name, known.iter().copied()))
}
