//! `"…" % value` and `"…".format(…)`: split into pieces where the literal says precisely what goes where.
//! Where it does not, they stay an operator and a call.

use super::literal::is_numeric_spec;
use super::{Lower, span};
use crate::ir::{ConcatStyle, Const, Expr, ExprId, Span, UnaryOp};
use ruff_python_ast::{self as ast, Expr as Node};
use ruff_text_size::Ranged;

/// A part of a format text.
enum Part<'f> {
    Text(String),
    Hole(Hole<'f>),
}

struct Hole<'f> {
    /// Name or number, then `.attribute` and `[key]` as written; empty for the next value.
    field: &'f str,
    numeric: bool,
}

impl Lower<'_> {
    /// `format % right`; `None` if the pieces cannot be told.
    pub(super) fn percent(&mut self, format: &ast::ExprStringLiteral, right: &Node, at: Span) -> Option<ExprId> {
        let parts = percent_parts(format.value.to_str())?;
        let positional = parts.iter().filter(|it| matches!(it, Part::Hole(hole) if hole.field.is_empty())).count();
        let named = parts.iter().filter(|it| matches!(it, Part::Hole(_))).count() - positional;
        if (positional > 0) == (named > 0) {
            return None;
        }
        if let Node::Tuple(it) = right
            && (it.elts.len() != positional || it.elts.iter().any(Node::is_starred_expr))
        {
            return None;
        }
        let values = self.exprs.len();
        match right {
            Node::Tuple(it) => {
                for value in &it.elts {
                    let value = self.expr(value);
                    self.exprs.push(value);
                }
            }
            _ => {
                let value = self.expr(right);
                for position in 0..positional {
                    let value = if positional == 1 { value } else { self.at_number(value, position, right) };
                    self.exprs.push(value);
                }
                if named > 0 {
                    self.exprs.push(value);
                }
            }
        }
        let pieces = self.exprs.len();
        let text_span = span(format.range);
        let mut next = values;
        for part in parts {
            let piece = match part {
                Part::Text(text) => self.text(&text, text_span),
                Part::Hole(hole) if hole.field.is_empty() => {
                    next += 1;
                    let value = self.exprs[next - 1];
                    self.numeric(value, hole.numeric)
                }
                Part::Hole(hole) => {
                    let value = self.named_value_of(self.exprs[values], hole.field, right);
                    self.numeric(value, hole.numeric)
                }
            };
            self.exprs.push(piece);
        }
        let list = self.take_exprs(pieces);
        self.exprs.truncate(values);
        Some(self.module.add_expr(Expr::Concat { style: ConcatStyle::Percent, pieces: list }, at))
    }

    fn at_number(&mut self, object: ExprId, position: usize, node: &Node) -> ExprId {
        let at = span(node.range());
        let index = self.module.add_expr(Expr::Const(Const::Number(position as f64)), at);
        self.module.add_expr(Expr::Index { object, index }, at)
    }

    fn named_value_of(&mut self, object: ExprId, name: &str, node: &Node) -> ExprId {
        let at = span(node.range());
        let index = self.text(name, at);
        self.module.add_expr(Expr::Index { object, index }, at)
    }

    fn numeric(&mut self, value: ExprId, numeric: bool) -> ExprId {
        if !numeric {
            return value;
        }
        let at = self.module.expr_span(value);
        self.module.add_expr(Expr::Unary { op: UnaryOp::ToNumber, operand: value }, at)
    }

    /// `"…".format(…)`, or the plain call if the pieces cannot be told.
    pub(super) fn format_call(&mut self, node: &ast::ExprCall) -> ExprId {
        if let Node::Attribute(method) = &*node.func
            && let Node::StringLiteral(format) = &*method.value
            && let Some(fields) = format_parts(format.value.to_str())
            && let Some(id) = self.format_pieces(node, format, fields, method.attr.id == "format_map")
        {
            return id;
        }
        let Node::Attribute(method) = &*node.func else { return self.opaque(span(node.range())) };
        let object = self.expr(&method.value);
        let name = self.name(&method.attr.id);
        let callee = self.module.add_expr(Expr::Member { object, name, optional: false }, span(method.range));
        self.plain_call(node, callee)
    }

    fn format_pieces(
        &mut self,
        node: &ast::ExprCall,
        format: &ast::ExprStringLiteral,
        parts: Vec<Part<'_>>,
        is_map: bool,
    ) -> Option<ExprId> {
        let arguments = &node.arguments;
        let sources = sources(arguments, &parts, is_map)?;
        let values = self.exprs.len();
        for argument in arguments.iter_source_order() {
            let value = self.expr(argument.value());
            self.exprs.push(value);
        }
        let pieces = self.exprs.len();
        let mut sources = sources.into_iter();
        for part in parts {
            let piece = match part {
                Part::Text(text) => self.text(&text, span(format.range)),
                Part::Hole(hole) => {
                    let Some(source) = sources.next() else { continue };
                    self.format_hole(hole, source, values)
                }
            };
            self.exprs.push(piece);
        }
        let list = self.take_exprs(pieces);
        self.exprs.truncate(values);
        let concat = Expr::Concat { style: ConcatStyle::Format, pieces: list };
        Some(self.module.add_expr(concat, span(node.range())))
    }

    fn format_hole(&mut self, hole: Hole<'_>, source: Source, values: usize) -> ExprId {
        let (first, rest) = split_field(hole.field);
        let mut value = self.exprs[values + source.argument];
        let at = self.module.expr_span(value);
        if source.by_key {
            let index = self.text(first, at);
            value = self.module.add_expr(Expr::Index { object: value, index }, at);
        }
        let mut rest = rest;
        while let Some(start) = rest.chars().next() {
            let end = rest[1..].find(['.', '[']).map_or(rest.len(), |it| it + 1);
            let step = rest[1..end].trim_end_matches(']');
            value = if start == '.' {
                let name = self.name(step);
                self.module.add_expr(Expr::Member { object: value, name, optional: false }, at)
            } else {
                let index = match step.parse::<u32>() {
                    Ok(number) => self.module.add_expr(Expr::Const(Const::Number(f64::from(number))), at),
                    Err(_) => self.text(step, at),
                };
                self.module.add_expr(Expr::Index { object: value, index }, at)
            };
            rest = &rest[end..];
        }
        self.numeric(value, hole.numeric)
    }
}

/// Where a replacement field of `format` finds its value.
struct Source {
    /// Index among the arguments in source order.
    argument: usize,
    /// The argument is a mapping (`**values`, `format_map(values)`), and the field is a key of it.
    by_key: bool,
}

fn sources(arguments: &ast::Arguments, parts: &[Part<'_>], is_map: bool) -> Option<Vec<Source>> {
    let all: Vec<_> = arguments.iter_source_order().collect();
    if all.iter().any(|it| it.value().is_starred_expr()) || is_map && all.len() != 1 {
        return None;
    }
    let mut positional = 0;
    let mut found = Vec::new();
    for part in parts {
        let Part::Hole(hole) = part else { continue };
        let (first, _) = split_field(hole.field);
        let position = if first.is_empty() {
            positional += 1;
            Some(positional - 1)
        } else {
            first.parse::<usize>().ok()
        };
        found.push(if is_map {
            Source { argument: 0, by_key: true }
        } else if let Some(position) = position {
            let mut indices = all.iter().enumerate().filter(|(_, it)| it.as_keyword().is_none());
            Source { argument: indices.nth(position)?.0, by_key: false }
        } else {
            keyword_source(&all, first)?
        });
    }
    Some(found)
}

fn keyword_source(all: &[ast::ArgOrKeyword<'_>], name: &str) -> Option<Source> {
    let keywords = || all.iter().enumerate().filter_map(|(at, it)| it.as_keyword().map(|it| (at, it)));
    if let Some((at, _)) = keywords().find(|(_, it)| it.arg.as_ref().is_some_and(|it| it.id == name)) {
        return Some(Source { argument: at, by_key: false });
    }
    let mut mappings = keywords().filter(|(_, it)| it.arg.is_none());
    match (mappings.next(), mappings.next()) {
        (Some((at, _)), None) => Some(Source { argument: at, by_key: true }),
        _ => None,
    }
}

/// `a.b[c]` is `a` and `.b[c]`.
fn split_field(field: &str) -> (&str, &str) {
    field.split_at(field.find(['.', '[']).unwrap_or(field.len()))
}

/// The parts of a `%` format. `None` if a width is taken from the values or a directive is not understood.
fn percent_parts(format: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let mut field = "";
        if let Some(inner) = rest.strip_prefix('(') {
            let end = inner.find(')')?;
            field = &inner[..end];
            rest = &inner[end + 1..];
        }
        let flags = rest.trim_start_matches(|it: char| it.is_ascii_digit() || "#-+ .lhL".contains(it));
        let kind = flags.chars().next()?;
        let numeric = match kind {
            's' | 'r' | 'a' | 'c' => false,
            'd' | 'i' | 'o' | 'u' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' => true,
            _ => return None,
        };
        rest = &flags[1..];
        push_text(&mut parts, &mut text);
        parts.push(Part::Hole(Hole { field, numeric }));
    }
    text.push_str(rest);
    push_text(&mut parts, &mut text);
    Some(parts)
}

/// The parts of a `format` text. `None` if a field's directive has fields of its own, or a brace is left over.
fn format_parts(format: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let end = rest.find('}').filter(|_| brace == "{")?;
        let inner = &rest[..end];
        if inner.contains('{') {
            return None;
        }
        let (field, spec) = inner.split_once(':').unwrap_or((inner, ""));
        let (field, conversion) = field.split_once('!').unwrap_or((field, ""));
        push_text(&mut parts, &mut text);
        let numeric = conversion.is_empty() && is_numeric_spec(spec);
        parts.push(Part::Hole(Hole { field, numeric }));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    push_text(&mut parts, &mut text);
    Some(parts)
}

fn push_text(parts: &mut Vec<Part<'_>>, text: &mut String) {
    if !text.is_empty() {
        parts.push(Part::Text(std::mem::take(text)));
    }
}
