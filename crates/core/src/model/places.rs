//! Walking the place graph: which places a value may stand at, and what the models say of them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Models;
use super::graph::{Graph, Label, Language, NEAR, NodeId, Symbol, Versions};
use super::held::Rows;
use super::place::ArgumentAt;
use super::rows::Origin;
use super::version::Version;

/// A non-empty set of places, interned by one [`Places`]; types that hold of its values belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(u32);

impl State {
    /// Equal states have equal numbers.
    pub fn index(self) -> u32 {
        self.0
    }
}

/// The versions in use where a value comes from; the first scope is that of the newest ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(u16);

impl Scope {
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The states of one analysis. Interns sets of places and remembers where each step leads.
pub struct Places<'m> {
    graph: &'m Graph,
    scopes: Vec<Versions>,
    states: Vec<Set<'m>>,
    ids: FxHashMap<Rc<[Member]>, State>,
    steps: FxHashMap<(State, Step), Option<State>>,
    roots: FxHashMap<(Scope, NodeId), Option<State>>,
}

struct Set<'m> {
    members: Rc<[Member]>,
    rows: Rc<Rows<'m>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Member {
    pub node: NodeId,
    pub guess: bool,
    pub scope: Scope,
}

/// One step from a state; `None` names are ones that no model knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Member(Option<Symbol>),
    ReturnValue,
    Instance,
    Argument(u32, u32),
    Keyword(Option<Symbol>),
    Spread,
    Parameter(u32, Option<Symbol>),
    Element,
    Decorated,
    Subclass,
    Receiver,
    Key,
}

/// Scopes that one analysis tells apart.
const SCOPES_MAX: usize = 1_000;

/// A module is its own default export.
const DEFAULT_EXPORT: &str = "default";

impl<'m> Places<'m> {
    pub fn new(models: &'m Models) -> Places<'m> {
        Places {
            graph: &models.graph,
            scopes: vec![Versions::default()],
            states: Vec::new(),
            ids: FxHashMap::default(),
            steps: FxHashMap::default(),
            roots: FxHashMap::default(),
        }
    }

    /// The scope in which these versions are in use; of packages that are left out it is the newest one.
    pub fn scope(&mut self, versions: Vec<(String, Version)>) -> Scope {
        let versions: Versions = versions.into_iter().collect();
        let known = self.scopes.iter().position(|it| *it == versions);
        // A project with more scopes than that is read as if it were up to date.
        let index = known.or_else(|| (self.scopes.len() < SCOPES_MAX).then_some(self.scopes.len())).unwrap_or_default();
        if index == self.scopes.len() {
            self.scopes.push(versions);
        }
        Scope(index as u16)
    }

    /// The module of that name; `a.b.c` is found as package `a.b.c`, as `c` of package `a.b`, and so on.
    pub fn package(&mut self, scope: Scope, language: &str, name: &str) -> Option<State> {
        let packages = &self.language(language)?.packages;
        let mut members = Vec::new();
        for (end, rest) in splits(name) {
            let Some(root) = packages.get(end) else { continue };
            let mut nodes = vec![*root];
            for part in rest.split('.').filter(|part| !part.is_empty()) {
                let step = Step::Member(self.graph.symbol(part));
                nodes = self
                    .closed(in_scope(nodes, scope))
                    .into_iter()
                    .flat_map(|it| self.targets(it.0, step, part))
                    .collect();
            }
            members.extend(nodes);
        }
        self.sure(scope, members)
    }

    pub fn named_type(&mut self, language: &str, name: &str) -> Option<State> {
        let node = *self.language(language)?.types.get(name)?;
        self.root(Scope::default(), node)
    }

    pub fn global(&mut self, scope: Scope, language: &str, name: &str) -> Option<State> {
        let node = *self.language(language)?.globals.get(name)?;
        self.root(scope, node)
    }

    fn root(&mut self, scope: Scope, node: NodeId) -> Option<State> {
        if let Some(known) = self.roots.get(&(scope, node)) {
            return *known;
        }
        let state = self.sure(scope, vec![node]);
        self.roots.insert((scope, node), state);
        state
    }

    /// What a value that nothing resolves may be by its name, in a file with these imports, in a project whose
    /// manifest declares these packages.
    pub fn guess(
        &mut self,
        scope: Scope,
        language: &str,
        name: &str,
        imports: &[String],
        declared: &[String],
    ) -> Option<State> {
        let guesses = self.language(language)?.guesses.get(name)?;
        let among = |packages: &str, names: &[String]| {
            packages.split(',').any(|it| names.iter().any(|import| is_or_is_under(import, it)))
        };
        let holds = |packages: &Option<String>| match packages.as_deref().map(|it| (it, it.strip_prefix(NEAR))) {
            None => true,
            Some((packages, None)) => among(packages, imports),
            Some((_, Some(near))) => among(near, imports) || declared.is_empty() || among(near, declared),
        };
        let members = guesses.iter().filter(|(packages, _)| holds(packages));
        let members = members.map(|(_, node)| Member { node: *node, guess: true, scope }).collect();
        self.intern(members)
    }

    /// Whether a configuration names functions of the project.
    pub fn has_own(&self) -> bool {
        self.graph.languages.values().any(|it| !it.own.is_empty())
    }

    /// A function of the project by its name; `path` is that of its file, where that is known.
    pub fn own(&mut self, language: &str, name: &str, path: Option<&str>) -> Option<State> {
        let own = self.language(language)?.own.get(name)?;
        let is_it = |module: &Option<String>| match module {
            None => true,
            Some(module) => path.is_some_and(|path| super::own::is_module(path, module)),
        };
        self.sure(Scope::default(), own.iter().filter(|(module, _)| is_it(module)).map(|(_, node)| *node).collect())
    }

    pub fn member(&mut self, state: State, name: &str) -> Option<State> {
        let step = Step::Member(self.graph.symbol(name));
        self.step(state, step, name)
    }

    pub fn returned(&mut self, state: State) -> Option<State> {
        self.step(state, Step::ReturnValue, "")
    }

    pub fn instance(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Instance, "")
    }

    /// The argument at `index` of `count` positional ones; `count` 0 where it is not known.
    pub fn argument(&mut self, state: State, index: u32, count: u32) -> Option<State> {
        self.step(state, Step::Argument(index, count), "")
    }

    pub fn keyword(&mut self, state: State, name: &str) -> Option<State> {
        let step = Step::Keyword(self.graph.symbol(name));
        self.step(state, step, name)
    }

    /// An object whose entries become keywords.
    pub fn spread(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Spread, "")
    }

    pub fn parameter(&mut self, state: State, index: u32, name: Option<&str>) -> Option<State> {
        let symbol = name.and_then(|name| self.graph.symbol(name));
        self.step(state, Step::Parameter(index, symbol), name.unwrap_or_default())
    }

    pub fn element(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Element, "")
    }

    pub fn decorated(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Decorated, "")
    }

    pub fn subclass(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Subclass, "")
    }

    /// What the method at this state is called on.
    pub fn receiver(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Receiver, "")
    }

    /// The computed key of an assignment to the container at this state.
    pub fn key(&mut self, state: State) -> Option<State> {
        self.step(state, Step::Key, "")
    }

    /// Types that hold here under conditions, which [`Places`] cannot test: where they hold of the last call, the
    /// caller unites the state with the one given.
    pub fn conditional_types(&mut self, state: State) -> Vec<(&'m Origin, State)> {
        let members = Rc::clone(&self.set(state).members);
        let mut found = Vec::new();
        for member in members.iter() {
            for (root, row) in &self.graph.node(member.node).types {
                let versions = &self.scopes[member.scope.index()];
                if self.graph.holds(*row, versions) && !self.graph.holds_always(*row, versions) {
                    found.push((*row, Member { node: *root, ..*member }));
                }
            }
        }
        found.sort_unstable();
        let graph = self.graph;
        found.into_iter().filter_map(|(row, member)| Some((&graph.row(row).1, self.intern(vec![member])?))).collect()
    }

    pub fn union(&mut self, left: State, right: State) -> State {
        if left == right {
            return left;
        }
        let members = [&*self.set(left).members, &*self.set(right).members].concat();
        self.intern(members).expect("states are not empty")
    }

    /// Names of the members that models speak of, sorted.
    pub fn member_edges(&mut self, state: State) -> Vec<String> {
        let mut names: Vec<String> = self
            .edges(state)
            .filter_map(|label| match label {
                Label::Member(symbol) => Some(self.graph.name(*symbol).to_owned()),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether models speak of arguments of a call here.
    pub fn has_argument_edges(&mut self, state: State) -> bool {
        self.edges(state).any(|label| matches!(label, Label::Argument(_)))
    }

    pub fn rows(&self, state: State) -> Rc<Rows<'m>> {
        Rc::clone(&self.set(state).rows)
    }

    fn edges(&self, state: State) -> impl Iterator<Item = &'m Label> {
        let graph = self.graph;
        let members = Rc::clone(&self.set(state).members);
        (0..members.len()).flat_map(move |index| graph.node(members[index].node).edges.iter().map(|(label, _)| label))
    }

    fn language(&self, language: &str) -> Option<&'m Language> {
        self.graph.languages.get(language)
    }

    fn set(&self, state: State) -> &Set<'m> {
        &self.states[state.0 as usize]
    }

    fn step(&mut self, state: State, step: Step, name: &str) -> Option<State> {
        if let Some(known) = self.steps.get(&(state, step)) {
            return *known;
        }
        let members = Rc::clone(&self.set(state).members);
        let mut next = Vec::new();
        for member in members.iter() {
            let targets = self.targets(member.node, step, name);
            next.extend(targets.into_iter().map(|node| Member { node, ..*member }));
        }
        let next = self.intern(next);
        self.steps.insert((state, step), next);
        next
    }

    fn targets(&self, node: NodeId, step: Step, name: &str) -> Vec<NodeId> {
        let edges = &self.graph.node(node).edges;
        let mut targets: Vec<NodeId> =
            edges.iter().filter(|(label, _)| leads(label, step, name)).map(|(_, target)| *target).collect();
        if name == DEFAULT_EXPORT && matches!(step, Step::Member(_)) && self.graph.node(node).is_package {
            targets.push(node);
        }
        targets
    }

    fn sure(&mut self, scope: Scope, nodes: Vec<NodeId>) -> Option<State> {
        self.intern(nodes.into_iter().map(|node| Member { node, guess: false, scope }).collect())
    }

    /// Adds the types and groups that hold of the nodes' values, and theirs.
    fn closed(&self, mut nodes: Vec<(NodeId, Scope)>) -> Vec<(NodeId, Scope)> {
        let mut at = 0;
        while at < nodes.len() {
            let (node, scope) = (self.graph.node(nodes[at].0), nodes[at].1);
            let versions = &self.scopes[scope.index()];
            let holds = |row| self.graph.holds_always(row, versions);
            let types = node.types.iter().filter(|(_, row)| holds(*row)).map(|(root, _)| *root);
            for root in types.chain(node.groups.iter().copied()) {
                if !nodes.contains(&(root, scope)) {
                    nodes.push((root, scope));
                }
            }
            at += 1;
        }
        nodes
    }

    fn intern(&mut self, members: Vec<Member>) -> Option<State> {
        if members.is_empty() {
            return None;
        }
        let of = |guess| members.iter().filter(move |it| it.guess == guess).map(|it| (it.node, it.scope)).collect();
        let sure: Vec<(NodeId, Scope)> = self.closed(of(false));
        let mut members: Vec<Member> = self
            .closed(of(true))
            .into_iter()
            .filter(|node| !sure.contains(node))
            .map(|(node, scope)| Member { node, guess: true, scope })
            .collect();
        members.extend(sure.into_iter().map(|(node, scope)| Member { node, guess: false, scope }));
        members.sort_unstable();
        members.dedup();
        let members: Rc<[Member]> = members.into();
        if let Some(state) = self.ids.get(&members) {
            return Some(*state);
        }
        let state = State(self.states.len() as u32);
        let rows = Rc::new(Rows::of(self.graph, &members, &self.scopes));
        self.states.push(Set { members: Rc::clone(&members), rows });
        self.ids.insert(members, state);
        Some(state)
    }
}

fn leads(label: &Label, step: Step, name: &str) -> bool {
    match (label, step) {
        (Label::Member(known), Step::Member(Some(symbol))) => *known == symbol,
        (Label::AnyMember, Step::Member(_))
        | (Label::ReturnValue, Step::ReturnValue)
        | (Label::Instance, Step::Instance)
        | (Label::Element, Step::Element)
        | (Label::Decorated, Step::Decorated)
        | (Label::Subclass, Step::Subclass)
        | (Label::Receiver, Step::Receiver)
        | (Label::Key, Step::Key) => true,
        (Label::Argument(at), Step::Argument(index, count)) => at.holds_position(index, count),
        (Label::Argument(at), Step::Spread) => matches!(at, ArgumentAt::Spread | ArgumentAt::Any),
        (Label::Argument(at), Step::Keyword(_)) => at.holds_keyword(name),
        (Label::Parameter(at), Step::Parameter(index, _)) => at.holds_position(index, 0) || is_keyword(at, name),
        _ => false,
    }
}

fn is_keyword(at: &ArgumentAt, name: &str) -> bool {
    !name.is_empty() && at.holds_keyword(name)
}

fn in_scope(nodes: Vec<NodeId>, scope: Scope) -> Vec<(NodeId, Scope)> {
    nodes.into_iter().map(|node| (node, scope)).collect()
}

/// `a.b.c` as (`a.b.c`, ``), (`a.b`, `c`), (`a`, `b.c`).
fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = name.match_indices('.').map(|(dot, _)| (&name[..dot], &name[dot + 1..]));
    std::iter::once((name, "")).chain(dots)
}

/// `a.b` and `a/b` are under `a`.
fn is_or_is_under(import: &str, package: &str) -> bool {
    import.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}
