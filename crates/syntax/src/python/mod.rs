//! Python: ruff's tree to the IR.
//!
//! What Python does differently from the IR's other language is settled here: scopes (`scope`), class bodies
//! that run (`class`), decorators as calls (`function`), the three ways to format text (`literal`, `format`),
//! string annotations (`annotation`), `match` (`pattern`), and what is left of Python 2 (`legacy`, `mend`).

mod annotation;
mod class;
mod comprehension;
mod expr;
mod format;
mod function;
mod import;
mod legacy;
mod literal;
mod mend;
mod operator;
mod pattern;
mod scope;
mod stmt;
#[cfg(test)]
mod tests;

use crate::ir::{
    Arg, ClassId, Comment, ExprId, FunctionId, Item, Module, NameId, Param, Semantics, Span, StmtId, SyntaxProblem,
    TOP_LEVEL,
};
use crate::{Language, nesting};
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange};

/// Levels of our own recursion: eight links of a chain, one bracket, one block. Real code stays below 100.
const DEPTH_MAX: u32 = 400;

/// Problems kept of one file; the first ones tell what is wrong.
const PROBLEMS_MAX: usize = 8;

pub(crate) fn lower(text: &str) -> Module {
    if nesting::too_deep(text, Language::Python) {
        let mut module = crate::empty(Language::Python);
        module.problems.push(SyntaxProblem { span: Span::default(), message: "nested too deep to be read".into() });
        module.repaired = true;
        return module;
    }
    let source = mend::parse(text);
    let mut lower = Lower::new(&source.text, source.is_python2, !source.problems.is_empty());
    lower.module.repaired = !source.problems.is_empty();
    lower.module.problems = source.problems;
    lower.module.comments = comments(source.parsed.tokens());
    let body = lower.block(&source.parsed.syntax().body);
    lower.leave_module();
    let whole = Span::new(0, text.len() as u32);
    let top = &mut lower.module.functions[TOP_LEVEL.index()];
    top.body = body;
    top.span = whole;
    lower.module
}

pub(crate) fn parses(text: &str) -> bool {
    !nesting::too_deep(text, Language::Python) && mend::parse(text).problems.is_empty()
}

fn comments(tokens: &ruff_python_ast::token::Tokens) -> Vec<Comment> {
    let comments = tokens.iter().filter(|it| it.kind() == TokenKind::Comment);
    comments.map(|it| Comment { span: span(it.range()) }).collect()
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// The state of one lowering. The vectors after `scopes` are stacks on which lists are gathered: an inner list
/// is cut off before the outer one goes on, so that no list needs an allocation of its own.
struct Lower<'t> {
    text: &'t str,
    module: Module,
    scopes: scope::Scopes,
    exprs: Vec<ExprId>,
    stmts: Vec<StmtId>,
    args: Vec<Arg>,
    items: Vec<Item>,
    params: Vec<Param>,
    /// The function whose body is being lowered.
    function: FunctionId,
    /// The class whose body is being lowered.
    class: Option<ClassId>,
    /// Under `if TYPE_CHECKING:`.
    type_checking: bool,
    /// Names are bound by the comprehension itself.
    in_comprehension_target: bool,
    is_python2: bool,
    /// The parser stumbled: statements may have fallen apart.
    is_broken: bool,
    depth: u32,
}

impl<'t> Lower<'t> {
    fn new(text: &'t str, is_python2: bool, is_broken: bool) -> Lower<'t> {
        let mut module = Module::new(Semantics::PYTHON);
        // Real code has an expression every 15 bytes: saves the growing.
        module.exprs.reserve(text.len() / 14);
        module.expr_spans.reserve(text.len() / 14);
        Lower {
            text,
            module,
            scopes: scope::Scopes::new(),
            exprs: Vec::new(),
            stmts: Vec::new(),
            args: Vec::new(),
            items: Vec::new(),
            params: Vec::new(),
            function: TOP_LEVEL,
            class: None,
            type_checking: false,
            in_comprehension_target: false,
            is_python2,
            is_broken,
            depth: 0,
        }
    }

    fn name(&mut self, text: &str) -> NameId {
        self.module.intern(text)
    }

    /// Says once that a part was left out, at the first such part.
    fn report_depth(&mut self, span: Span) {
        const MESSAGE: &str = "nested too deep: the inner part was not read";
        self.module.repaired = true;
        if !self.module.problems.iter().any(|it| it.message == MESSAGE) {
            self.module.problems.push(SyntaxProblem { span, message: MESSAGE.into() });
        }
    }
}
