//! Classes. A class body is code that runs; here it becomes a list of members.
//!
//! * `name = value`, `name: T = value`: a field. If something further down in the body reads the name, the
//!   field's value also goes to a hidden variable of the frame around (`Assign`), and the reader reads that.
//! * `def`: a method; a reader in the body (`x = property(get_x)`) gets the function itself.
//! * `class`: a field whose value is the class.
//! * Anything else (a call, an `if`, `a, b = …`, an import): a block, a function without parameters. Names it
//!   binds are hidden variables; after the block, each is a field that reads its variable.

use super::scope::{Attribute, ScopeKind};
use super::{DEPTH_MAX, Lower, span};
use crate::ir::{
    Arg, CallStyle, Class, ClassId, ClassMember, Expr, ExprId, Function, FunctionId, Key, List, MemberKind, NameId,
    Pattern, Receiver, Span, Stmt, StmtId, VarKind,
};
use ruff_python_ast::{self as ast, Expr as Node, Stmt as Statement};
use ruff_text_size::Ranged;

/// A member and the attribute it defines.
type Entry = (ClassMember, Option<u32>);

impl Lower<'_> {
    /// `class` outside of a class body.
    pub(super) fn class_def(&mut self, node: &ast::StmtClassDef) {
        let (class, decorators) = self.class_of(node);
        let name = self.name(&node.name.id);
        let (var, _) = self.bind(name, VarKind::Class, span(node.name.range));
        let at = self.definition_span(node.range, &node.name);
        self.push_stmt(Stmt::Class { var, class }, at);
        self.apply_decorators(decorators, Pattern::Var(var), Expr::Var(var));
    }

    fn class_of(&mut self, node: &ast::StmtClassDef) -> (ClassId, List<ExprId>) {
        let decorators = self.decorators(&node.decorator_list);
        let types = self.enter_type_params(node.type_params.as_deref());
        let bases = self.bases(node.bases());
        let keywords: Vec<Arg> = node.keywords().iter().map(|it| self.keyword(it)).collect();
        let keywords = self.module.make_args(&keywords);
        let name = self.name(&node.name.id);
        let id = ClassId(self.module.classes.len() as u32);
        self.module.classes.push(Class {
            name: Some(name),
            parent: self.function,
            bases,
            implements: List::default(),
            keywords,
            members: List::default(),
            constructor: None,
            decorators,
            type_only: false,
            span: self.definition_span(node.range, &node.name),
            name_span: span(node.name.range),
        });
        let outer = self.class.replace(id);
        let first = self.scopes.attributes.len();
        self.enter(ScopeKind::Class, self.function);
        let mut entries = Vec::with_capacity(node.body.len());
        if self.depth < DEPTH_MAX {
            self.depth += 1;
            for statement in &node.body {
                self.member(id, statement, &mut entries);
            }
            self.depth -= 1;
        } else {
            self.report_depth(span(node.range));
        }
        let members = self.finish_members(entries);
        self.leave();
        self.scopes.attributes.truncate(first);
        self.class = outer;
        if types {
            self.leave();
        }
        let constructor = members.iter().rposition(|it| {
            it.kind == MemberKind::Method && matches!(it.key, Key::Name(name) if self.module.name(name) == "__init__")
        });
        let members = self.module.make_members(&members);
        let class = &mut self.module.classes[id.index()];
        class.members = members;
        class.constructor = constructor.map(|it| it as u32);
        (id, decorators)
    }

    fn bases(&mut self, nodes: &[Node]) -> List<ExprId> {
        let from = self.exprs.len();
        for node in nodes {
            let base = self.expr(node);
            self.exprs.push(base);
        }
        self.take_exprs(from)
    }

    fn member(&mut self, class: ClassId, node: &Statement, entries: &mut Vec<Entry>) {
        match node {
            Statement::FunctionDef(it) => {
                let entry = self.method(class, it);
                entries.push(entry);
            }
            Statement::ClassDef(it) => {
                let entry = self.inner_class(it);
                entries.push(entry);
            }
            Statement::Assign(it) if it.targets.len() == 1 && it.targets[0].is_name_expr() => {
                let entry = self.field(&it.targets[0], Some(&it.value), None, span(it.range));
                entries.push(entry);
            }
            Statement::AnnAssign(it) if it.target.is_name_expr() => {
                let entry = self.field(&it.target, it.value.as_deref(), Some(&it.annotation), span(it.range));
                entries.push(entry);
            }
            Statement::Pass(_) => {}
            Statement::Expr(it) if it.value.is_literal_expr() => {}
            other => self.class_block(other, entries),
        }
    }

    fn field(&mut self, target: &Node, value: Option<&Node>, annotation: Option<&Node>, at: Span) -> Entry {
        let annotation = annotation.map(|it| self.annotation(it));
        let value = value.map(|it| self.named_value(target, it));
        let name = match target {
            Node::Name(it) => self.name(&it.id),
            _ => self.name(""),
        };
        let attribute = value.map(|_| self.bind_attribute(name, Attribute::Value { name, hidden: None }));
        (field(name, value, annotation, List::default(), at), attribute)
    }

    fn inner_class(&mut self, node: &ast::StmtClassDef) -> Entry {
        let (class, decorators) = self.class_of(node);
        let at = span(node.range);
        let mut value = self.module.add_expr(Expr::Class(class), at);
        let all: Vec<ExprId> = self.module.expr_list(decorators).to_vec();
        for decorator in all.into_iter().rev() {
            value = self.call_with(decorator, &[value], CallStyle::Decorate, at);
        }
        let name = self.name(&node.name.id);
        let attribute = self.bind_attribute(name, Attribute::Value { name, hidden: None });
        (field(name, Some(value), None, decorators, at), Some(attribute))
    }

    fn method(&mut self, class: ClassId, node: &ast::StmtFunctionDef) -> Entry {
        let all = self.decorators(&node.decorator_list);
        let mut shape = Shape::of_name(&node.name.id);
        let from = self.exprs.len();
        for (at, decorator) in node.decorator_list.iter().enumerate() {
            if !shape.apply(&decorator.expression, &node.name.id) {
                let id = self.module.expr_list(all)[at];
                self.exprs.push(id);
            }
        }
        let decorators = if self.exprs.len() - from == node.decorator_list.len() {
            self.exprs.truncate(from);
            all
        } else {
            self.take_exprs(from)
        };
        let receiver = if shape.is_static { Receiver::Inherited } else { Receiver::FirstParameter };
        let function = self.function_of(node, Some(class), receiver, all);
        let name = self.name(&node.name.id);
        let attribute = self.bind_attribute(name, Attribute::Method(function));
        let key = match shape.kind {
            // It must not stand for the property itself.
            MemberKind::Method if shape.is_deleter => self.name(&format!("{}.deleter", node.name.id)),
            _ => name,
        };
        let at = span(node.range);
        let member = ClassMember {
            key: Key::Name(key),
            kind: shape.kind,
            is_static: shape.is_static || shape.on_class,
            on_class: shape.on_class,
            value: Some(self.module.add_expr(Expr::Function(function), self.module.functions[function.index()].span)),
            annotation: None,
            decorators,
            span: at,
        };
        (member, Some(attribute))
    }

    /// A statement that is neither a field nor a definition.
    fn class_block(&mut self, node: &Statement, entries: &mut Vec<Entry>) {
        let at = span(node.range());
        let bound_from = self.scopes.bound_in_class.len();
        let function = self.block_function(at);
        let outer = std::mem::replace(&mut self.function, function);
        let from = self.stmts.len();
        self.stmt(node);
        let is_empty = self.stmts.len() == from;
        let body = self.take_block(from, at);
        self.function = outer;
        self.module.functions[function.index()].body = body;
        if !is_empty {
            let value = Some(self.module.add_expr(Expr::Function(function), at));
            let name = self.name("");
            let block = field(name, value, None, List::default(), at);
            entries.push((ClassMember { kind: MemberKind::Block, ..block }, None));
        }
        let mut bound = self.scopes.bound_in_class.split_off(bound_from);
        bound.sort_unstable();
        bound.dedup();
        for attribute in bound {
            if let Attribute::Value { name, hidden: Some(var) } = self.scopes.attributes[attribute as usize] {
                let value = self.module.add_expr(Expr::Var(var), at);
                entries.push((field(name, Some(value), None, List::default(), at), None));
            }
        }
    }

    fn block_function(&mut self, at: Span) -> FunctionId {
        self.module.functions.push(Function {
            name: None,
            parent: self.function,
            class: self.class,
            params: List::default(),
            body: StmtId(0),
            receiver: Receiver::Inherited,
            is_async: false,
            is_generator: false,
            return_annotation: None,
            directives: List::default(),
            decorators: List::default(),
            span: at,
            name_span: at,
        });
        FunctionId(self.module.functions.len() as u32 - 1)
    }

    /// Fields that the body reads hand their value to the hidden variable as well.
    fn finish_members(&mut self, entries: Vec<Entry>) -> Vec<ClassMember> {
        let mut members = Vec::with_capacity(entries.len());
        for (mut member, attribute) in entries {
            let attribute = attribute.map(|it| self.scopes.attributes[it as usize]);
            if let (MemberKind::Field, Some(value), Some(Attribute::Value { hidden: Some(var), .. })) =
                (member.kind, member.value, attribute)
            {
                let at = self.module.expr_span(value);
                let target = self.module.add_pattern(Pattern::Var(var), at);
                member.value = Some(self.module.add_expr(Expr::Assign { target, value }, at));
            }
            members.push(member);
        }
        members
    }
}

fn field(
    name: NameId,
    value: Option<ExprId>,
    annotation: Option<ExprId>,
    decorators: List<ExprId>,
    span: Span,
) -> ClassMember {
    ClassMember {
        key: Key::Name(name),
        kind: MemberKind::Field,
        is_static: true,
        on_class: false,
        value,
        annotation,
        decorators,
        span,
    }
}

/// What the language itself makes of a method: by its name, and by the decorators that belong to the language.
struct Shape {
    kind: MemberKind,
    is_static: bool,
    on_class: bool,
    is_deleter: bool,
}

impl Shape {
    fn of_name(name: &str) -> Shape {
        let on_class = matches!(name, "__new__" | "__init_subclass__" | "__class_getitem__");
        Shape { kind: MemberKind::Method, is_static: false, on_class, is_deleter: false }
    }

    /// Whether the decorator is one of the language's, and so is settled.
    fn apply(&mut self, decorator: &Node, method: &str) -> bool {
        match decorator {
            Node::Name(it) => match it.id.as_str() {
                "property" | "cached_property" | "abstractproperty" => self.kind = MemberKind::Getter,
                "staticmethod" => self.is_static = true,
                "classmethod" => self.on_class = true,
                _ => return false,
            },
            Node::Attribute(it) => match (&*it.value, it.attr.id.as_str()) {
                (Node::Name(object), "setter") if object.id == method => self.kind = MemberKind::Setter,
                (Node::Name(object), "getter") if object.id == method => self.kind = MemberKind::Getter,
                (Node::Name(object), "deleter") if object.id == method => self.is_deleter = true,
                (Node::Name(object), "cached_property") if object.id == "functools" => {
                    self.kind = MemberKind::Getter;
                }
                _ => return false,
            },
            _ => return false,
        }
        true
    }
}
