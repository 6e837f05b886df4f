//! Library models: what libraries mean, as data. `models/README.md` is the language they are written in.
//!
//! All rows of all models are attached to one graph of places. The engine walks it with [`Places`] from imports,
//! types, globals and names, and asks at every value what the models say of it.

mod chars;
mod graph;
pub mod kinds;
pub mod nearest;
mod op;
pub mod place;
mod places;
pub mod rows;
pub mod version;

pub use chars::Chars;
pub use kinds::{KindId, KindSet};
pub use places::{Held, Places, Rows, State};

use rows::{Convention, FileRoute};

/// All rows of all models.
#[derive(Clone, Debug)]
pub struct Models {
    graph: graph::Graph,
}

impl Models {
    /// The models that come with the checker.
    pub fn builtin() -> &'static Models {
        static MODELS: std::sync::OnceLock<Models> = std::sync::OnceLock::new();
        MODELS.get_or_init(|| Models { graph: graph::Graph::default() })
    }

    pub fn conventions(&self, language: &str) -> &[Convention] {
        self.graph.languages.get(language).map_or(&[], |it| &it.conventions)
    }

    pub fn file_routes(&self, language: &str) -> &[FileRoute] {
        self.graph.languages.get(language).map_or(&[], |it| &it.file_routes)
    }
}
