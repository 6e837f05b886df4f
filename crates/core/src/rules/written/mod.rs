//! What is written in the sources, whatever runs: values with the name of what they are given to, comparisons,
//! fallbacks, branches. Collected once for all rules, so that no rule has to look at the IR.

mod collect;
mod mentions;

use backend_specialist_syntax::ir::Span;

use crate::Place;
use crate::load::Loaded;

pub use mentions::{Expressions, Mention};

/// A value and the name of what gets it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Of the variable, property, parameter or keyword.
    pub name: String,
    pub how: How,
    /// The value's place.
    pub place: Place,
    pub value: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Variable,
    /// `object.name = …`, `object["name"] = …`
    Member,
    /// Of an object or dict literal.
    Property,
    /// A keyword argument.
    Keyword,
    /// A default of a parameter or a destructured name.
    Default,
    /// A class's field or attribute.
    Field,
}

/// What an expression is, as far as it can be read where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Text(String),
    /// Text with holes.
    Pieces(Vec<Option<String>>),
    Number(f64),
    Bool(bool),
    Null,
    /// Names joined by dots: `req.body.id`.
    Path(String),
    /// A call: what is called, as a path, and its arguments.
    Call(String, Vec<Place>),
    Array(Vec<Shape>),
    Object,
    Function,
    Other,
}

impl Shape {
    pub fn text(&self) -> Option<&str> {
        match self {
            Shape::Text(it) => Some(it),
            _ => None,
        }
    }
}

/// `left == right` and its relatives.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub place: Place,
    pub left: (Place, Shape),
    pub right: (Place, Shape),
}

/// A value with another one for when it is absent: `a || b`, `a ?? b`, `a if a else b`, `{a = b} = c`.
#[derive(Clone, Debug)]
pub struct Fallback {
    pub place: Place,
    pub value: Place,
    /// The name that is read from `value`, for a destructured one.
    pub key: Option<String>,
    pub other: Place,
    pub other_shape: Shape,
}

/// A text in the source.
#[derive(Clone, Debug)]
pub struct Literal {
    pub place: Place,
    pub text: String,
}

/// What runs only if a test holds.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    pub test: Place,
    pub body: Place,
    /// It runs if the test does not hold.
    pub negated: bool,
}

/// A type assertion: `x!`, `x as string`.
#[derive(Clone, Copy, Debug)]
pub struct Asserted {
    pub place: Place,
    pub value: Place,
}

/// A call as it is written.
#[derive(Clone, Debug)]
pub struct WrittenCall {
    pub place: Place,
    pub callee: String,
    pub args: Vec<Place>,
}

/// A function's place and name.
#[derive(Clone, Debug)]
pub struct Enclosing {
    pub place: Place,
    pub name: String,
}

/// A field of a class, with a value or only declared.
#[derive(Clone, Debug)]
pub struct Column {
    pub class: String,
    pub name: String,
}

#[derive(Debug, Default)]
pub struct Written {
    pub columns: Vec<Column>,
    pub named: Vec<Named>,
    pub comparisons: Vec<Comparison>,
    pub fallbacks: Vec<Fallback>,
    pub literals: Vec<Literal>,
    pub branches: Vec<Branch>,
    pub asserted: Vec<Asserted>,
    pub calls: Vec<WrittenCall>,
    pub functions: Vec<Enclosing>,
}

impl Written {
    pub fn of(loaded: &Loaded) -> Written {
        let mut all = Written::default();
        for (index, file) in loaded.files.iter().enumerate() {
            if let (Some(module), false) = (&file.module, file.skipped) {
                collect::file(&mut all, crate::FileId(index as u32), module);
            }
        }
        all
    }

    /// The innermost function around a place.
    pub fn function_at(&self, place: Place) -> Option<&Enclosing> {
        let here = of_file(&self.functions, place.file, |it| it.place);
        here.iter().filter(|it| contains(it.place, place)).min_by_key(|it| length(it.place))
    }

    /// The innermost named value that the place is a part of.
    pub fn named_around(&self, place: Place) -> Option<&Named> {
        let here = of_file(&self.named, place.file, |it| it.place);
        here.iter().filter(|it| contains(it.place, place)).min_by_key(|it| length(it.place))
    }

    /// A property or keyword of one of these names inside a place.
    pub fn property_in(&self, place: Place, names: &[&str]) -> Option<&Named> {
        of_file(&self.named, place.file, |it| it.place).iter().find(|it| {
            matches!(it.how, How::Property | How::Keyword)
                && names.contains(&it.name.as_str())
                && contains(place, it.place)
        })
    }

    /// Named values of a file.
    pub fn named_in(&self, file: crate::FileId) -> &[Named] {
        of_file(&self.named, file, |it| it.place)
    }

    pub fn calls_in(&self, file: crate::FileId) -> &[WrittenCall] {
        of_file(&self.calls, file, |it| it.place)
    }

    pub fn literals_in(&self, file: crate::FileId) -> &[Literal] {
        of_file(&self.literals, file, |it| it.place)
    }

    /// The branches that the place stands in.
    pub fn branches_around(&self, place: Place) -> impl Iterator<Item = &Branch> {
        of_file(&self.branches, place.file, |it| it.body).iter().filter(move |it| contains(it.body, place))
    }
}

/// Everything is collected file by file.
fn of_file<T>(all: &[T], file: crate::FileId, of: fn(&T) -> Place) -> &[T] {
    let from = all.partition_point(|it| of(it).file < file);
    let to = all.partition_point(|it| of(it).file <= file);
    &all[from..to]
}

fn length(place: Place) -> u32 {
    place.span.end - place.span.start
}

/// Whether `inner` lies within `outer`.
pub fn contains(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.span.contains(inner.span)
}

pub(super) fn place(file: crate::FileId, span: Span) -> Place {
    Place { file, span }
}
