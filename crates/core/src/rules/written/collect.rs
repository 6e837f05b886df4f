//! One pass over the flat IR of a file.

use backend_specialist_syntax::ir::{
    BinaryOp, Const, Expr, ExprId, Key, LogicOp, MemberKind, Module, Pattern, PatternId, Stmt,
};

use super::{
    Asserted, Branch, Column, Comparison, Enclosing, Fallback, How, Literal, Named, Shape, Written, WrittenCall, place,
};
use crate::{FileId, Place};

/// Members, pieces and operands that are looked through.
const DEPTH_MAX: u32 = 24;

pub(super) fn file(all: &mut Written, file: FileId, module: &Module) {
    let mut it = Collector { all, file, module };
    for index in 0..module.exprs.len() {
        it.expr(ExprId(index as u32));
    }
    for index in 0..module.stmts.len() {
        it.stmt(module.stmts[index]);
    }
    for pattern in &module.patterns {
        if let Pattern::Default { pattern, value } = *pattern
            && let Some(name) = it.pattern_name(pattern)
        {
            it.name(&name, How::Default, value);
        }
    }
    it.declarations();
}

struct Collector<'a, 'm> {
    all: &'a mut Written,
    file: FileId,
    module: &'m Module,
}

impl Collector<'_, '_> {
    fn at(&self, expr: ExprId) -> Place {
        place(self.file, self.module.expr_span(expr))
    }

    fn shape(&self, expr: ExprId) -> Shape {
        shape(self.module, self.file, expr, 0)
    }

    fn name(&mut self, name: &str, how: How, value: ExprId) {
        let name = name.rsplit('.').next().unwrap_or(name).to_owned();
        self.all.named.push(Named { name, how, place: self.at(value), value: self.shape(value) });
    }

    fn expr(&mut self, id: ExprId) {
        let module = self.module;
        match module.expr(id) {
            Expr::Const(Const::Text(text)) => {
                let text = module.name(text).to_owned();
                self.all.literals.push(Literal { place: self.at(id), text });
            }
            Expr::Object { props } => {
                for prop in module.prop_list(props) {
                    if let Some(key) = self.key(prop.key) {
                        self.name(&key, How::Property, prop.value);
                    }
                }
            }
            Expr::Call { callee, args, .. } => {
                for arg in module.arg_list(args) {
                    if let Some(name) = arg.name {
                        self.name(module.name(name), How::Keyword, arg.value);
                    }
                }
                if let Some(callee) = path(module, callee, 0) {
                    let args = module.arg_list(args).iter().map(|it| self.at(it.value)).collect();
                    self.all.calls.push(WrittenCall { place: self.at(id), callee, args });
                }
            }
            Expr::Binary { op, left, right } if is_equality(op) => {
                let (left, right) = ((self.at(left), self.shape(left)), (self.at(right), self.shape(right)));
                self.all.comparisons.push(Comparison { place: self.at(id), left, right });
            }
            Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, left, right } => self.fallback(id, left, right),
            Expr::Cond { test, then, otherwise } => {
                if self.module.expr_span(then) == self.module.expr_span(test) || self.same_path(test, then) {
                    self.fallback(id, then, otherwise);
                }
                let (test, then, otherwise) = (self.at(test), self.at(then), self.at(otherwise));
                self.all.branches.push(Branch { test, body: then, negated: false });
                self.all.branches.push(Branch { test, body: otherwise, negated: true });
            }
            Expr::Assign { target, value } | Expr::Update { target, value } => self.assignment(target, value),
            _ => {}
        }
    }

    fn same_path(&self, left: ExprId, right: ExprId) -> bool {
        match (path(self.module, left, 0), path(self.module, right, 0)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        }
    }

    fn fallback(&mut self, whole: ExprId, value: ExprId, other: ExprId) {
        let it = Fallback {
            place: self.at(whole),
            value: self.at(value),
            key: None,
            other: self.at(other),
            other_shape: self.shape(other),
        };
        self.all.fallbacks.push(it);
    }

    fn stmt(&mut self, stmt: Stmt) {
        match stmt {
            Stmt::Let { pattern, value: Some(value) } => self.assignment(pattern, value),
            Stmt::If { test, then, otherwise } => {
                let test = self.at(test);
                let then = place(self.file, self.module.stmt_span(then));
                self.all.branches.push(Branch { test, body: then, negated: false });
                if let Some(otherwise) = otherwise {
                    let body = place(self.file, self.module.stmt_span(otherwise));
                    self.all.branches.push(Branch { test, body, negated: true });
                }
            }
            _ => {}
        }
    }

    fn assignment(&mut self, target: PatternId, value: ExprId) {
        let module = self.module;
        match module.pattern(target) {
            Pattern::Object { entries, .. } => {
                let value = self.at(value);
                for entry in module.entry_list(entries) {
                    if let (Some(key), Pattern::Default { value: other, .. }) =
                        (self.key(entry.key), module.pattern(entry.value))
                    {
                        let place = place(self.file, module.pattern_spans[entry.value.index()]);
                        let it = Fallback {
                            place,
                            value,
                            key: Some(key),
                            other: self.at(other),
                            other_shape: self.shape(other),
                        };
                        self.all.fallbacks.push(it);
                    }
                }
            }
            Pattern::Array(elements) => {
                if let Expr::Array { items, .. } = module.expr(value) {
                    let pairs: Vec<_> = module.element_list(elements).iter().zip(module.item_list(items)).collect();
                    for (element, item) in pairs {
                        if let (Some(pattern), Some(value)) = (element.pattern, item.value)
                            && !element.rest
                        {
                            self.assignment(pattern, value);
                        }
                    }
                }
            }
            _ => {
                if let Some(name) = self.pattern_name(target) {
                    let how =
                        if matches!(module.pattern(target), Pattern::Place(_)) { How::Member } else { How::Variable };
                    self.name(&name, how, value);
                }
            }
        }
    }

    fn pattern_name(&self, pattern: PatternId) -> Option<String> {
        let module = self.module;
        match module.pattern(pattern) {
            Pattern::Var(var) => Some(module.name(module.var(var).name).to_owned()),
            Pattern::Free(name) => Some(module.name(name).to_owned()),
            Pattern::Default { pattern, .. } => self.pattern_name(pattern),
            Pattern::Place(expr) => match module.expr(expr) {
                Expr::Member { name, .. } => Some(module.name(name).to_owned()),
                Expr::Index { index, .. } => match module.expr(index) {
                    Expr::Const(Const::Text(text)) => Some(module.name(text).to_owned()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn key(&self, key: Key) -> Option<String> {
        match key {
            Key::Name(name) => Some(self.module.name(name).to_owned()),
            Key::Computed(expr) => match self.module.expr(expr) {
                Expr::Const(Const::Text(text)) => Some(self.module.name(text).to_owned()),
                _ => None,
            },
            Key::Spread => None,
        }
    }

    /// What stands in no expression or statement: parameters, fields, casts, functions.
    fn declarations(&mut self) {
        let module = self.module;
        for function in module.functions.iter().skip(1) {
            let name = function.name.map(|it| module.name(it).to_owned()).unwrap_or_default();
            self.all.functions.push(Enclosing { place: place(self.file, function.span), name });
            for param in module.param_list(function.params) {
                if let (Some(name), Some(value)) = (param.name, param.default) {
                    self.name(module.name(name), How::Default, value);
                }
            }
        }
        for class in &module.classes {
            for member in module.member_list(class.members) {
                if let (MemberKind::Field, Some(class), Some(name)) = (member.kind, class.name, self.key(member.key)) {
                    self.all.columns.push(Column { class: module.name(class).to_owned(), name });
                }
                if let (MemberKind::Field, Some(value), Some(key)) = (member.kind, member.value, self.key(member.key)) {
                    self.name(&key, How::Field, value);
                }
            }
        }
        for cast in &module.casts {
            let it = Asserted { place: place(self.file, cast.span), value: self.at(cast.expr) };
            self.all.asserted.push(it);
        }
    }
}

fn is_equality(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::StrictEq
            | BinaryOp::StrictNe
            | BinaryOp::LooseEq
            | BinaryOp::LooseNe
            | BinaryOp::ValueEq
            | BinaryOp::ValueNe
    )
}

/// Names joined by dots; constant keys count as names.
pub(super) fn path(module: &Module, expr: ExprId, depth: u32) -> Option<String> {
    if depth > DEPTH_MAX {
        return None;
    }
    match module.expr(expr) {
        Expr::Var(var) => Some(module.name(module.var(var).name).to_owned()),
        Expr::Free(name) => Some(module.name(name).to_owned()),
        Expr::This => Some("this".to_owned()),
        Expr::Member { object, name, .. } => {
            let object = path(module, object, depth + 1).unwrap_or_else(|| "()".to_owned());
            Some(format!("{object}.{}", module.name(name)))
        }
        Expr::Index { object, index } => match module.expr(index) {
            Expr::Const(Const::Text(text)) => {
                Some(format!("{}.{}", path(module, object, depth + 1)?, module.name(text)))
            }
            _ => None,
        },
        Expr::Import(import) => Some(module.name(module.import(import).specifier).to_owned()),
        Expr::Await(inner) => path(module, inner, depth + 1),
        _ => None,
    }
}

pub(super) fn shape(module: &Module, file: FileId, expr: ExprId, depth: u32) -> Shape {
    if depth > DEPTH_MAX {
        return Shape::Other;
    }
    match module.expr(expr) {
        Expr::Const(Const::Text(text)) => Shape::Text(module.name(text).to_owned()),
        Expr::Const(Const::Number(it)) => Shape::Number(it),
        Expr::Const(Const::Bool(it)) => Shape::Bool(it),
        Expr::Const(Const::Null | Const::Undefined) => Shape::Null,
        Expr::Concat { pieces, .. } => {
            let parts = module.expr_list(pieces).iter().map(|it| shape(module, file, *it, depth + 1));
            joined(parts.collect())
        }
        Expr::Binary { op: BinaryOp::Add | BinaryOp::AddOrConcat, left, right } => {
            let parts = [left, right].map(|it| shape(module, file, it, depth + 1));
            match parts {
                [Shape::Text(_) | Shape::Pieces(_), _] | [_, Shape::Text(_) | Shape::Pieces(_)] => joined(parts.into()),
                _ => Shape::Other,
            }
        }
        Expr::Array { items, .. } => Shape::Array(
            module
                .item_list(items)
                .iter()
                .filter_map(|it| it.value)
                .map(|it| shape(module, file, it, depth + 1))
                .collect(),
        ),
        Expr::Object { .. } => Shape::Object,
        Expr::Function(_) => Shape::Function,
        Expr::Await(inner) => shape(module, file, inner, depth + 1),
        Expr::Call { callee, args, .. } => {
            let args = module.arg_list(args).iter().map(|it| place(file, module.expr_span(it.value))).collect();
            Shape::Call(path(module, callee, 0).unwrap_or_default(), args)
        }
        _ => path(module, expr, 0).map_or(Shape::Other, Shape::Path),
    }
}

fn joined(parts: Vec<Shape>) -> Shape {
    let mut pieces: Vec<Option<String>> = Vec::new();
    for part in parts {
        match part {
            Shape::Text(text) => match pieces.last_mut() {
                Some(Some(last)) => last.push_str(&text),
                _ => pieces.push(Some(text)),
            },
            Shape::Pieces(more) => pieces.extend(more),
            _ => pieces.push(None),
        }
    }
    match pieces.as_slice() {
        [] => Shape::Text(String::new()),
        [Some(text)] => Shape::Text(text.clone()),
        _ => Shape::Pieces(pieces),
    }
}

/// Operators whose result says little about their operands.
pub(super) fn is_test(op: BinaryOp) -> bool {
    is_equality(op)
        || matches!(
            op,
            BinaryOp::Same
                | BinaryOp::NotSame
                | BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge
                | BinaryOp::In
                | BinaryOp::NotIn
                | BinaryOp::HasKey
                | BinaryOp::InstanceOf
        )
}
