//! Model files to the place graph, with every error of every file.

use std::collections::BTreeSet;

use backend_specialist_syntax::ir::Semantics;

use super::compile;
use super::fields::Fields;
use super::graph::{Everywhere, Graph, RowId};
use super::place::{Place, Start};
use super::rows::{Origin, ParamType, Row};
use super::schema::{ModelError, ModelFile, PathPart, Table};
use super::words;

pub(super) struct Loader {
    pub graph: Graph,
    /// Each row as the generated table writes it, by its id; rows without a place under the language.
    pub texts: Vec<String>,
    pub unplaced: Vec<(String, String)>,
    errors: Vec<ModelError>,
    /// Types that a `[[type]]` row or a handler's parameter names.
    defined: BTreeSet<String>,
    /// Types that a place starts from.
    started: BTreeSet<String>,
    /// Where a type is named, and whether a place starts there.
    references: Vec<(String, bool, ModelError)>,
}

/// What the head of a file says.
struct Head {
    language: String,
    packages: Vec<String>,
    library: String,
}

impl Loader {
    pub fn new(graph: Graph) -> Loader {
        let started: BTreeSet<String> =
            graph.languages.values().flat_map(|language| language.types.keys().cloned()).collect();
        let builtin = compile::BUILTIN_TYPES.iter().map(|name| (*name).to_owned());
        let defined = started.iter().cloned().chain(builtin).collect();
        let (texts, unplaced, errors, references) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Loader { graph, texts, unplaced, errors, defined, started, references }
    }

    pub fn add(&mut self, index: usize, file: &ModelFile) {
        let before = (self.errors.len(), self.references.len());
        let mut fields = Fields::new(&file.0, Vec::new());
        let head = head(&mut fields);
        for section in compile::PLACED {
            for row in fields.tables(section) {
                self.placed(section, row, &head);
            }
        }
        for section in compile::UNPLACED {
            for row in fields.tables(section) {
                self.unplaced(section, row, &head);
            }
        }
        self.errors.extend(fields.finish());
        self.errors[before.0..].iter_mut().for_each(|error| error.file = index);
        self.references[before.1..].iter_mut().for_each(|(_, _, error)| error.file = index);
    }

    /// The errors of all files, in the order of files and keys. References to types are looked up here.
    pub fn finish(&mut self) -> Vec<ModelError> {
        let mut errors = std::mem::take(&mut self.errors);
        for (name, is_start, mut error) in std::mem::take(&mut self.references) {
            if !self.defined.contains(&name) || !(is_start || self.started.contains(&name)) {
                let known = self.defined.iter().filter(|known| **known != name).map(String::as_str);
                error.message = words::unknown("no row says anything of the type", &name, known);
                errors.push(error);
            }
        }
        errors.sort_by_key(|error| error.file);
        errors
    }

    fn placed(&mut self, section: &'static str, mut fields: Fields<'_>, head: &Head) {
        let (places, everywhere) = compile::places(&mut fields);
        let mut origin = compile::origin(&mut fields, &head.library);
        if origin.versions.is_bounded() && origin.versions_of.is_empty() {
            origin.versions_of = distributions(&places, head);
        }
        let row = compile::row(section, &mut fields, &head.library, Some(&places));
        if head.packages.is_empty() && places.iter().any(|place| place.start == Start::Module) {
            fields.error(Some("at"), "a model without a package needs a start: `Type[…]`, `Global[…]`, `Package[…]`");
        }
        self.refer_places(&fields, &places);
        if let Some(row) = row {
            self.refer_types(&fields, &row);
            if let Row::Type(name) = &row {
                self.defined.insert(name.clone());
            }
            let text = super::table::row_text(&head.library, section, fields.table(), &origin.versions_of);
            let id = self.graph.add_row(row, origin);
            self.texts.push(text);
            self.attach(id, &places, everywhere, head);
        }
        self.errors.extend(fields.finish());
    }

    fn attach(&mut self, row: RowId, places: &[Place], everywhere: Everywhere, head: &Head) {
        for place in places {
            for node in self.graph.ends(&head.language, &head.packages, place, everywhere) {
                self.graph.attach(&head.language, node, row);
            }
        }
    }

    fn unplaced(&mut self, section: &'static str, mut fields: Fields<'_>, head: &Head) {
        let language = self.graph.languages.entry(head.language.clone()).or_default();
        let types = if section == "convention" {
            let convention = compile::convention(&mut fields, &head.library, &head.packages);
            let types = convention.types.clone();
            language.conventions.push(convention);
            types
        } else {
            let file_route = compile::file_route(&mut fields, &head.library);
            let types = [file_route.params.as_slice(), &file_route.module].concat();
            language.file_routes.push(file_route);
            types
        };
        self.refer_params(&fields, &types, if section == "convention" { "types" } else { "params" });
        let text = super::table::row_text(&head.packages.join(","), section, fields.table(), &[]);
        self.unplaced.push((head.language.clone(), text));
        self.errors.extend(fields.finish());
    }

    fn refer_places(&mut self, fields: &Fields<'_>, places: &[Place]) {
        for place in places {
            if let Start::Type(names) = &place.start {
                for name in names {
                    self.started.insert(name.clone());
                    self.refer(fields, name, "at", true);
                }
            }
        }
    }

    fn refer_types(&mut self, fields: &Fields<'_>, row: &Row) {
        if let Row::Route(route) = row {
            self.refer_params(fields, &route.params, "params");
            self.refer_params(fields, &route.made_with, "made_with");
        }
        if let Row::Class(class) = row {
            self.refer_params(fields, &class.params, "params");
        }
    }

    fn refer_params(&mut self, fields: &Fields<'_>, params: &[ParamType], key: &str) {
        for param in params {
            if let ParamType::Type(name) = param {
                self.defined.insert(name.clone());
                self.refer(fields, name, key, false);
            }
        }
    }

    fn refer(&mut self, fields: &Fields<'_>, name: &str, key: &str, is_start: bool) {
        let mut path = fields.path().to_vec();
        path.push(PathPart::Key(key.to_owned()));
        self.references.push((name.to_owned(), is_start, ModelError { file: 0, path, message: String::new() }));
    }
}

/// What manifests call the packages that the places begin at: a subpath or submodule is no package of its own.
fn distributions(places: &[Place], head: &Head) -> Vec<String> {
    let names = |place: &Place| match &place.start {
        Start::Package(names) => names.clone(),
        _ => head.packages.clone(),
    };
    let is_python = head.language == Semantics::PYTHON.models;
    let mut all: Vec<String> = places.iter().flat_map(names).map(|name| distribution(&name, is_python)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn distribution(name: &str, is_python: bool) -> String {
    if is_python {
        return name.split('.').next().unwrap_or(name).to_ascii_lowercase().replace('_', "-");
    }
    let parts = if name.starts_with('@') { 2 } else { 1 };
    name.split('/').take(parts).collect::<Vec<_>>().join("/")
}

fn head(fields: &mut Fields<'_>) -> Head {
    for key in ["package", "language", "docs", "versions"] {
        fields.required(key);
    }
    let packages: Vec<String> = fields.texts("package").into_iter().map(str::to_owned).collect();
    let languages = [Semantics::JAVASCRIPT.models, Semantics::PYTHON.models].map(|name| (name, name));
    let language = fields.word("language", &languages).unwrap_or_default().to_owned();
    fields.each("docs", |text| match text.starts_with("https://") || text.starts_with("http://") {
        true => Ok(()),
        false => Err("`docs` is an address that proves the facts: `https://…`".to_owned()),
    });
    fields.text("versions");
    fields.text("note");
    let library = packages.first().cloned().unwrap_or_default();
    Head { language, packages, library }
}

/// The keys of a row that do not belong to the row itself.
pub(super) fn is_about_places(key: &str) -> bool {
    matches!(key, "at" | "everywhere" | "note")
}

/// The row of a line of the generated table.
pub(super) fn text_row(library: &str, section: &str, table: &Table) -> (Row, Origin) {
    let mut fields = Fields::new(table, Vec::new());
    let origin = compile::origin(&mut fields, library);
    let row = compile::row(section, &mut fields, library, None);
    (row.expect("the generated table holds only rows that were checked"), origin)
}

/// A convention or file route of the generated table.
pub(super) fn add_text_unplaced(graph: &mut Graph, language: &str, packages: &str, section: &str, table: &Table) {
    let packages: Vec<String> = packages.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let library = packages.first().map_or("", String::as_str);
    let mut fields = Fields::new(table, Vec::new());
    let language = graph.languages.entry(language.to_owned()).or_default();
    if section == "convention" {
        language.conventions.push(compile::convention(&mut fields, library, &packages));
    } else {
        language.file_routes.push(compile::file_route(&mut fields, library));
    }
}
