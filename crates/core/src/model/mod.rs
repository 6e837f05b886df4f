//! Library models: what libraries mean, as data. `models/README.md` is the language they are written in.
//!
//! All rows of all models are attached to one graph of places. The engine walks it with [`Places`] from imports,
//! types, globals and names, and asks at every value what the models say of it.

pub mod chars;
mod compile;
mod fields;
mod graph;
mod held;
pub mod kinds;
mod load;
mod op;
pub mod own;
pub mod place;
mod places;
pub mod rows;
pub mod schema;
mod table;
#[cfg(test)]
mod tests;
pub mod version;
mod words;

use std::borrow::Cow;

pub use chars::Chars;
pub use held::{Held, Rows};
pub use kinds::{KindId, KindSet};
pub use places::{Places, Scope, State};

use crate::config::Config;
use rows::{Convention, FileRoute};
use schema::{ModelError, ModelFile};

/// All rows of all models.
#[derive(Clone, Debug)]
pub struct Models {
    graph: graph::Graph,
}

impl Models {
    /// The models that come with the checker.
    pub fn builtin() -> &'static Models {
        static MODELS: std::sync::OnceLock<Models> = std::sync::OnceLock::new();
        MODELS.get_or_init(|| Models { graph: table::read(include_str!("builtin.txt")) })
    }

    /// The built-in models and these.
    pub fn with_user(files: &[ModelFile]) -> Result<Models, Vec<ModelError>> {
        let mut models = Models::builtin().clone();
        models.graph.begin_overlay();
        models.extended(files)
    }

    /// The built-in models, and those of the configuration where there are any and they are right.
    pub fn of(config: &Config) -> Cow<'static, Models> {
        let builtin = Cow::Borrowed(Models::builtin());
        let files = &config.model_files;
        let models = if files.is_empty() { builtin } else { Models::with_user(files).map_or(builtin, Cow::Owned) };
        let own = &config.models;
        if !own.names_functions() {
            return models;
        }
        Cow::Owned(models.into_owned().with_own(own))
    }

    /// Only these models.
    pub fn only(files: &[ModelFile]) -> Result<Models, Vec<ModelError>> {
        Models { graph: graph::Graph::default() }.extended(files)
    }

    fn extended(self, files: &[ModelFile]) -> Result<Models, Vec<ModelError>> {
        let mut loader = load::Loader::new(self.graph);
        files.iter().enumerate().for_each(|(index, file)| loader.add(index, file));
        let errors = loader.finish();
        if errors.is_empty() { Ok(Models { graph: loader.graph }) } else { Err(errors) }
    }

    pub fn conventions(&self, language: &str) -> &[Convention] {
        self.graph.languages.get(language).map_or(&[], |it| &it.conventions)
    }

    /// The packages whose versions matter, by the names that manifests use, in order.
    pub fn versioned_packages(&self) -> Vec<&str> {
        self.graph.versioned_packages()
    }

    pub fn file_routes(&self, language: &str) -> &[FileRoute] {
        self.graph.languages.get(language).map_or(&[], |it| &it.file_routes)
    }
}

/// The table of these models that [`Models::builtin`] reads. For the generator.
pub fn generate(files: &[ModelFile]) -> Result<String, Vec<ModelError>> {
    let mut loader = load::Loader::new(graph::Graph::default());
    files.iter().enumerate().for_each(|(index, file)| loader.add(index, file));
    let errors = loader.finish();
    if errors.is_empty() { Ok(table::write(&loader)) } else { Err(errors) }
}
