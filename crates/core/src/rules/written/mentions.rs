//! What a written expression gives away: the names of the values that end up in it.

use std::cell::RefCell;

use backend_specialist_syntax::ir::{Const, Expr, ExprId, Key, LogicOp, Module, Span, Spread};
use rustc_hash::FxHashMap;

use super::collect::{path, shape};
use super::{Shape, place};
use crate::load::Loaded;
use crate::names;
use crate::{FileId, Place};

/// Nested expressions that are looked through.
const DEPTH_MAX: u32 = 12;

/// A value that an expression shows.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The last name: of the variable, member, key or called function.
    pub name: String,
    /// The names before it, joined by dots: `req.body` of `req.body.id`.
    pub object: String,
    pub place: Place,
    /// It stands in an object, under a key.
    pub is_field: bool,
    /// Only some element of it is shown, by a computed key.
    pub is_part: bool,
}

/// Calls that give what they are given, in another dress.
const TRANSPARENT: &[&str] = &[
    "stringify",
    "inspect",
    "String",
    "str",
    "repr",
    "dumps",
    "format",
    "toString",
    "trim",
    "strip",
    "encode",
    "decode",
    "dict",
    "list",
    "assign",
    "freeze",
    "toJSON",
    "toObject",
    "entries",
    "values",
    "valueOf",
    "concat",
    "join",
    "bytes",
    "from",
    "encodeURIComponent",
    "quote",
    "vars",
];

/// Finds expressions by their places.
#[derive(Debug)]
pub struct Expressions<'a> {
    loaded: &'a Loaded,
    /// Of the files that a rule asked about: most are never asked about.
    by_file: RefCell<FxHashMap<FileId, FxHashMap<Span, ExprId>>>,
}

impl<'a> Expressions<'a> {
    pub fn new(loaded: &'a Loaded) -> Expressions<'a> {
        Expressions { loaded, by_file: RefCell::default() }
    }

    fn at(&self, at: Place) -> Option<(&'a Module, ExprId)> {
        let module = self.loaded.file(at.file).module.as_ref()?;
        let mut by_file = self.by_file.borrow_mut();
        let by_span = by_file.entry(at.file).or_insert_with(|| {
            let ids = (0..module.exprs.len() as u32).map(ExprId);
            ids.map(|id| (module.expr_span(id), id)).collect()
        });
        by_span.get(&at.span).map(|id| (module, *id))
    }

    /// What the expression at the place shows.
    pub fn mentions(&self, at: Place) -> Vec<Mention> {
        let mut found = Vec::new();
        if let Some((module, expr)) = self.at(at) {
            Walk { module, file: at.file, found: &mut found }.expr(expr, 0);
        }
        found
    }
}

impl Expressions<'_> {
    /// What the expression at the place is.
    pub fn shape(&self, at: Place) -> Shape {
        self.at(at).map_or(Shape::Other, |(module, expr)| shape(module, at.file, expr, 0))
    }

    /// Whether the expression is made of constants alone; `named` tells the value of a variable.
    pub fn is_constant(&self, at: Place, named: &dyn Fn(&str) -> Option<Place>) -> bool {
        self.at(at).is_some_and(|(module, expr)| is_constant(module, expr, self, named, 0))
    }
}

fn is_constant(
    module: &Module,
    id: ExprId,
    all: &Expressions<'_>,
    named: &dyn Fn(&str) -> Option<Place>,
    depth: u32,
) -> bool {
    if depth > DEPTH_MAX {
        return false;
    }
    let inner = |it: ExprId| is_constant(module, it, all, named, depth + 1);
    match module.expr(id) {
        Expr::Const(Const::Text(_) | Const::Number(_)) => true,
        Expr::Array { items, .. } => module.item_list(items).iter().all(|it| it.value.is_some_and(inner)),
        Expr::Binary { left, right, .. } => inner(left) && inner(right),
        Expr::Concat { pieces, .. } => module.expr_list(pieces).iter().all(|it| inner(*it)),
        Expr::Var(var) => match named(module.name(module.var(var).name)) {
            Some(at) if depth == 0 => all.is_constant(at, &|_| None),
            _ => false,
        },
        Expr::Call { callee, args, .. } => {
            let (name, receiver) = match module.expr(callee) {
                Expr::Var(var) => (module.name(module.var(var).name), None),
                Expr::Free(name) => (module.name(name), None),
                Expr::Member { object, name, .. } => (module.name(name), Some(object)),
                _ => return false,
            };
            let receiver_fits =
                receiver.is_none_or(|it| path(module, it, 0).is_some_and(|it| !it.starts_with("()")) || inner(it));
            let args = module.arg_list(args);
            let has_args = !args.is_empty() || receiver.is_some_and(|it| path(module, it, 0).is_none());
            names::is("constant-call", &name.to_lowercase())
                && has_args
                && receiver_fits
                && args.iter().all(|it| inner(it.value))
        }
        _ => false,
    }
}

struct Walk<'a, 'm> {
    module: &'m Module,
    file: FileId,
    found: &'a mut Vec<Mention>,
}

impl Walk<'_, '_> {
    fn add(&mut self, path: &str, expr: ExprId, is_field: bool) {
        let (object, name) = path.rsplit_once('.').unwrap_or(("", path));
        let place = place(self.file, self.module.expr_span(expr));
        self.found.push(Mention { name: name.to_owned(), object: object.to_owned(), place, is_field, is_part: false });
    }

    fn expr(&mut self, id: ExprId, depth: u32) {
        if depth > DEPTH_MAX {
            return;
        }
        let module = self.module;
        let next = depth + 1;
        match module.expr(id) {
            Expr::Var(_) | Expr::Free(_) | Expr::Member { .. } => {
                if let Some(path) = path(module, id, 0) {
                    self.add(&path, id, false);
                }
            }
            Expr::Index { object, index } => match module.expr(index) {
                Expr::Const(Const::Text(_)) => {
                    if let Some(path) = path(module, id, 0) {
                        self.add(&path, id, false);
                    }
                }
                _ => {
                    let first = self.found.len();
                    self.expr(object, next);
                    self.found[first..].iter_mut().for_each(|it| it.is_part = true);
                }
            },
            Expr::Call { callee, args, .. } => self.call(id, callee, args, next),
            Expr::Concat { pieces, .. } => module.expr_list(pieces).iter().for_each(|it| self.expr(*it, next)),
            Expr::Binary { op, left, right } if !super::collect::is_test(op) => {
                self.expr(left, next);
                self.expr(right, next);
            }
            Expr::Logic { op: LogicOp::And, right, .. } => self.expr(right, next),
            Expr::Logic { left, right, .. } => {
                self.expr(left, next);
                self.expr(right, next);
            }
            Expr::Cond { then, otherwise, .. } => {
                self.expr(then, next);
                self.expr(otherwise, next);
            }
            Expr::Array { items, .. } => {
                module.item_list(items).iter().filter_map(|it| it.value).for_each(|it| self.expr(it, next));
            }
            Expr::Object { props } => {
                for prop in module.prop_list(props) {
                    self.property(prop.key, prop.value, next);
                }
            }
            Expr::Await(inner) | Expr::Assign { value: inner, .. } => self.expr(inner, next),
            _ => {}
        }
    }

    fn property(&mut self, key: Key, value: ExprId, depth: u32) {
        let shown = !matches!(
            self.module.expr(value),
            Expr::Const(_) | Expr::Unary { .. } | Expr::Binary { .. } | Expr::Function(_)
        );
        let before = self.found.len();
        self.expr(value, depth);
        self.found[before..].iter_mut().for_each(|it| it.is_field = true);
        // A value that shows nothing by itself is known by its key.
        if shown
            && self.found.len() > before
            && let Key::Name(name) = key
        {
            self.add(self.module.name(name), value, true);
        }
    }

    fn call(
        &mut self,
        id: ExprId,
        callee: ExprId,
        args: backend_specialist_syntax::ir::List<backend_specialist_syntax::ir::Arg>,
        depth: u32,
    ) {
        let module = self.module;
        let name = match module.expr(callee) {
            Expr::Var(var) => module.name(module.var(var).name),
            Expr::Free(name) | Expr::Member { name, .. } => module.name(name),
            _ => return,
        };
        if TRANSPARENT.contains(&name) {
            if let Expr::Member { object, .. } = module.expr(callee) {
                self.expr(object, depth);
            }
            for arg in module.arg_list(args).iter().filter(|it| it.spread != Spread::Keywords) {
                self.expr(arg.value, depth);
            }
            return;
        }
        // `headers.get("authorization")`: a constant key names what is shown.
        if let (Some(first), "get" | "header" | "getenv") = (module.arg_list(args).first(), name)
            && let Expr::Const(Const::Text(text)) = module.expr(first.value)
        {
            let object = path(module, callee, 0).unwrap_or_default();
            let object = object.rsplit_once('.').map_or("", |it| it.0).to_owned();
            self.add(&format!("{object}.{}", module.name(text)), id, false);
            return;
        }
        if let Some(path) = path(module, callee, 0) {
            self.add(&format!("{path}()"), id, false);
        }
    }
}
