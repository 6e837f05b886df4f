//! Chores of this repository: generated files, new rules, tidiness. Run them as `cargo xtask …`.

pub mod generate;
pub mod literate;
pub mod new_rule;
pub mod pages;
pub mod ready;
pub mod tidy;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("the crate stands two folders below the root").to_owned()
}
