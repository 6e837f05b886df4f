//! Expressions, but for operators, literals and comprehensions.
//!
//! Chains (`a.b().c[d]`) are taken eight links at a time, so that our recursion is as deep as the nesting
//! that was counted before parsing, whatever the chain's length.

use super::{DEPTH_MAX, Lower, span};
use crate::ir::{
    Arg, ArrayStyle, CallStyle, Const, Expr, ExprId, Item, Key, List, NameId, Prop, PropKind, Span, Spread,
};
use ruff_python_ast::{self as ast, Expr as Node};
use ruff_text_size::Ranged;

/// Links of a chain taken in one step of the recursion.
pub(super) const LINKS: usize = 8;

impl Lower<'_> {
    pub(super) fn expr(&mut self, node: &Node) -> ExprId {
        if self.depth >= DEPTH_MAX {
            self.report_depth(span(node.range()));
            return self.opaque(span(node.range()));
        }
        self.depth += 1;
        let id = self.expr_inner(node);
        self.depth -= 1;
        id
    }

    fn expr_inner(&mut self, node: &Node) -> ExprId {
        match node {
            Node::Name(it) => self.name_expr(it),
            Node::Call(it) if is_super(it) => self.module.add_expr(Expr::Super, span(it.range())),
            Node::Call(it) if is_format(it) => self.format_call(it),
            Node::Call(_) | Node::Attribute(_) | Node::Subscript(_) => self.chain(node),
            Node::BinOp(_) => self.binary(node),
            Node::BoolOp(it) => self.logic(it),
            Node::Compare(it) => self.compare(it),
            Node::UnaryOp(_) => self.unary(node),
            Node::If(_) => self.conditional(node),
            Node::Lambda(it) => self.lambda(it, None),
            Node::Named(it) => self.walrus(it),
            Node::Dict(it) => self.dict(it),
            Node::Set(it) => self.array(ArrayStyle::Set, &it.elts, span(it.range)),
            Node::List(it) => self.array(ArrayStyle::List, &it.elts, span(it.range)),
            Node::Tuple(it) => self.array(ArrayStyle::Tuple, &it.elts, span(it.range)),
            Node::ListComp(_) | Node::SetComp(_) | Node::DictComp(_) | Node::Generator(_) => self.comprehension(node),
            Node::Await(it) => {
                let value = self.expr(&it.value);
                self.module.add_expr(Expr::Await(value), span(it.range))
            }
            Node::Yield(it) => self.yield_expr(it.value.as_deref(), false, span(it.range)),
            Node::YieldFrom(it) => self.yield_expr(Some(&it.value), true, span(it.range)),
            Node::Starred(it) => self.expr(&it.value),
            Node::Slice(it) => self.loose_slice(it),
            Node::IpyEscapeCommand(it) => self.opaque(span(it.range)),
            Node::FString(it) => self.f_string(it),
            Node::TString(it) => self.t_string(it),
            Node::StringLiteral(_)
            | Node::BytesLiteral(_)
            | Node::NumberLiteral(_)
            | Node::BooleanLiteral(_)
            | Node::NoneLiteral(_)
            | Node::EllipsisLiteral(_) => self.literal(node),
        }
    }

    pub(super) fn opaque(&mut self, span: Span) -> ExprId {
        self.module.add_expr(Expr::Opaque(List::default()), span)
    }

    pub(super) fn text(&mut self, text: &str, span: Span) -> ExprId {
        let name = self.name(text);
        self.module.add_expr(Expr::Const(Const::Text(name)), span)
    }

    /// The names gathered since `from`, as a list.
    pub(super) fn take_exprs(&mut self, from: usize) -> List<ExprId> {
        let list = self.module.make_exprs(&self.exprs[from..]);
        self.exprs.truncate(from);
        list
    }

    fn name_expr(&mut self, node: &ast::ExprName) -> ExprId {
        let at = span(node.range);
        if node.id.is_empty() {
            return self.opaque(at);
        }
        let name = self.name(&node.id);
        self.read(name, at)
    }

    fn chain(&mut self, node: &Node) -> ExprId {
        let mut links = [node; LINKS];
        let mut count = 0;
        let mut base = node;
        while count < LINKS
            && let Some(inner) = chain_base(base)
        {
            links[count] = base;
            count += 1;
            base = inner;
        }
        let mut object = self.expr(base);
        for link in links[..count].iter().rev() {
            object = self.link(link, object);
        }
        object
    }

    fn link(&mut self, node: &Node, object: ExprId) -> ExprId {
        let at = span(node.range());
        let expr = match node {
            Node::Attribute(it) => {
                let name = self.name(&it.attr.id);
                Expr::Member { object, name, optional: false }
            }
            Node::Subscript(it) => match &*it.slice {
                Node::Slice(slice) => {
                    let [lower, upper, step] =
                        [&slice.lower, &slice.upper, &slice.step].map(|it| it.as_ref().map(|it| self.expr(it)));
                    Expr::Slice { object, lower, upper, step }
                }
                index => {
                    let index = self.expr(index);
                    Expr::Index { object, index }
                }
            },
            Node::Call(it) => return self.plain_call(it, object),
            _ => return object,
        };
        self.module.add_expr(expr, at)
    }

    pub(super) fn plain_call(&mut self, node: &ast::ExprCall, callee: ExprId) -> ExprId {
        let args = self.arguments(&node.arguments);
        let call = Expr::Call { callee, args, style: CallStyle::Call, optional: false };
        self.module.add_expr(call, span(node.range()))
    }

    pub(super) fn arguments(&mut self, node: &ast::Arguments) -> List<Arg> {
        let from = self.args.len();
        for argument in node.iter_source_order() {
            let arg = match argument {
                ast::ArgOrKeyword::Arg(Node::Starred(it)) => {
                    Arg { value: self.expr(&it.value), name: None, spread: Spread::Items }
                }
                ast::ArgOrKeyword::Arg(it) => Arg { value: self.expr(it), name: None, spread: Spread::No },
                ast::ArgOrKeyword::Keyword(it) => self.keyword(it),
            };
            self.args.push(arg);
        }
        let list = self.module.make_args(&self.args[from..]);
        self.args.truncate(from);
        list
    }

    pub(super) fn keyword(&mut self, node: &ast::Keyword) -> Arg {
        let value = self.expr(&node.value);
        match &node.arg {
            Some(name) => Arg { value, name: Some(self.name(&name.id)), spread: Spread::No },
            None => Arg { value, name: None, spread: Spread::Keywords },
        }
    }

    /// A call that is not written as one: a decorator, Python 2's `print`.
    pub(super) fn call_with(&mut self, callee: ExprId, args: &[ExprId], style: CallStyle, at: Span) -> ExprId {
        let from = self.args.len();
        self.args.extend(args.iter().map(|&value| Arg { value, name: None, spread: Spread::No }));
        let list = self.module.make_args(&self.args[from..]);
        self.args.truncate(from);
        self.module.add_expr(Expr::Call { callee, args: list, style, optional: false }, at)
    }

    fn walrus(&mut self, node: &ast::ExprNamed) -> ExprId {
        let value = self.named_value(&node.target, &node.value);
        let target = self.target(&node.target);
        self.module.add_expr(Expr::Assign { target, value }, span(node.range))
    }

    /// A value on its way to a target: a lambda takes its name.
    pub(super) fn named_value(&mut self, target: &Node, value: &Node) -> ExprId {
        let Node::Lambda(lambda) = value else { return self.expr(value) };
        let named: Option<(NameId, Span)> = match target {
            Node::Name(it) => Some((self.name(&it.id), span(it.range))),
            Node::Attribute(it) => Some((self.name(&it.attr.id), span(it.attr.range))),
            _ => None,
        };
        self.lambda(lambda, named)
    }

    fn array(&mut self, style: ArrayStyle, elements: &[Node], at: Span) -> ExprId {
        let from = self.items.len();
        for element in elements {
            let item = match element {
                Node::Starred(it) => Item { value: Some(self.expr(&it.value)), spread: true },
                it => Item { value: Some(self.expr(it)), spread: false },
            };
            self.items.push(item);
        }
        let items = self.module.make_items(&self.items[from..]);
        self.items.truncate(from);
        self.module.add_expr(Expr::Array { style, items }, at)
    }

    fn dict(&mut self, node: &ast::ExprDict) -> ExprId {
        let mut props = Vec::with_capacity(node.items.len());
        for item in &node.items {
            let key = match &item.key {
                None => Key::Spread,
                Some(Node::StringLiteral(it)) => Key::Name(self.name(it.value.to_str())),
                Some(it) => self.dict_key(it),
            };
            let value = self.expr(&item.value);
            let start = item.key.as_ref().map_or(item.value.start(), Ranged::start);
            let at = Span::new(start.to_u32(), item.value.end().to_u32());
            props.push(Prop { key, value, span: at, kind: PropKind::Value });
        }
        let props = self.module.make_props(&props);
        self.module.add_expr(Expr::Object { props }, span(node.range))
    }

    fn dict_key(&mut self, node: &Node) -> Key {
        match node {
            Node::NumberLiteral(ast::ExprNumberLiteral { value: ast::Number::Int(it), .. }) => {
                Key::Name(self.name(&it.to_string()))
            }
            it => Key::Computed(self.expr(it)),
        }
    }

    fn yield_expr(&mut self, value: Option<&Node>, delegate: bool, at: Span) -> ExprId {
        self.module.functions[self.function.index()].is_generator = true;
        let value = value.map(|it| self.expr(it));
        self.module.add_expr(Expr::Yield { value, delegate }, at)
    }

    /// A slice among others: `matrix[1:2, 3]`.
    fn loose_slice(&mut self, node: &ast::ExprSlice) -> ExprId {
        let from = self.exprs.len();
        for part in [&node.lower, &node.upper, &node.step].into_iter().flatten() {
            let part = self.expr(part);
            self.exprs.push(part);
        }
        let parts = self.take_exprs(from);
        self.module.add_expr(Expr::Opaque(parts), span(node.range))
    }
}

fn chain_base(node: &Node) -> Option<&Node> {
    match node {
        Node::Attribute(it) => Some(&it.value),
        Node::Subscript(it) => Some(&it.value),
        Node::Call(it) if is_super(it) || is_format(it) => None,
        Node::Call(it) => Some(&it.func),
        _ => None,
    }
}

/// `super()` and Python 2's `super(Class, self)`.
fn is_super(node: &ast::ExprCall) -> bool {
    matches!(&*node.func, Node::Name(it) if it.id == "super")
        && matches!(node.arguments.args.len(), 0 | 2)
        && node.arguments.keywords.is_empty()
}

/// `"…".format(…)`
fn is_format(node: &ast::ExprCall) -> bool {
    matches!(&*node.func, Node::Attribute(it)
        if matches!(it.attr.id.as_str(), "format" | "format_map") && it.value.is_string_literal_expr())
}
