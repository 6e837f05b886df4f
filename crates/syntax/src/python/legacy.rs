//! Python 2, as far as it is still met.
//!
//! ruff reads Python 3 and recovers. What it stumbles over in Python 2 is mended in the text without moving
//! anything (`` `x` `` is `(x)`, `a <> b` is `a != b`, `0777` and `10L` lose a character, `ur""` its `u`, a
//! tuple parameter its brackets), or put together again while lowering (`print x`, `exec code in names`,
//! `raise Class, "message"`).
//!
//! `except A, b:` catches two classes in Python 3.14 and binds `b` in Python 2. It binds if the file has any
//! other sign of Python 2, or if the second part is a plain lower-case name: classes are written otherwise.

use super::{Lower, span};
use crate::ir::{Arg, CallStyle, Expr, ExprId, Span, Spread, Stmt};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, CmpOp, Expr as Node, Operator, Stmt as Statement};
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType};
use ruff_text_size::Ranged;

/// Bytes looked at before and after an error: a line's worth.
const WINDOW: usize = 500;

/// A stretch of text to be overwritten with as many bytes.
pub(super) struct Edit {
    pub at: usize,
    pub with: &'static str,
}

/// What the error says of Python 2: `None` if nothing, else how to mend it, if it needs that.
pub(super) fn sign(text: &str, error: &ParseError, edits: &mut Vec<Edit>) -> bool {
    let start = error.location.start().to_usize();
    let Some((before, after)) = text.split_at_checked(start) else { return false };
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(WINDOW))..];
    let after = &after[..after.floor_char_boundary(WINDOW)];
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { tok: '`' }) => {
            let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
            let is_opening = line.matches('`').count() % 2 == 0;
            edits.push(Edit { at: start, with: if is_opening { "(" } else { ")" } });
            true
        }
        ParseErrorType::Lexical(LexicalErrorType::OtherError(_)) if after.starts_with('0') => {
            let zeros = after.len() - after.trim_start_matches('0').len();
            edits.extend((0..zeros).map(|it| Edit { at: start + it, with: " " }));
            true
        }
        ParseErrorType::SimpleStatementsOnSameLine => {
            let word = before.trim_end_matches([' ', '\t']);
            if before.ends_with("ur") || before.ends_with("UR") || before.ends_with("uR") || before.ends_with("Ur") {
                edits.push(Edit { at: start - 2, with: " " });
                true
            } else if after.starts_with(['L', 'l']) && before.ends_with(|it: char| it.is_ascii_hexdigit()) {
                edits.push(Edit { at: start, with: " " });
                true
            } else {
                ["print", "exec"].iter().any(|it| ends_with_word(word, it)) && word.len() < before.len()
            }
        }
        ParseErrorType::ExpectedExpression if after.starts_with('>') && before.ends_with('<') => {
            edits.push(Edit { at: start - 1, with: "!=" });
            true
        }
        ParseErrorType::ExpectedToken { found: TokenKind::Lpar, .. } => tuple_parameter(before, after, start, edits),
        ParseErrorType::UnparenthesizedTupleExpression => ends_with_word(before.trim_end(), "raise"),
        _ => false,
    }
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|it| !it.ends_with(|it: char| it.is_alphanumeric() || "._".contains(it)))
}

/// `def f((a, b), c)` and `lambda (a, b): …`: the inner brackets go.
fn tuple_parameter(before: &str, after: &str, start: usize, edits: &mut Vec<Edit>) -> bool {
    let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
    if !line.trim_start().starts_with("def ") && !line.trim_end().ends_with("lambda") {
        return false;
    }
    let Some(close) = after.find(')') else { return false };
    edits.push(Edit { at: start, with: " " });
    edits.push(Edit { at: start + close, with: " " });
    true
}

impl Lower<'_> {
    /// `print x` and `exec x` fall into two statements; together they are a call.
    pub(super) fn split_statement(&mut self, node: &Statement, next: &Statement) -> bool {
        let (Statement::Expr(head), Statement::Expr(body)) = (node, next) else { return false };
        let Node::Name(word) = &*head.value else { return false };
        let between = self.text.get(head.range.end().to_usize()..body.range.start().to_usize());
        let is_split = between.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it == b' ' || it == b'\t'));
        if !is_split || !matches!(word.id.as_str(), "print" | "exec") {
            return false;
        }
        let at = Span::new(span(head.range).start, span(body.range).end);
        let callee = self.expr(&head.value);
        let from = self.args.len();
        self.push_parts(&body.value);
        let call = self.finish_call(callee, from, at);
        self.push_stmt(Stmt::Expr(call), at);
        true
    }

    /// `print >>file, x` reads as a tuple whose first part is a shift.
    pub(super) fn print_to(&mut self, node: &Node) -> Option<ExprId> {
        let (first, rest) = match node {
            Node::Tuple(it) if !it.parenthesized => it.elts.split_first()?,
            it => (it, [].as_slice()),
        };
        let Node::BinOp(shift) = first else { return None };
        if shift.op != Operator::RShift || !matches!(&*shift.left, Node::Name(it) if it.id == "print") {
            return None;
        }
        let callee = self.expr(&shift.left);
        let from = self.args.len();
        for value in rest {
            self.push_part(value);
        }
        let file = self.expr(&shift.right);
        let name = Some(self.name("file"));
        self.args.push(Arg { value: file, name, spread: Spread::No });
        Some(self.finish_call(callee, from, span(node.range())))
    }

    fn push_parts(&mut self, node: &Node) {
        match node {
            Node::Tuple(it) if !it.parenthesized => it.elts.iter().for_each(|it| self.push_part(it)),
            it => self.push_part(it),
        }
    }

    /// One argument; `code in names` is two.
    fn push_part(&mut self, node: &Node) {
        match node {
            Node::Compare(it) if matches!(*it.ops, [CmpOp::In]) => {
                let code = self.expr(&it.left);
                let names = self.expr(&it.comparators[0]);
                self.args.extend([code, names].map(|value| Arg { value, name: None, spread: Spread::No }));
            }
            it => {
                let value = self.expr(it);
                self.args.push(Arg { value, name: None, spread: Spread::No });
            }
        }
    }

    fn finish_call(&mut self, callee: ExprId, from: usize, at: Span) -> ExprId {
        let args = self.module.make_args(&self.args[from..]);
        self.args.truncate(from);
        self.module.add_expr(Expr::Call { callee, args, style: CallStyle::Call, optional: false }, at)
    }

    /// `except Class, name:` as Python 2 reads it.
    pub(super) fn bound_by_comma<'n>(&self, node: &'n ast::ExprTuple) -> Option<(&'n Node, &'n Node)> {
        let [class, name] = &*node.elts else { return None };
        if node.parenthesized {
            return None;
        }
        let is_plain = matches!(name, Node::Name(it) if it.id.starts_with(|it: char| it.is_lowercase() || it == '_'));
        (is_plain || self.is_python2).then_some((class, name))
    }

    /// `raise Class, "message"` makes an instance of the message.
    pub(super) fn raise_call(&mut self, node: &ast::ExprTuple) -> ExprId {
        let class = self.expr(&node.elts[0]);
        let message = self.expr(&node.elts[1]);
        self.call_with(class, &[message], CallStyle::Call, span(node.range))
    }
}
