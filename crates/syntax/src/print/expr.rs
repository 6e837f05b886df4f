//! Expressions and patterns.

use super::Printer;
use crate::ir::{
    Arg, ArrayStyle, BinaryOp, CallStyle, ComprehensionStyle, ConcatStyle, Const, Expr, ExprId, Item, Key, List,
    LogicOp, Pattern, PatternId, PropKind, Receiver, Spread, UnaryOp,
};

impl Printer<'_> {
    pub(super) fn expr(&mut self, id: ExprId) {
        self.deeper(|this| this.expr_here(id));
    }

    fn expr_here(&mut self, id: ExprId) {
        match self.module.expr(id) {
            Expr::Const(it) => self.constant(it),
            Expr::Var(it) => self.var(it),
            Expr::Free(it) => {
                self.out.push('$');
                self.name(it);
            }
            Expr::This => self.out.push_str("this"),
            Expr::Super => self.out.push_str("super"),
            Expr::Member { object, name, optional } => {
                self.expr(object);
                self.out.push_str(if optional { "?." } else { "." });
                self.name(name);
            }
            Expr::Index { object, index } => {
                self.expr(object);
                self.out.push('[');
                self.expr(index);
                self.out.push(']');
            }
            Expr::Call { callee, args, style, optional } => self.call(callee, args, style, optional),
            Expr::Import(it) => {
                let import = self.module.import(it);
                let dots = ".".repeat(import.level as usize);
                self.out.push_str(&format!("(import {dots}{:?})", self.module.name(import.specifier)));
            }
            Expr::Concat { style, pieces } => self.list(concat_word(style), pieces),
            Expr::Binary { op, left, right } => self.words(binary_word(op), &[left, right]),
            Expr::Unary { op, operand } => self.words(unary_word(op), &[operand]),
            Expr::Logic { op, left, right } => self.words(logic_word(op), &[left, right]),
            Expr::Cond { test, then, otherwise } => self.words("?", &[test, then, otherwise]),
            Expr::Array { style, items } => self.array(style, items),
            Expr::Function(it) => {
                let function = self.module.function(it);
                self.out.push_str(if function.receiver == Receiver::Inherited { "(arrow " } else { "(fn " });
                if let Some(name) = function.name {
                    self.name(name);
                    self.out.push(' ');
                }
                self.function(it);
                self.out.push(')');
            }
            Expr::Class(it) => {
                self.out.push_str("(class");
                if let Some(name) = self.module.class(it).name {
                    self.out.push(' ');
                    self.name(name);
                }
                self.class_body(it);
                self.out.push(')');
            }
            it => self.rare(it),
        }
    }

    fn rare(&mut self, expr: Expr) {
        match expr {
            Expr::Slice { object, lower, upper, step } => {
                self.expr(object);
                self.out.push('[');
                for (index, part) in [lower, upper, step].into_iter().enumerate() {
                    if index > 0 {
                        self.out.push(':');
                    }
                    if let Some(part) = part {
                        self.expr(part);
                    }
                }
                self.out.push(']');
            }
            Expr::Object { props } => {
                self.out.push('{');
                for (index, prop) in self.module.prop_list(props).iter().enumerate() {
                    if index > 0 {
                        self.out.push(' ');
                    }
                    self.out.push_str(match prop.kind {
                        PropKind::Value => "",
                        PropKind::Getter => "get ",
                        PropKind::Setter => "set ",
                    });
                    self.key(prop.key);
                    if prop.key != Key::Spread {
                        self.out.push_str(": ");
                    }
                    self.expr(prop.value);
                }
                self.out.push('}');
            }
            Expr::Comprehension { style, clauses, key, value } => {
                self.out.push_str(comprehension_word(style));
                if let Some(key) = key {
                    self.expr(key);
                    self.out.push_str(": ");
                }
                self.expr(value);
                for clause in self.module.clause_list(clauses) {
                    self.out.push_str(" for ");
                    self.pattern(clause.pattern);
                    self.out.push_str(" of ");
                    self.expr(clause.iterable);
                    for &condition in self.module.expr_list(clause.conditions) {
                        self.out.push_str(" if ");
                        self.expr(condition);
                    }
                }
                self.out.push(')');
            }
            Expr::Await(it) => self.words("await", &[it]),
            Expr::Yield { value, delegate } => {
                let word = if delegate { "yield*" } else { "yield" };
                self.words(word, value.as_slice());
            }
            Expr::Assign { target, value } => self.assignment("=", target, value),
            Expr::Update { target, value } => self.assignment(":=", target, value),
            Expr::Sequence(it) => self.list("sequence", it),
            Expr::Element { tag, attributes, children } => {
                self.out.push_str("(element ");
                match tag {
                    Some(tag) => self.expr(tag),
                    None => self.out.push('_'),
                }
                for &part in [attributes].iter().chain(self.module.expr_list(children)) {
                    self.out.push(' ');
                    self.expr(part);
                }
                self.out.push(')');
            }
            Expr::Delete(it) => self.words("delete", &[it]),
            Expr::Opaque(it) => self.list("opaque", it),
            _ => {}
        }
    }

    fn assignment(&mut self, word: &str, target: PatternId, value: ExprId) {
        self.out.push('(');
        self.out.push_str(word);
        self.out.push(' ');
        self.pattern(target);
        self.out.push(' ');
        self.expr(value);
        self.out.push(')');
    }

    fn words(&mut self, word: &str, parts: &[ExprId]) {
        self.out.push('(');
        self.out.push_str(word);
        for &part in parts {
            self.out.push(' ');
            self.expr(part);
        }
        self.out.push(')');
    }

    fn list(&mut self, word: &str, list: List<ExprId>) {
        self.words(word, self.module.expr_list(list));
    }

    fn call(&mut self, callee: ExprId, args: List<Arg>, style: CallStyle, optional: bool) {
        self.out.push_str(match style {
            CallStyle::Call => "(call",
            CallStyle::New => "(new",
            CallStyle::Tagged => "(tagged",
            CallStyle::Decorate => "(decorate",
        });
        self.out.push_str(if optional { "? " } else { " " });
        self.expr(callee);
        for arg in self.module.arg_list(args) {
            self.out.push(' ');
            match arg.spread {
                Spread::No => {}
                Spread::Items => self.out.push_str("..."),
                Spread::Keywords => self.out.push_str("**"),
            }
            if let Some(name) = arg.name {
                self.name(name);
                self.out.push('=');
            }
            self.expr(arg.value);
        }
        self.out.push(')');
    }

    fn array(&mut self, style: ArrayStyle, items: List<Item>) {
        let (open, close) = match style {
            ArrayStyle::List => ("[", ']'),
            ArrayStyle::Tuple => ("(tuple ", ')'),
            ArrayStyle::Set => ("(set ", ')'),
        };
        self.out.push_str(open);
        for (index, item) in self.module.item_list(items).iter().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            if item.spread {
                self.out.push_str("...");
            }
            match item.value {
                Some(value) => self.expr(value),
                None => self.out.push('_'),
            }
        }
        self.out.push(close);
    }

    pub(super) fn key(&mut self, key: Key) {
        match key {
            Key::Name(name) => self.name(name),
            Key::Computed(expr) => {
                self.out.push('[');
                self.expr(expr);
                self.out.push(']');
            }
            Key::Spread => self.out.push_str("..."),
        }
    }

    fn constant(&mut self, constant: Const) {
        match constant {
            Const::Null => self.out.push_str("null"),
            Const::Undefined => self.out.push_str("undefined"),
            Const::Bool(it) => self.out.push_str(if it { "true" } else { "false" }),
            Const::Number(it) => self.out.push_str(&it.to_string()),
            Const::Text(it) => self.out.push_str(&format!("{:?}", self.module.name(it))),
            Const::Regex { pattern, flags } => {
                self.out.push_str(&format!("/{}/{}", self.module.name(pattern), self.module.name(flags)));
            }
            Const::Ellipsis => self.out.push_str("ellipsis"),
        }
    }

    pub(super) fn pattern(&mut self, id: PatternId) {
        self.deeper(|this| this.pattern_here(id));
    }

    fn pattern_here(&mut self, id: PatternId) {
        match self.module.pattern(id) {
            Pattern::Var(it) => self.var(it),
            Pattern::Free(it) => {
                self.out.push('$');
                self.name(it);
            }
            Pattern::Place(it) => self.expr(it),
            Pattern::Object { entries, rest } => {
                self.out.push('{');
                for (index, entry) in self.module.entry_list(entries).iter().enumerate() {
                    if index > 0 {
                        self.out.push(' ');
                    }
                    self.key(entry.key);
                    self.out.push_str(": ");
                    self.pattern(entry.value);
                }
                if let Some(rest) = rest {
                    self.out.push_str(" ...");
                    self.pattern(rest);
                }
                self.out.push('}');
            }
            Pattern::Array(elements) => {
                self.out.push('[');
                for (index, element) in self.module.element_list(elements).iter().enumerate() {
                    if index > 0 {
                        self.out.push(' ');
                    }
                    if element.rest {
                        self.out.push_str("...");
                    }
                    match element.pattern {
                        Some(pattern) => self.pattern(pattern),
                        None => self.out.push('_'),
                    }
                }
                self.out.push(']');
            }
            Pattern::Default { pattern, value } => {
                self.pattern(pattern);
                self.out.push('=');
                self.expr(value);
            }
            Pattern::Both(left, right) => {
                self.pattern(left);
                self.out.push('&');
                self.pattern(right);
            }
            Pattern::Ignore => self.out.push('_'),
        }
    }
}

fn concat_word(style: ConcatStyle) -> &'static str {
    match style {
        ConcatStyle::Template => "template",
        ConcatStyle::FString => "f-string",
        ConcatStyle::Percent => "percent",
        ConcatStyle::Format => "format",
    }
}

fn comprehension_word(style: ComprehensionStyle) -> &'static str {
    match style {
        ComprehensionStyle::List => "(list-of ",
        ComprehensionStyle::Set => "(set-of ",
        ComprehensionStyle::Dict => "(dict-of ",
        ComprehensionStyle::Generator => "(generator-of ",
    }
}

fn unary_word(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not",
        UnaryOp::Minus => "minus",
        UnaryOp::ToNumber => "to-number",
        UnaryOp::BitNot => "~",
        UnaryOp::TypeOf => "typeof",
        UnaryOp::Void => "void",
    }
}

fn logic_word(op: LogicOp) -> &'static str {
    match op {
        LogicOp::And => "and",
        LogicOp::Or => "or",
        LogicOp::Coalesce => "??",
    }
}

fn binary_word(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::AddOrConcat => "+",
        BinaryOp::Add => "add",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Rem => "rem",
        BinaryOp::ModOrFormat => "%",
        BinaryOp::Pow => "**",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::ShiftRightUnsigned => ">>>",
        BinaryOp::MatMul => "@",
        BinaryOp::StrictEq => "===",
        BinaryOp::StrictNe => "!==",
        BinaryOp::LooseEq => "==",
        BinaryOp::LooseNe => "!=",
        BinaryOp::ValueEq => "equal",
        BinaryOp::ValueNe => "unequal",
        BinaryOp::Same => "is",
        BinaryOp::NotSame => "is-not",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::NotIn => "not-in",
        BinaryOp::HasKey => "has-key",
        BinaryOp::InstanceOf => "instanceof",
    }
}
