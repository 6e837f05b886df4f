//! Where a hole stands in a text that a machine will read: in a statement, a URL, a path.

use super::events::Position;
use crate::model::Chars;

/// The position of each piece that is a hole (`None`), for a sink of the kind.
pub fn of(kind: &str, pieces: &[Option<String>]) -> Vec<Position> {
    match kind {
        "sql" | "sql.identifier" => sql(pieces),
        "url" => url(pieces, false),
        "redirect" => url(pieces, true),
        "command" | "xpath" => quoted(pieces, &['\'', '"']),
        "code" => quoted(pieces, &['\'', '"', '`']),
        _ => whole(pieces),
    }
}

fn whole(pieces: &[Option<String>]) -> Vec<Position> {
    let alone = pieces.len() == 1;
    pieces.iter().map(|_| if alone { Position::Whole } else { Position::Bare }).collect()
}

/// Quotes only: shells, markup.
fn quoted(pieces: &[Option<String>], quotes: &[char]) -> Vec<Position> {
    let mut quote: Option<char> = None;
    let mut res = Vec::with_capacity(pieces.len());
    for piece in pieces {
        res.push(quote.map_or(Position::Bare, Position::Quoted));
        let Some(text) = piece else { continue };
        for it in text.chars() {
            match (quote, it) {
                (None, it) if quotes.contains(&it) => quote = Some(it),
                (Some(open), it) if open == it => quote = None,
                _ => {}
            }
        }
    }
    res
}

/// Words after which a name stands, not a value.
const NAME_WORDS: &[&str] = &[
    "FROM", "JOIN", "INTO", "UPDATE", "TABLE", "BY", "ASC", "DESC", "COLUMN", "INDEX", "DATABASE", "SCHEMA", "VIEW",
    "TRUNCATE", "DESCRIBE", "EXISTS",
];

fn sql(pieces: &[Option<String>]) -> Vec<Position> {
    let mut quote: Option<char> = None;
    let mut word = String::new();
    let mut last_word = String::new();
    let mut last_char = ' ';
    let mut in_order = false;
    let mut res = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        let Some(text) = piece else {
            if !word.is_empty() {
                last_word = std::mem::take(&mut word);
            }
            let after_name_word =
                NAME_WORDS.contains(&last_word.as_str()) && (last_char.is_whitespace() || last_char == '.');
            let in_list = in_order && matches!(last_char, ',' | ' ');
            res.push(match quote {
                Some('`') => Position::Identifier,
                Some('"') if starts_with_ansi(pieces) => Position::Identifier,
                Some(quote) => Position::Quoted(quote),
                None if after_name_word || in_list => Position::Identifier,
                None if index == 0 && pieces.len() == 1 => Position::Whole,
                None => Position::Bare,
            });
            last_word.clear();
            last_char = 'x';
            continue;
        };
        res.push(Position::Bare);
        for it in text.chars() {
            match (quote, it) {
                (None, '\'' | '"' | '`') => quote = Some(it),
                (Some(open), it) if open == it => quote = None,
                _ => {}
            }
            if it.is_alphanumeric() || it == '_' {
                word.extend(it.to_uppercase());
            } else if !word.is_empty() {
                last_word = std::mem::take(&mut word);
                if last_word == "BY" {
                    in_order = true;
                } else if matches!(last_word.as_str(), "LIMIT" | "OFFSET" | "WHERE" | "HAVING" | "VALUES" | "SET") {
                    in_order = false;
                }
            }
            last_char = it;
        }
    }
    res
}

/// Double quotes are names where single ones are used for text.
fn starts_with_ansi(pieces: &[Option<String>]) -> bool {
    pieces.iter().flatten().any(|it| it.contains('\''))
}

/// With `based`, something unknown at the front is taken for an address of one's own (`base + path`).
fn url(pieces: &[Option<String>], based: bool) -> Vec<Position> {
    let mut before = String::new();
    let mut res = Vec::with_capacity(pieces.len());
    let mut seen_hole = false;
    for (index, piece) in pieces.iter().enumerate() {
        let position = if before.is_empty() && !seen_hole {
            Position::Whole
        } else if index + 1 == pieces.len() && !seen_hole && ends_at_host(&before) {
            Position::WholePath
        } else if behind_host(&before) || based && seen_hole && !before.contains("//") {
            Position::Path
        } else {
            Position::Host
        };
        res.push(position);
        match piece {
            Some(text) => before.push_str(text),
            None => {
                seen_hole = true;
                before.push('h');
            }
        }
    }
    res
}

/// The constant text ends behind the host: nothing after it can change where it points.
fn behind_host(before: &str) -> bool {
    let rest = match before.find("//") {
        Some(at) if before[..at].is_empty() || before[..at].ends_with(':') => &before[at + 2..],
        // A path of the same server.
        _ => {
            return before.starts_with('/') && before.len() > 1
                || before.starts_with(['?', '#'])
                || before.starts_with("./");
        }
    };
    rest.contains(['/', '?', '#']) && !rest.starts_with('/')
}

/// The constant text is a scheme, a host and the slash behind it.
fn ends_at_host(before: &str) -> bool {
    let host = before.split_once("://").and_then(|it| it.1.strip_suffix('/'));
    host.is_some_and(|it| !it.is_empty() && !it.contains(['/', '?', '#']))
}

const SQL_WORDS: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    "CREATE ",
    "DROP ",
    "ALTER ",
    "WITH ",
    "TRUNCATE ",
    "MERGE ",
    "REPLACE ",
    "CALL ",
    "EXEC ",
    "WHERE ",
    "FROM ",
    "GRANT ",
    "PRAGMA ",
    "SHOW ",
    "SET ",
];

/// Whether a text looks like a statement of a language.
pub fn reads_as(text: &str, language: &str) -> bool {
    match language {
        "sql" => {
            let text = text.trim_start().to_uppercase();
            SQL_WORDS.iter().any(|it| {
                text.starts_with(it)
                    || text.starts_with(it.trim_end())
                        && text.len() > it.len()
                        && text.as_bytes()[it.len() - 1].is_ascii_whitespace()
            })
        }
        "html" => text.contains('<') && text.contains('>'),
        "url" => text.contains("://") || text.starts_with('/'),
        "path" => text.contains('/') || text.contains('.'),
        _ => !text.trim().is_empty(),
    }
}

/// Characters with which data can leave its position.
pub fn dangerous(kind: &str, position: Position) -> Chars {
    let plain = Chars::class("A-Za-z0-9_");
    match kind {
        "sql" => match position {
            Position::Quoted(quote) => Chars::of("\\").union(Chars::range(quote, quote)),
            _ => plain.complement(),
        },
        "code" => match position {
            // Among backquotes `${` begins code.
            Position::Quoted(quote) => Chars::of("\\$\r\n").union(Chars::range(quote, quote)),
            _ => plain.complement(),
        },
        "html" | "html.trusted" | "html.context" | "email.html" => Chars::of("<"),
        // Numbers of any form pass.
        "trust" | "trust.key" => Chars::class("A-Za-z0-9_.+-").complement(),
        "path" => Chars::of("/\\"),
        "url" | "redirect" if !matches!(position, Position::Path | Position::WholePath) => Chars::of("/:@.?#\\"),
        // One part of a path reaches one folder up at most.
        "url" | "redirect" => Chars::of("/?#&\\"),
        "ldap" => Chars::of("()*\\&|="),
        "xpath" => match position {
            Position::Quoted(quote) => Chars::range(quote, quote),
            _ => Chars::of("'\"[]()/@=* "),
        },
        "log" | "header.value" | "email.header" => Chars::of("\r\n"),
        "csv" => Chars::of("=+-@\t\r"),
        "regex" => Chars::of("(){}[]*+?|\\^$."),
        "command.argument" => Chars::of("-"),
        "object-key" | "method-name" => Chars::of("_"),
        "format" => Chars::of("{%"),
        _ => plain.complement(),
    }
}
