//! The place graph: all places of all models as one set of paths, with the rows that hold at their ends.

use backend_specialist_syntax::ir::Semantics;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::place::{ArgumentAt, Place, Start, Token};
use super::rows::{Convention, FileRoute, Origin, Row};
use super::version::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowId(pub u32);

/// A member name of any model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(pub u32);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Member(Symbol),
    AnyMember,
    ReturnValue,
    Instance,
    Argument(ArgumentAt),
    Parameter(ArgumentAt),
    Element,
    Decorated,
    Subclass,
    Receiver,
    Key,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Root {
    Package(String),
    /// What packages that one model describes have in common; names joined by commas.
    Packages(String),
    Type(String),
    Global(String),
    /// Holds in files that import one of the packages, or everywhere; names joined by commas.
    Guess {
        name: String,
        packages: Option<String>,
    },
}

/// How far the guesses of a row reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Everywhere {
    /// The file imports the package.
    #[default]
    No,
    /// The file imports it, or the project declares it, or there is no manifest that could.
    Near,
    Yes,
}

/// Versions of packages by the names that manifests use.
pub(crate) type Versions = FxHashMap<String, Version>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub is_package: bool,
    pub edges: Vec<(Label, NodeId)>,
    /// What values here are besides, whatever the versions: a package is what its group has in common.
    pub groups: Vec<NodeId>,
    /// Types whose values stand here, with the row that says so.
    pub types: Vec<(NodeId, RowId)>,
    pub rows: Vec<RowId>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Language {
    pub packages: FxHashMap<String, NodeId>,
    pub groups: FxHashMap<String, NodeId>,
    pub types: FxHashMap<String, NodeId>,
    pub globals: FxHashMap<String, NodeId>,
    /// By name: the packages of which a file must import one, and the node.
    pub guesses: FxHashMap<String, Vec<(Option<String>, NodeId)>>,
    /// By name: functions of the project, of one module or of any.
    pub own: FxHashMap<String, Vec<(Option<String>, NodeId)>>,
    pub conventions: Vec<Convention>,
    pub file_routes: Vec<FileRoute>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    rows: Vec<LazyRow>,
    pub languages: FxHashMap<String, Language>,
    /// By root: the node beside it where added places begin.
    overlay: Option<FxHashMap<NodeId, NodeId>>,
    symbols: FxHashMap<String, Symbol>,
    names: Vec<String>,
}

/// Most rows are never asked for: reading them all would be most of the start.
#[derive(Clone, Debug)]
struct LazyRow {
    /// The line of the generated table; empty for other rows.
    text: &'static str,
    row: OnceLock<Box<(Row, Origin)>>,
}

impl Graph {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.symbols.get(name).copied()
    }

    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }

    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.symbol(name) {
            return symbol;
        }
        let symbol = Symbol(self.names.len() as u32);
        self.names.push(name.to_owned());
        self.symbols.insert(name.to_owned(), symbol);
        symbol
    }

    pub fn add_row(&mut self, row: Row, origin: Origin) -> RowId {
        self.rows.push(LazyRow { text: "", row: OnceLock::from(Box::new((row, origin))) });
        RowId(self.rows.len() as u32 - 1)
    }

    /// A row of the generated table, which is read when somebody asks for it.
    pub fn add_lazy_row(&mut self, text: &'static str) -> RowId {
        self.rows.push(LazyRow { text, row: OnceLock::new() });
        RowId(self.rows.len() as u32 - 1)
    }

    pub fn row(&self, id: RowId) -> &(Row, Origin) {
        let row = &self.rows[id.0 as usize];
        row.row.get_or_init(|| Box::new(super::table::parse_row(row.text)))
    }

    /// Whether it holds where these versions are in use; of a package that is not among them the newest is.
    pub fn holds(&self, id: RowId, versions: &Versions) -> bool {
        let origin = &self.row(id).1;
        if !origin.versions.is_bounded() {
            return true;
        }
        let version = origin.versions_of.iter().filter_map(|it| versions.get(it)).min();
        origin.versions.holds(version.copied())
    }

    /// Whether it holds whatever the call.
    pub fn holds_always(&self, id: RowId, versions: &Versions) -> bool {
        self.holds(id, versions) && !self.row(id).1.is_conditional()
    }

    /// The packages whose versions some row asks for, in order.
    pub fn versioned_packages(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            if row.text.is_empty() || row.text.contains(super::table::VERSIONS_OF) {
                names.extend(self.row(RowId(index as u32)).1.versions_of.iter().map(String::as_str));
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether both are the same line of the table, at two places.
    pub fn is_same_row(&self, left: RowId, right: RowId) -> bool {
        let (left, right) = (&self.rows[left.0 as usize], &self.rows[right.0 as usize]);
        !left.text.is_empty() && left.text == right.text
    }

    /// The row holds at the node; a type row makes the node's values ones of the type.
    pub fn attach(&mut self, language: &str, node: NodeId, row: RowId) {
        if let Row::Type(name) = &self.row(row).0 {
            let name = name.clone();
            let root = self.root(language, Root::Type(name));
            self.attach_type(node, root, row);
        } else {
            self.attach_other(node, row);
        }
    }

    pub fn attach_type(&mut self, node: NodeId, root: NodeId, row: RowId) {
        self.nodes[node.0 as usize].types.push((root, row));
    }

    /// The row is known not to be a type.
    pub fn attach_other(&mut self, node: NodeId, row: RowId) {
        self.nodes[node.0 as usize].rows.push(row);
    }

    pub fn root(&mut self, language: &str, root: Root) -> NodeId {
        if let Root::Package(name) = &root
            && language == Semantics::PYTHON.models
            && let Some((package, inner)) = name.split_once('.')
        {
            // `import a.b`, `from a import b` and `a.b` after `import a` are the same module.
            let package = self.root(language, Root::Package(package.to_owned()));
            return inner.split('.').fold(package, |at, part| {
                let symbol = self.intern(part);
                self.child(at, Label::Member(symbol))
            });
        }
        let next = NodeId(self.nodes.len() as u32);
        let is_package = matches!(root, Root::Package(_));
        let known = self.languages.entry(language.to_owned()).or_default();
        let id = match root {
            Root::Package(name) => *known.packages.entry(name).or_insert(next),
            Root::Packages(names) => return self.group(language, &names),
            Root::Type(name) => *known.types.entry(name).or_insert(next),
            Root::Global(name) => *known.globals.entry(name).or_insert(next),
            Root::Guess { name, packages } => {
                let guesses = known.guesses.entry(name).or_default();
                match guesses.iter().find(|(known, _)| *known == packages) {
                    Some((_, id)) => *id,
                    None => {
                        guesses.push((packages, next));
                        next
                    }
                }
            }
        };
        if id == next {
            self.nodes.push(Node { is_package, ..Node::default() });
        }
        id
    }

    fn group(&mut self, language: &str, names: &str) -> NodeId {
        let next = NodeId(self.nodes.len() as u32);
        let known = self.languages.entry(language.to_owned()).or_default();
        let id = *known.groups.entry(names.to_owned()).or_insert(next);
        if id == next {
            self.nodes.push(Node::default());
            for name in names.split(',') {
                let package = self.root(language, Root::Package(name.to_owned()));
                self.add_group(package, id);
            }
        }
        id
    }

    /// The functions of the project with this name, in this module or in any.
    pub fn own(&mut self, language: &str, name: &str, module: Option<String>) -> NodeId {
        let next = self.add_node();
        let own = self.languages.entry(language.to_owned()).or_default().own.entry(name.to_owned()).or_default();
        match own.iter().find(|(known, _)| *known == module) {
            Some((_, id)) => *id,
            None => {
                own.push((module, next));
                next
            }
        }
    }

    pub fn child(&mut self, parent: NodeId, label: Label) -> NodeId {
        let edges = &self.node(parent).edges;
        if let Some((_, child)) = edges.iter().find(|(known, _)| *known == label) {
            return *child;
        }
        let child = self.add_node();
        self.add_edge(parent, label, child);
        child
    }

    pub fn add_node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        NodeId(self.nodes.len() as u32 - 1)
    }

    pub fn add_edge(&mut self, parent: NodeId, label: Label, child: NodeId) {
        self.nodes[parent.0 as usize].edges.push((label, child));
    }

    pub fn add_group(&mut self, member: NodeId, group: NodeId) {
        self.nodes[member.0 as usize].groups.push(group);
    }

    /// From now on new places stand beside those that are there, which may share their nodes.
    pub fn begin_overlay(&mut self) {
        self.overlay = Some(FxHashMap::default());
    }

    /// The node where places with this root begin.
    fn start(&mut self, language: &str, root: Root) -> NodeId {
        let root = self.root(language, root);
        let Some(overlay) = &self.overlay else { return root };
        if let Some(node) = overlay.get(&root) {
            return *node;
        }
        let node = self.add_node();
        self.add_group(root, node);
        self.overlay.get_or_insert_default().insert(root, node);
        node
    }

    /// The ends of the place's paths, made where they are missing. `packages` are those of the model.
    pub fn ends(&mut self, language: &str, packages: &[String], place: &Place, everywhere: Everywhere) -> Vec<NodeId> {
        let mut ends: Vec<NodeId> =
            roots(&place.start, packages, everywhere).into_iter().map(|root| self.start(language, root)).collect();
        for token in &place.tokens {
            let labels = self.labels(token);
            let mut next = Vec::with_capacity(ends.len() * labels.len());
            for end in &ends {
                for label in &labels {
                    next.push(self.child(*end, label.clone()));
                }
            }
            ends = next;
        }
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    fn labels(&mut self, token: &Token) -> Vec<Label> {
        match token {
            Token::Member(names) => names.iter().map(|name| Label::Member(self.intern(name))).collect(),
            Token::AnyMember => vec![Label::AnyMember],
            Token::ReturnValue => vec![Label::ReturnValue],
            Token::Instance => vec![Label::Instance],
            Token::Argument(at) => self.arguments(at).into_iter().map(Label::Argument).collect(),
            Token::Parameter(at) => self.arguments(at).into_iter().map(Label::Parameter).collect(),
            Token::Element => vec![Label::Element],
            Token::Decorated => vec![Label::Decorated],
            Token::Subclass => vec![Label::Subclass],
            Token::Receiver => vec![Label::Receiver],
            Token::Key => vec![Label::Key],
        }
    }

    fn arguments(&mut self, at: &[ArgumentAt]) -> Vec<ArgumentAt> {
        at.iter().map(|at| self.argument_symbol(at.clone())).collect()
    }

    /// Keywords are symbols as well: a name without a symbol leads nowhere.
    pub fn argument_symbol(&mut self, at: ArgumentAt) -> ArgumentAt {
        if let ArgumentAt::Keyword(name) = &at {
            self.intern(name);
        }
        at
    }
}

/// Before the packages of guesses that hold where the project declares one, or declares nothing.
pub(super) const NEAR: &str = "~";

fn roots(start: &Start, packages: &[String], everywhere: Everywhere) -> Vec<Root> {
    match start {
        Start::Module if packages.len() > 1 => vec![Root::Packages(packages.join(","))],
        Start::Module => packages.iter().cloned().map(Root::Package).collect(),
        Start::Package(names) => names.iter().cloned().map(Root::Package).collect(),
        Start::Type(names) => names.iter().cloned().map(Root::Type).collect(),
        Start::Global(names) => names.iter().cloned().map(Root::Global).collect(),
        Start::Guess(names) if everywhere == Everywhere::Yes => {
            names.iter().map(|name| Root::Guess { name: name.clone(), packages: None }).collect()
        }
        Start::Guess(names) => {
            let near = if everywhere == Everywhere::Near { NEAR } else { "" };
            let packages = Some(format!("{near}{}", packages.join(",")));
            names.iter().map(|name| Root::Guess { name: name.clone(), packages: packages.clone() }).collect()
        }
    }
}
