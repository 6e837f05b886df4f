//! The same input gives the same bytes: with any number of threads, in any order, and after any edits.

mod edits;
mod orders;
mod projects;
