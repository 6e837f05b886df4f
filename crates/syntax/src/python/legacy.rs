//! Broken text and what is left of Python 2.
use super::{Lower, PROBLEMS_MAX, span};
use crate::ir::{ExprId, SyntaxProblem};
use ruff_python_ast::{self as ast, Expr as Node, ModModule, Stmt as Statement};
use ruff_python_parser::{Mode, ParseOptions, Parsed};

pub(super) struct Source {
    pub parsed: Parsed<ModModule>,
    pub problems: Vec<SyntaxProblem>,
    pub is_python2: bool,
}

pub(super) fn parse(text: &str) -> Source {
    let parsed = parse_module(text);
    let problems = parsed
        .errors()
        .iter()
        .take(PROBLEMS_MAX)
        .map(|it| SyntaxProblem { span: span(it.location), message: it.error.to_string() })
        .collect();
    Source { parsed, problems, is_python2: false }
}

fn parse_module(text: &str) -> Parsed<ModModule> {
    let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(Mode::Module));
    parsed.try_into_module().expect("a module was asked for")
}

impl Lower<'_> {
    pub(super) fn split_statement(&mut self, _node: &Statement, _next: &Statement) -> bool {
        false
    }
    pub(super) fn print_to(&mut self, _node: &Node) -> Option<ExprId> {
        None
    }
    pub(super) fn bound_by_comma<'n>(&self, _node: &'n ast::ExprTuple) -> Option<(&'n Node, &'n Node)> {
        None
    }
    pub(super) fn raise_call(&mut self, node: &ast::ExprTuple) -> ExprId {
        self.expr(&node.elts[0])
    }
}
