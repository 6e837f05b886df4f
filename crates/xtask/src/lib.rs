//! Chores of this repository: generated files, new rules, tidiness. Run them as `cargo xtask …`.

pub mod bench;
pub mod generate;
pub mod literate;
pub mod new_rule;
pub mod package;
pub mod pages;
pub mod projects;
pub mod ready;
pub mod replay;
pub mod tidy;
pub mod types;
pub mod wasm;

use std::path::{Path, PathBuf};

/// The root of the repository: the one that cargo runs in, for working copies may share a target folder.
pub fn root() -> PathBuf {
    let manifest = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let manifest = Path::new(&manifest);
    manifest.ancestors().nth(2).expect("the crate stands two folders below the root").to_owned()
}
