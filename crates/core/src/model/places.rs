//! Walking the place graph: which places a value may stand at, and what the models say of them.

use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Models;
use super::graph::{Graph, Label, Language, NodeId, RowId, Symbol};
use super::place::ArgumentAt;
use super::rows::{
    CallRow, CheckRow, Constant, EffectRow, Origin, PropagatorRow, RouteRow, Row, SanitizerRow, SinkRow, SourceRow,
};

/// A non-empty set of places, interned by one [`Places`]; types that hold of its values belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(u32);

/// A row that holds at a state. A guess if every way to the row begins with one.
#[derive(Debug)]
pub struct Held<'m, T> {
    pub row: &'m T,
    /// Library, versions and conditions.
    pub origin: &'m Origin,
    pub guess: bool,
}

impl<T> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<'_, T> {}

impl<T> Deref for Held<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.row
    }
}

/// All rows that hold at a state, each list in the order of the models.
#[derive(Debug, Default)]
pub struct Rows<'m> {
    /// The state holds nothing but guesses.
    pub guess: bool,
    pub types: Vec<Held<'m, String>>,
    pub sources: Vec<Held<'m, SourceRow>>,
    pub sinks: Vec<Held<'m, SinkRow>>,
    pub sanitizers: Vec<Held<'m, SanitizerRow>>,
    pub checks: Vec<Held<'m, CheckRow>>,
    pub propagators: Vec<Held<'m, PropagatorRow>>,
    pub calls: Vec<Held<'m, CallRow>>,
    pub effects: Vec<Held<'m, EffectRow>>,
    pub routes: Vec<Held<'m, RouteRow>>,
    pub constants: Vec<Held<'m, Constant>>,
}

impl Rows<'_> {
    /// Whether a row says what a call here does; a call of nothing known passes its data on as a guess.
    pub fn says_what_call_does(&self) -> bool {
        !(self.sanitizers.is_empty() && self.propagators.is_empty() && self.effects.is_empty())
    }

    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|it| it.row == name)
    }
}

/// The states of one analysis. Interns sets of places and remembers where each step leads.
pub struct Places<'m> {
    graph: &'m Graph,
    states: Vec<Set<'m>>,
    ids: FxHashMap<Rc<[Member]>, State>,
    steps: FxHashMap<(State, Step), Option<State>>,
}

struct Set<'m> {
    members: Rc<[Member]>,
    rows: Rc<Rows<'m>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Member {
    node: NodeId,
    guess: bool,
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

/// A module is its own default export.
const DEFAULT_EXPORT: &str = "default";

impl<'m> Places<'m> {
    /// Rows of every version that the newest one still has; versions of packages will be a parameter here.
    pub fn new(models: &'m Models) -> Places<'m> {
        Places { graph: &models.graph, states: Vec::new(), ids: FxHashMap::default(), steps: FxHashMap::default() }
    }

    /// The module of that name; `a.b.c` is found as package `a.b.c`, as `c` of package `a.b`, and so on.
    pub fn package(&mut self, language: &str, name: &str) -> Option<State> {
        let packages = &self.language(language)?.packages;
        let mut members = Vec::new();
        for (end, rest) in splits(name) {
            let Some(root) = packages.get(end) else { continue };
            let mut nodes = vec![*root];
            for part in rest.split('.').filter(|part| !part.is_empty()) {
                let step = Step::Member(self.graph.symbol(part));
                nodes = self.closed(nodes).into_iter().flat_map(|node| self.targets(node, step, part)).collect();
            }
            members.extend(nodes);
        }
        self.sure(members)
    }

    pub fn named_type(&mut self, language: &str, name: &str) -> Option<State> {
        let node = *self.language(language)?.types.get(name)?;
        self.sure(vec![node])
    }

    pub fn global(&mut self, language: &str, name: &str) -> Option<State> {
        let node = *self.language(language)?.globals.get(name)?;
        self.sure(vec![node])
    }

    /// What a value that nothing resolves may be by its name, in a file with these imports.
    pub fn guess(&mut self, language: &str, name: &str, imports: &[&str]) -> Option<State> {
        let guesses = self.language(language)?.guesses.get(name)?;
        let holds = |packages: &Option<String>| match packages {
            None => true,
            Some(packages) => packages.split(',').any(|it| imports.iter().any(|import| is_or_is_under(import, it))),
        };
        let members = guesses.iter().filter(|(packages, _)| holds(packages));
        let members = members.map(|(_, node)| Member { node: *node, guess: true }).collect();
        self.intern(members)
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
                if self.holds(*row) && !self.holds_always(*row) {
                    found.push((*row, Member { node: *root, guess: member.guess }));
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
            next.extend(targets.into_iter().map(|node| Member { node, guess: member.guess }));
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

    fn sure(&mut self, nodes: Vec<NodeId>) -> Option<State> {
        self.intern(nodes.into_iter().map(|node| Member { node, guess: false }).collect())
    }

    /// Adds the types and groups that hold of the nodes' values, and theirs.
    fn closed(&self, mut nodes: Vec<NodeId>) -> Vec<NodeId> {
        let mut at = 0;
        while at < nodes.len() {
            let node = self.graph.node(nodes[at]);
            let types = node.types.iter().filter(|(_, row)| self.holds_always(*row)).map(|(root, _)| *root);
            for root in types.chain(node.groups.iter().copied()) {
                if !nodes.contains(&root) {
                    nodes.push(root);
                }
            }
            at += 1;
        }
        nodes
    }

    fn holds(&self, row: RowId) -> bool {
        self.graph.row(row).1.versions.holds(None)
    }

    fn holds_always(&self, row: RowId) -> bool {
        self.holds(row) && !self.graph.row(row).1.is_conditional()
    }

    fn intern(&mut self, members: Vec<Member>) -> Option<State> {
        if members.is_empty() {
            return None;
        }
        let of = |guess| members.iter().filter(move |it| it.guess == guess).map(|it| it.node).collect();
        let sure: Vec<NodeId> = self.closed(of(false));
        let mut members: Vec<Member> = self
            .closed(of(true))
            .into_iter()
            .filter(|node| !sure.contains(node))
            .map(|node| Member { node, guess: true })
            .collect();
        members.extend(sure.into_iter().map(|node| Member { node, guess: false }));
        members.sort_unstable();
        members.dedup();
        let members: Rc<[Member]> = members.into();
        if let Some(state) = self.ids.get(&members) {
            return Some(*state);
        }
        let state = State(self.states.len() as u32);
        let rows = Rc::new(self.collect(&members));
        self.states.push(Set { members: Rc::clone(&members), rows });
        self.ids.insert(members, state);
        Some(state)
    }

    fn collect(&self, members: &[Member]) -> Rows<'m> {
        let mut held: Vec<(RowId, bool)> = Vec::new();
        for member in members {
            let node = self.graph.node(member.node);
            let types = node.types.iter().map(|(_, row)| row);
            held.extend(node.rows.iter().chain(types).map(|row| (*row, member.guess)));
        }
        held.sort_unstable();
        let mut distinct: Vec<(RowId, bool)> = Vec::with_capacity(held.len());
        for (row, guess) in held {
            let known = distinct.iter_mut().find(|(known, _)| *known == row || self.graph.is_same_row(*known, row));
            match known {
                Some((_, known)) => *known &= guess,
                None => distinct.push((row, guess)),
            }
        }
        let mut rows = Rows { guess: members.iter().all(|it| it.guess), ..Rows::default() };
        for (id, guess) in distinct.into_iter().filter(|(row, _)| self.holds(*row)) {
            let (row, origin) = self.graph.row(id);
            match row {
                Row::Type(row) => rows.types.push(Held { row, origin, guess }),
                Row::Source(row) => rows.sources.push(Held { row, origin, guess }),
                Row::Sink(row) => rows.sinks.push(Held { row, origin, guess }),
                Row::Sanitizer(row) => rows.sanitizers.push(Held { row, origin, guess }),
                Row::Check(row) => rows.checks.push(Held { row, origin, guess }),
                Row::Propagator(row) => rows.propagators.push(Held { row, origin, guess }),
                Row::Call(row) => rows.calls.push(Held { row, origin, guess }),
                Row::Effect(row) => rows.effects.push(Held { row, origin, guess }),
                Row::Route(row) => rows.routes.push(Held { row, origin, guess }),
                Row::Constant(row) => rows.constants.push(Held { row, origin, guess }),
            }
        }
        rows
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

/// `a.b.c` as (`a.b.c`, ``), (`a.b`, `c`), (`a`, `b.c`).
fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = name.match_indices('.').map(|(dot, _)| (&name[..dot], &name[dot + 1..]));
    std::iter::once((name, "")).chain(dots)
}

/// `a.b` and `a/b` are under `a`.
fn is_or_is_under(import: &str, package: &str) -> bool {
    import.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}
