//! The place graph: all places of all models as one set of paths, with the rows that hold at their ends.

use rustc_hash::FxHashMap;

use super::place::{ArgumentAt, Place, Start, Token};
use super::rows::{Convention, FileRoute, Origin, Row};

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
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Root {
    Package(String),
    Type(String),
    Global(String),
    /// Holds in files that import the package, or everywhere.
    Guess {
        name: String,
        package: Option<String>,
    },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub is_package: bool,
    pub edges: Vec<(Label, NodeId)>,
    /// Types whose values stand here, with the row that says so.
    pub types: Vec<(NodeId, RowId)>,
    pub rows: Vec<RowId>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Language {
    pub packages: FxHashMap<String, NodeId>,
    pub types: FxHashMap<String, NodeId>,
    pub globals: FxHashMap<String, NodeId>,
    pub guesses: FxHashMap<String, Vec<(Option<String>, NodeId)>>,
    pub conventions: Vec<Convention>,
    pub file_routes: Vec<FileRoute>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    pub rows: Vec<(Row, Origin)>,
    pub languages: FxHashMap<String, Language>,
    symbols: FxHashMap<String, Symbol>,
    names: Vec<String>,
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
        self.rows.push((row, origin));
        RowId(self.rows.len() as u32 - 1)
    }

    /// The row holds at the node; a type row makes the node's values ones of the type.
    pub fn attach(&mut self, language: &str, node: NodeId, row: RowId) {
        if let Row::Type(name) = &self.rows[row.0 as usize].0 {
            let root = self.root(language, Root::Type(name.clone()));
            self.nodes[node.0 as usize].types.push((root, row));
        } else {
            self.nodes[node.0 as usize].rows.push(row);
        }
    }

    pub fn root(&mut self, language: &str, root: Root) -> NodeId {
        let next = NodeId(self.nodes.len() as u32);
        let is_package = matches!(root, Root::Package(_));
        let language = self.languages.entry(language.to_owned()).or_default();
        let id = match root {
            Root::Package(name) => *language.packages.entry(name).or_insert(next),
            Root::Type(name) => *language.types.entry(name).or_insert(next),
            Root::Global(name) => *language.globals.entry(name).or_insert(next),
            Root::Guess { name, package } => {
                let guesses = language.guesses.entry(name).or_default();
                match guesses.iter().find(|(known, _)| *known == package) {
                    Some((_, id)) => *id,
                    None => {
                        guesses.push((package, next));
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

    pub fn child(&mut self, parent: NodeId, label: Label) -> NodeId {
        let edges = &self.node(parent).edges;
        if let Some((_, child)) = edges.iter().find(|(known, _)| *known == label) {
            return *child;
        }
        let child = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node::default());
        self.nodes[parent.0 as usize].edges.push((label, child));
        child
    }

    /// The ends of the place's paths, made where they are missing. `packages` are those of the model.
    pub fn ends(&mut self, language: &str, packages: &[String], place: &Place, everywhere: bool) -> Vec<NodeId> {
        let mut ends: Vec<NodeId> =
            roots(&place.start, packages, everywhere).into_iter().map(|root| self.root(language, root)).collect();
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
            Token::Argument(at) => self.arguments(at).map(Label::Argument).collect(),
            Token::Parameter(at) => self.arguments(at).map(Label::Parameter).collect(),
            Token::Element => vec![Label::Element],
            Token::Decorated => vec![Label::Decorated],
            Token::Subclass => vec![Label::Subclass],
        }
    }

    /// Keywords are symbols as well: a name without a symbol leads nowhere.
    fn arguments(&mut self, at: &[ArgumentAt]) -> impl Iterator<Item = ArgumentAt> {
        for it in at {
            if let ArgumentAt::Keyword(name) = it {
                self.intern(name);
            }
        }
        at.to_vec().into_iter()
    }
}

fn roots(start: &Start, packages: &[String], everywhere: bool) -> Vec<Root> {
    match start {
        Start::Module => packages.iter().cloned().map(Root::Package).collect(),
        Start::Package(names) => names.iter().cloned().map(Root::Package).collect(),
        Start::Type(names) => names.iter().cloned().map(Root::Type).collect(),
        Start::Global(names) => names.iter().cloned().map(Root::Global).collect(),
        Start::Guess(names) if everywhere => {
            names.iter().map(|name| Root::Guess { name: name.clone(), package: None }).collect()
        }
        Start::Guess(names) => names
            .iter()
            .flat_map(|name| {
                packages.iter().map(move |it| Root::Guess { name: name.clone(), package: Some(it.clone()) })
            })
            .collect(),
    }
}
