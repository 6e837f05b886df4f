//! The IR as text, for tests: close to Python, one statement a line. Variables are their names, free names
//! have a `~` before them, hidden variables a dot inside.

use crate::ir::*;
use std::fmt::Write;

pub(super) fn show(module: &Module) -> String {
    let mut show = Show { module, out: String::new(), indent: 0 };
    show.body(module.function(TOP_LEVEL).body);
    show.out
}

struct Show<'m> {
    module: &'m Module,
    out: String,
    indent: usize,
}

impl Show<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(self.indent));
    }

    fn nested(&mut self, head: &str, body: StmtId) {
        self.line(head);
        self.indent += 1;
        self.body(body);
        self.indent -= 1;
    }

    fn body(&mut self, id: StmtId) {
        match self.module.stmt(id) {
            Stmt::Block(list) => self.module.stmt_list(list).iter().for_each(|&it| self.stmt(it)),
            _ => self.stmt(id),
        }
    }

    fn optional(&mut self, head: &str, body: Option<StmtId>) {
        if let Some(body) = body {
            self.nested(head, body);
        }
    }

    fn stmt(&mut self, id: StmtId) {
        match self.module.stmt(id) {
            Stmt::Expr(it) => {
                let text = self.expr(it);
                self.line(&text);
            }
            Stmt::Function { function, .. } => self.function(function),
            Stmt::Class { class, .. } => self.class(class),
            Stmt::Block(_) => self.nested("block:", id),
            Stmt::If { test, then, otherwise } => {
                let head = format!("if {}:", self.expr(test));
                self.nested(&head, then);
                self.optional("else:", otherwise);
            }
            Stmt::Loop { test, body, otherwise, .. } => {
                let head = format!("while {}:", self.maybe(test));
                self.nested(&head, body);
                self.optional("else:", otherwise);
            }
            Stmt::ForEach { pattern, iterable, body, otherwise, .. } => {
                let head = format!("for {} in {}:", self.pattern(pattern), self.expr(iterable));
                self.nested(&head, body);
                self.optional("else:", otherwise);
            }
            Stmt::Switch { subject, cases } => {
                let head = format!("switch {}:", self.expr(subject));
                self.line(&head);
                self.indent += 1;
                self.module.case_list(cases).iter().for_each(|it| self.case(it));
                self.indent -= 1;
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                self.nested("try:", body);
                for handler in self.module.handler_list(handlers) {
                    let binding = handler.binding.map_or(String::new(), |it| format!(" as {}", self.pattern(it)));
                    let head = format!("except [{}]{binding}:", self.exprs(handler.types));
                    self.nested(&head, handler.body);
                }
                self.optional("else:", otherwise);
                self.optional("finally:", finally);
            }
            Stmt::With { items, body } => {
                let items = self.module.with_item_list(items).iter().map(|it| {
                    let target = it.target.map_or(String::new(), |it| format!(" as {}", self.pattern(it)));
                    format!("{}{target}", self.expr(it.context))
                });
                let head = format!("with {}:", items.collect::<Vec<_>>().join(", "));
                self.nested(&head, body);
            }
            Stmt::Return(it) => {
                let text = format!("return {}", self.maybe(it));
                self.line(text.trim_end());
            }
            Stmt::Throw(it) => {
                let text = format!("throw {}", self.maybe(it));
                self.line(text.trim_end());
            }
            Stmt::Assert { test, message } => {
                let text = format!("assert {}, {}", self.expr(test), self.maybe(message));
                self.line(text.trim_end_matches([' ', ',']));
            }
            Stmt::Break(_) => self.line("break"),
            Stmt::Continue(_) => self.line("continue"),
            other => self.line(&format!("{other:?}")),
        }
    }

    fn case(&mut self, case: &Case) {
        let mut head = format!("case [{}]", self.exprs(case.tests));
        if let Some(pattern) = case.pattern {
            let _ = write!(head, " {}", self.pattern(pattern));
        }
        if let Some(guard) = case.guard {
            let _ = write!(head, " if {}", self.expr(guard));
        }
        let default = if case.is_default { " default" } else { "" };
        self.nested(&format!("{head}{default}:"), case.body);
    }

    fn head(&self, id: FunctionId) -> String {
        let function = self.module.function(id);
        let params: Vec<String> = self.module.param_list(function.params).iter().map(|it| self.param(it)).collect();
        let name = function.name.map_or("", |it| self.module.name(it));
        let is_async = if function.is_async { "async " } else { "" };
        let star = if function.is_generator { "*" } else { "" };
        let returns = function.return_annotation.map_or(String::new(), |it| format!(" -> {}", self.expr(it)));
        format!("{is_async}def{star} {name}({}){returns}", params.join(", "))
    }

    fn param(&self, param: &Param) -> String {
        let mark = match param.kind {
            ParamKind::Positional => "",
            ParamKind::KeywordOnly => "keyword ",
            ParamKind::Rest => "*",
            ParamKind::KeywordRest => "**",
        };
        let annotation = param.annotation.map_or(String::new(), |it| format!(": {}", self.expr(it)));
        let default = param.default.map_or(String::new(), |it| format!(" = {}", self.expr(it)));
        format!("{mark}{}{annotation}{default}", self.pattern(param.pattern))
    }

    fn function(&mut self, id: FunctionId) {
        let head = format!("{}:", self.head(id));
        let body = self.module.function(id).body;
        self.nested(&head, body);
    }

    fn class(&mut self, id: ClassId) {
        let class = self.module.class(id);
        let name = class.name.map_or("", |it| self.module.name(it));
        let mut bases = self.exprs(class.bases);
        for keyword in self.module.arg_list(class.keywords) {
            let _ = write!(bases, ", {}", self.arg(keyword));
        }
        self.line(&format!("class {name}({}):", bases.trim_start_matches(", ")));
        self.indent += 1;
        for member in self.module.member_list(class.members) {
            self.member(member);
        }
        self.indent -= 1;
    }

    fn member(&mut self, member: &ClassMember) {
        for &decorator in self.module.expr_list(member.decorators) {
            let text = format!("@{}", self.expr(decorator));
            self.line(&text);
        }
        let Key::Name(name) = member.key else { return self.line("computed") };
        let mut kind = format!("{:?}", member.kind).to_lowercase();
        if member.is_static && member.kind != MemberKind::Field {
            kind.push_str(if member.on_class { " on_class" } else { " static" });
        }
        let value = member.value.map(|it| self.module.expr(it));
        match value {
            Some(Expr::Function(id)) if member.kind != MemberKind::Field => {
                let head = format!("{kind} {}:", self.head(id));
                let body = self.module.function(id).body;
                self.nested(&head, body);
            }
            _ => {
                let annotation = member.annotation.map_or(String::new(), |it| format!(": {}", self.expr(it)));
                let value = member.value.map_or(String::new(), |it| format!(" = {}", self.expr(it)));
                self.line(&format!("{kind} {}{annotation}{value}", self.module.name(name)));
                if let Some(Expr::Class(id)) = member.value.map(|it| self.module.expr(it)) {
                    self.indent += 1;
                    self.class(id);
                    self.indent -= 1;
                }
            }
        }
    }

    fn maybe(&self, id: Option<ExprId>) -> String {
        id.map_or(String::new(), |it| self.expr(it))
    }

    fn exprs(&self, list: List<ExprId>) -> String {
        let all = self.module.expr_list(list).iter().map(|&it| self.expr(it));
        all.collect::<Vec<_>>().join(", ")
    }

    fn arg(&self, arg: &Arg) -> String {
        let value = self.expr(arg.value);
        match (arg.spread, arg.name) {
            (Spread::Items, _) => format!("*{value}"),
            (Spread::Keywords, _) => format!("**{value}"),
            (Spread::No, Some(name)) => format!("{}={value}", self.module.name(name)),
            (Spread::No, None) => value,
        }
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Name(name) => self.module.name(name).to_owned(),
            Key::Computed(it) => format!("[{}]", self.expr(it)),
            Key::Spread => "**".to_owned(),
        }
    }

    fn expr(&self, id: ExprId) -> String {
        let m = self.module;
        match m.expr(id) {
            Expr::Const(Const::Text(it)) => format!("{:?}", m.name(it)),
            Expr::Const(Const::Number(it)) => it.to_string(),
            Expr::Const(Const::Bool(it)) => it.to_string(),
            Expr::Const(Const::Null) => "null".to_owned(),
            Expr::Const(Const::Ellipsis) => "...".to_owned(),
            Expr::Var(var) => m.name(m.var(var).name).to_owned(),
            Expr::Free(name) => format!("~{}", m.name(name)),
            Expr::Super => "super".to_owned(),
            Expr::Member { object, name, .. } => format!("{}.{}", self.expr(object), m.name(name)),
            Expr::Index { object, index } => format!("{}[{}]", self.expr(object), self.expr(index)),
            Expr::Slice { object, lower, upper, step } => {
                let parts = [lower, upper, step].map(|it| self.maybe(it));
                format!("{}[{}]", self.expr(object), parts.join(":"))
            }
            Expr::Call { callee, args, style, .. } => {
                let args: Vec<String> = m.arg_list(args).iter().map(|it| self.arg(it)).collect();
                let mark = match style {
                    CallStyle::Decorate => "@",
                    CallStyle::Tagged => "tagged ",
                    _ => "",
                };
                format!("{mark}{}({})", self.expr(callee), args.join(", "))
            }
            Expr::Import(it) => format!("import({})", m.name(m.import(it).specifier)),
            Expr::Concat { style, pieces } => {
                format!("{}<{}>", format!("{style:?}").to_lowercase(), self.exprs(pieces))
            }
            Expr::Binary { op, left, right } => format!("({} {op:?} {})", self.expr(left), self.expr(right)),
            Expr::Unary { op, operand } => format!("({op:?} {})", self.expr(operand)),
            Expr::Logic { op, left, right } => format!("({} {op:?} {})", self.expr(left), self.expr(right)),
            Expr::Cond { test, then, otherwise } => {
                format!("({} ? {} : {})", self.expr(test), self.expr(then), self.expr(otherwise))
            }
            Expr::Array { style, items } => {
                let items = m.item_list(items).iter();
                let items = items.map(|it| format!("{}{}", if it.spread { "*" } else { "" }, self.maybe(it.value)));
                format!("{}[{}]", format!("{style:?}").to_lowercase(), items.collect::<Vec<_>>().join(", "))
            }
            Expr::Object { props } => {
                let props = m.prop_list(props).iter();
                let props = props.map(|it| format!("{}: {}", self.key(it.key), self.expr(it.value)));
                format!("{{{}}}", props.collect::<Vec<_>>().join(", "))
            }
            Expr::Comprehension { style, clauses, key, value } => {
                let mut text = format!("{}(", format!("{style:?}").to_lowercase());
                if let Some(key) = key {
                    let _ = write!(text, "{}: ", self.expr(key));
                }
                text.push_str(&self.expr(value));
                for clause in m.clause_list(clauses) {
                    let _ = write!(text, " for {} in {}", self.pattern(clause.pattern), self.expr(clause.iterable));
                    for &condition in m.expr_list(clause.conditions) {
                        let _ = write!(text, " if {}", self.expr(condition));
                    }
                }
                text + ")"
            }
            Expr::Function(id) => {
                let body = m.function(id).body;
                match m.stmt(body) {
                    Stmt::Block(list) => match m.stmt_list(list).first().map(|&it| m.stmt(it)) {
                        Some(Stmt::Return(Some(value))) => format!("<{}: {}>", self.head(id), self.expr(value)),
                        _ => format!("<{}>", self.head(id)),
                    },
                    _ => format!("<{}>", self.head(id)),
                }
            }
            Expr::Class(id) => format!("<class {}>", m.class(id).name.map_or("", |it| m.name(it))),
            Expr::Await(it) => format!("await {}", self.expr(it)),
            Expr::Yield { value, delegate } => {
                format!("yield{} {}", if delegate { "*" } else { "" }, self.maybe(value))
            }
            Expr::Assign { target, value } => format!("{} = {}", self.pattern(target), self.expr(value)),
            Expr::Update { target, value } => format!("{} <- {}", self.pattern(target), self.expr(value)),
            Expr::Sequence(list) => format!("sequence({})", self.exprs(list)),
            Expr::Delete(it) => format!("delete {}", self.expr(it)),
            Expr::Opaque(list) => format!("opaque({})", self.exprs(list)),
            other => format!("{other:?}"),
        }
    }

    fn pattern(&self, id: PatternId) -> String {
        let m = self.module;
        match m.pattern(id) {
            Pattern::Var(var) => m.name(m.var(var).name).to_owned(),
            Pattern::Free(name) => format!("~{}", m.name(name)),
            Pattern::Place(it) => self.expr(it),
            Pattern::Ignore => "_".to_owned(),
            Pattern::Array(list) => {
                let elements = m.element_list(list).iter().map(|it| {
                    let pattern = it.pattern.map_or(String::new(), |it| self.pattern(it));
                    if it.rest { format!("*{pattern}") } else { pattern }
                });
                format!("[{}]", elements.collect::<Vec<_>>().join(", "))
            }
            Pattern::Object { entries, rest } => {
                let entries = m.entry_list(entries).iter();
                let entries = entries.map(|it| format!("{}: {}", self.key(it.key), self.pattern(it.value)));
                let rest = rest.map(|it| format!("**{}", self.pattern(it)));
                format!("{{{}}}", entries.chain(rest).collect::<Vec<_>>().join(", "))
            }
            Pattern::Default { pattern, value } => format!("{} = {}", self.pattern(pattern), self.expr(value)),
            Pattern::Both(left, right) => format!("{} & {}", self.pattern(left), self.pattern(right)),
        }
    }
}
