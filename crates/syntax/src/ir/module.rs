//! A lowered file: its arenas, and how they are filled and read.

use super::names::Names;
use super::*;

#[derive(Clone, Debug)]
pub struct SyntaxProblem {
    pub span: Span,
    pub message: String,
}

/// One file, lowered.
#[derive(Clone, Debug)]
pub struct Module {
    pub semantics: Semantics,
    pub exprs: Vec<Expr>,
    pub expr_spans: Vec<Span>,
    pub stmts: Vec<Stmt>,
    pub stmt_spans: Vec<Span>,
    pub patterns: Vec<Pattern>,
    pub pattern_spans: Vec<Span>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    pub vars: Vec<Var>,
    pub imports: Vec<Import>,
    /// `from x import *`
    pub star_imports: Vec<ImportId>,
    pub exports: Vec<Export>,
    /// Declared types of variables that are no parameters (`db: Session = …`), in order of the declarations.
    pub var_types: Vec<VarType>,
    pub comments: Vec<Comment>,
    /// Type assertions, in the order their operands end.
    pub casts: Vec<Cast>,
    /// `"use strict"`, `"use server"` at the top.
    pub directives: List<NameId>,
    /// What the parser could not read; the rest was lowered.
    pub problems: Vec<SyntaxProblem>,
    /// The text was mended before it could be parsed, or parts of it are missing here.
    pub repaired: bool,
    pub(super) expr_lists: Vec<ExprId>,
    pub(super) stmt_lists: Vec<StmtId>,
    pub(super) args: Vec<Arg>,
    pub(super) items: Vec<Item>,
    pub(super) props: Vec<Prop>,
    pub(super) clauses: Vec<Clause>,
    pub(super) entries: Vec<PatternEntry>,
    pub(super) elements: Vec<PatternElement>,
    pub(super) cases: Vec<Case>,
    pub(super) handlers: Vec<Handler>,
    pub(super) with_items: Vec<WithItem>,
    pub(super) params: Vec<Param>,
    pub(super) members: Vec<ClassMember>,
    pub(super) name_lists: Vec<NameId>,
    pub(super) names: Names,
}

macro_rules! lists {
    ($($item:ty, $field:ident, $get:ident, $make:ident;)*) => {
        impl Module {
            $(
                pub fn $get(&self, list: List<$item>) -> &[$item] {
                    &self.$field[list.range()]
                }
                pub fn $make(&mut self, items: &[$item]) -> List<$item> {
                    let start = self.$field.len() as u32;
                    self.$field.extend_from_slice(items);
                    List::run(start, items.len())
                }
            )*
        }
    };
}

lists! {
    ExprId, expr_lists, expr_list, make_exprs;
    StmtId, stmt_lists, stmt_list, make_stmts;
    Arg, args, arg_list, make_args;
    Item, items, item_list, make_items;
    Prop, props, prop_list, make_props;
    Clause, clauses, clause_list, make_clauses;
    PatternEntry, entries, entry_list, make_entries;
    PatternElement, elements, element_list, make_elements;
    Case, cases, case_list, make_cases;
    Handler, handlers, handler_list, make_handlers;
    WithItem, with_items, with_item_list, make_with_items;
    Param, params, param_list, make_params;
    ClassMember, members, member_list, make_members;
    NameId, name_lists, name_list, make_names;
}

impl Module {
    /// An empty module with a top level that does nothing.
    pub fn new(semantics: Semantics) -> Module {
        let mut module = Module {
            semantics,
            exprs: Vec::new(),
            expr_spans: Vec::new(),
            stmts: Vec::new(),
            stmt_spans: Vec::new(),
            patterns: Vec::new(),
            pattern_spans: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            vars: Vec::new(),
            imports: Vec::new(),
            star_imports: Vec::new(),
            exports: Vec::new(),
            var_types: Vec::new(),
            comments: Vec::new(),
            casts: Vec::new(),
            directives: List::default(),
            problems: Vec::new(),
            repaired: false,
            expr_lists: Vec::new(),
            stmt_lists: Vec::new(),
            args: Vec::new(),
            items: Vec::new(),
            props: Vec::new(),
            clauses: Vec::new(),
            entries: Vec::new(),
            elements: Vec::new(),
            cases: Vec::new(),
            handlers: Vec::new(),
            with_items: Vec::new(),
            params: Vec::new(),
            members: Vec::new(),
            name_lists: Vec::new(),
            names: Names::default(),
        };
        let body = module.add_stmt(Stmt::Block(List::default()), Span::default());
        module.functions.push(Function {
            name: None,
            parent: TOP_LEVEL,
            class: None,
            params: List::default(),
            body,
            receiver: Receiver::Inherited,
            is_async: false,
            is_generator: false,
            return_annotation: None,
            directives: List::default(),
            decorators: List::default(),
            span: Span::default(),
            name_span: Span::default(),
        });
        module
    }

    pub fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        self.exprs.push(expr);
        self.expr_spans.push(span);
        ExprId(self.exprs.len() as u32 - 1)
    }

    pub fn add_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.stmts.push(stmt);
        self.stmt_spans.push(span);
        StmtId(self.stmts.len() as u32 - 1)
    }

    pub fn add_pattern(&mut self, pattern: Pattern, span: Span) -> PatternId {
        self.patterns.push(pattern);
        self.pattern_spans.push(span);
        PatternId(self.patterns.len() as u32 - 1)
    }

    pub fn intern(&mut self, text: &str) -> NameId {
        NameId(self.names.intern(text))
    }

    pub fn name(&self, id: NameId) -> &str {
        self.names.get(id.0)
    }

    /// All interned strings, in order of their ids.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.names.len() as u32).map(|id| self.names.get(id))
    }

    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.index()]
    }

    pub fn pattern(&self, id: PatternId) -> Pattern {
        self.patterns[id.index()]
    }

    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.index()]
    }

    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    pub fn import(&self, id: ImportId) -> Import {
        self.imports[id.index()]
    }

    pub fn expr_span(&self, id: ExprId) -> Span {
        self.expr_spans[id.index()]
    }

    pub fn stmt_span(&self, id: StmtId) -> Span {
        self.stmt_spans[id.index()]
    }
}
