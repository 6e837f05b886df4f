//! The checker: a project's files in, a report out. No file, network, clock or environment is touched here.

pub mod finding;
pub mod model;
pub mod rules;

use backend_specialist_syntax::ir::Span;

/// A file of the project, in the order of its path: an index into [`Project::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place in a file: bytes of its decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}
