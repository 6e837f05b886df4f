//! The generated table: the place graph of the built-in models as an outline, so that no TOML is read at run time.
//!
//! Each line is a node of the graph under the one above it, indented by its depth, or (`=`) a row that holds there.
//! Nodes with the same lines below them are one line. It is sorted, so that a change of one model changes few lines.

mod read;
mod write;

pub(super) use read::{parse_row, read};
pub(super) use write::{VERSIONS_OF, row_text, write};
