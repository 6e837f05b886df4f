//! Statements, functions and classes.

use super::Printer;
use crate::ir::{
    Case, ClassId, ClassMember, Each, ExprId, FunctionId, Handler, LoopKind, MemberKind, Param, ParamKind, Receiver,
    Stmt, StmtId,
};

impl Printer<'_> {
    /// The statements of a block, each on a line of its own; a single statement likewise.
    pub(super) fn statements_in(&mut self, id: StmtId) {
        if let Stmt::Block(list) = self.module.stmt(id) {
            for &it in self.module.stmt_list(list) {
                self.line();
                self.stmt(it);
            }
        } else {
            self.line();
            self.stmt(id);
        }
    }

    fn nested(&mut self, id: StmtId) {
        self.indent += 1;
        self.deeper(|this| this.statements_in(id));
        self.indent -= 1;
    }

    /// `word` on a line of its own with the statements below it.
    fn part(&mut self, word: &str, id: Option<StmtId>) {
        if let Some(id) = id {
            self.indent += 1;
            self.line();
            self.out.push('(');
            self.out.push_str(word);
            self.nested(id);
            self.out.push(')');
            self.indent -= 1;
        }
    }

    fn stmt(&mut self, id: StmtId) {
        match self.module.stmt(id) {
            Stmt::Expr(it) => self.expr(it),
            Stmt::Let { pattern, value } => {
                self.out.push_str("(let ");
                self.pattern(pattern);
                self.after(value);
                self.out.push(')');
            }
            Stmt::Function { var, function } => {
                self.out.push_str("(function ");
                self.var(var);
                self.out.push(' ');
                self.function(function);
                self.out.push(')');
            }
            Stmt::Class { var, class } => {
                self.out.push_str("(class ");
                self.var(var);
                self.class_body(class);
                self.out.push(')');
            }
            Stmt::Block(_) => {
                self.out.push_str("(block");
                self.nested(id);
                self.out.push(')');
            }
            Stmt::If { test, then, otherwise } => {
                self.out.push_str("(if ");
                self.expr(test);
                self.nested(then);
                self.part("else", otherwise);
                self.out.push(')');
            }
            Stmt::Return(value) => self.word("return", value),
            Stmt::Throw(value) => self.word("throw", value),
            Stmt::Break(label) => self.jump("break", label),
            Stmt::Continue(label) => self.jump("continue", label),
            Stmt::Labeled { label, body } => {
                self.out.push_str("(label ");
                self.name(label);
                self.nested(body);
                self.out.push(')');
            }
            Stmt::Assert { test, message } => {
                self.out.push_str("(assert ");
                self.expr(test);
                self.after(message);
                self.out.push(')');
            }
            Stmt::Nothing => self.out.push_str("(nothing)"),
            it => self.compound(it),
        }
    }

    fn compound(&mut self, stmt: Stmt) {
        match stmt {
            Stmt::Loop { kind, test, update, body, otherwise } => {
                self.out.push_str(if kind == LoopKind::While { "(while" } else { "(do-while" });
                self.after(test);
                if let Some(update) = update {
                    self.out.push_str(" update ");
                    self.expr(update);
                }
                self.nested(body);
                self.part("else", otherwise);
            }
            Stmt::ForEach { each, pattern, iterable, body, otherwise } => {
                self.out.push_str("(for ");
                self.pattern(pattern);
                self.out.push_str(if each == Each::Keys { " in " } else { " of " });
                self.expr(iterable);
                self.nested(body);
                self.part("else", otherwise);
            }
            Stmt::Switch { subject, cases } => {
                self.out.push_str("(switch ");
                self.expr(subject);
                self.indent += 1;
                for case in self.module.case_list(cases) {
                    self.line();
                    self.case(case);
                }
                self.indent -= 1;
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                self.out.push_str("(try");
                self.nested(body);
                self.indent += 1;
                for handler in self.module.handler_list(handlers) {
                    self.line();
                    self.handler(handler);
                }
                self.indent -= 1;
                self.part("else", otherwise);
                self.part("finally", finally);
            }
            Stmt::With { items, body } => {
                self.out.push_str("(with");
                for item in self.module.with_item_list(items) {
                    self.out.push(' ');
                    self.expr(item.context);
                    if let Some(target) = item.target {
                        self.out.push_str(" as ");
                        self.pattern(target);
                    }
                }
                self.nested(body);
            }
            _ => {}
        }
        self.out.push(')');
    }

    fn after(&mut self, value: Option<ExprId>) {
        if let Some(value) = value {
            self.out.push(' ');
            self.expr(value);
        }
    }

    fn word(&mut self, word: &str, value: Option<ExprId>) {
        self.out.push('(');
        self.out.push_str(word);
        self.after(value);
        self.out.push(')');
    }

    fn jump(&mut self, word: &str, label: Option<crate::ir::NameId>) {
        self.out.push('(');
        self.out.push_str(word);
        if let Some(label) = label {
            self.out.push(' ');
            self.name(label);
        }
        self.out.push(')');
    }

    fn case(&mut self, case: &Case) {
        self.out.push_str(if case.is_default { "(default" } else { "(case" });
        for &test in self.module.expr_list(case.tests) {
            self.after(Some(test));
        }
        if let Some(pattern) = case.pattern {
            self.out.push_str(" as ");
            self.pattern(pattern);
        }
        if let Some(guard) = case.guard {
            self.out.push_str(" if ");
            self.expr(guard);
        }
        if case.falls_through {
            self.out.push_str(" falls-through");
        }
        self.nested(case.body);
        self.out.push(')');
    }

    fn handler(&mut self, handler: &Handler) {
        self.out.push_str("(catch");
        for &class in self.module.expr_list(handler.types) {
            self.after(Some(class));
        }
        if let Some(binding) = handler.binding {
            self.out.push_str(" as ");
            self.pattern(binding);
        }
        self.nested(handler.body);
        self.out.push(')');
    }

    /// The parameters and the body, with what is special about the function before them.
    pub(super) fn function(&mut self, id: FunctionId) {
        let it = self.module.function(id);
        if it.is_async {
            self.out.push_str("async ");
        }
        if it.is_generator {
            self.out.push_str("generator ");
        }
        if it.receiver == Receiver::This && it.class.is_some() {
            self.out.push_str("method ");
        }
        self.out.push('(');
        for (index, param) in self.module.param_list(it.params).iter().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            self.param(param);
        }
        self.out.push(')');
        if let Some(annotation) = it.return_annotation {
            self.out.push_str(": ");
            self.expr(annotation);
        }
        for directive in self.module.name_list(it.directives) {
            self.out.push_str(&format!(" {:?}", self.module.name(*directive)));
        }
        self.nested(it.body);
    }

    fn param(&mut self, param: &Param) {
        self.decorators(param.decorators);
        match param.kind {
            ParamKind::Positional => {}
            ParamKind::KeywordOnly => self.out.push_str("*:"),
            ParamKind::Rest => self.out.push_str("..."),
            ParamKind::KeywordRest => self.out.push_str("**"),
        }
        self.pattern(param.pattern);
        if let Some(annotation) = param.annotation {
            self.out.push_str(": ");
            self.expr(annotation);
        }
        if let Some(default) = param.default {
            self.out.push('=');
            self.expr(default);
        }
    }

    fn decorators(&mut self, decorators: crate::ir::List<ExprId>) {
        for &decorator in self.module.expr_list(decorators) {
            self.out.push('@');
            self.expr(decorator);
            self.out.push(' ');
        }
    }

    pub(super) fn class_body(&mut self, id: ClassId) {
        let it = self.module.class(id).clone();
        if it.type_only {
            self.out.push_str(" type");
        }
        if !it.decorators.is_empty() {
            self.out.push(' ');
            self.decorators(it.decorators);
            self.out.pop();
        }
        for (word, list) in [(" extends", it.bases), (" implements", it.implements)] {
            if !list.is_empty() {
                self.out.push_str(word);
            }
            for &base in self.module.expr_list(list) {
                self.after(Some(base));
            }
        }
        self.indent += 1;
        for (index, member) in self.module.member_list(it.members).iter().enumerate() {
            self.line();
            self.member(member, it.constructor == Some(index as u32));
        }
        self.indent -= 1;
    }

    fn member(&mut self, member: &ClassMember, is_constructor: bool) {
        self.out.push('(');
        self.decorators(member.decorators);
        if member.is_static {
            self.out.push_str("static ");
        }
        if member.on_class {
            self.out.push_str("class-");
        }
        self.out.push_str(match member.kind {
            MemberKind::Method if is_constructor => "constructor ",
            MemberKind::Method => "method ",
            MemberKind::Getter => "get ",
            MemberKind::Setter => "set ",
            MemberKind::Field => "field ",
            MemberKind::Block => "run ",
        });
        self.key(member.key);
        if let Some(annotation) = member.annotation {
            self.out.push_str(": ");
            self.expr(annotation);
        }
        self.after(member.value);
        self.out.push(')');
    }
}
