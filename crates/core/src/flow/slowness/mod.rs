//! How long a backtracking matcher may take with a regular expression: whether a text can be read in so many ways
//! that giving up takes exponential or polynomial time.
//!
//! The expression becomes an automaton whose states are its characters. Two different ways from a state back to it
//! with the same text are exponential; loops behind one another that read the same text multiply. Only loops behind
//! which something can fail count: a matcher that succeeds does not come back. What is not understood is quick.

mod parse;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::VecDeque;

use crate::model::Chars;
use parse::{Node, parse};

/// In the length of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    Linear,
    Polynomial(u32),
    Exponential,
}

/// Characters of an automaton.
const STATES_MAX: usize = 120;
/// States in loops that are compared with each other.
const LOOPS_MAX: usize = 40;
/// Steps of all searches through pairs and triples of states of one expression.
const STEPS_MAX: u32 = 400_000;

/// `head`: a match begins where the text does; `full`: it ends where the text does as well.
pub fn growth(source: &str, flags: &str, head: bool, full: bool) -> Growth {
    let Some(node) = parse(source, flags) else { return Growth::Linear };
    let Some(automaton) = Automaton::new(&node, head || full, full) else { return Growth::Linear };
    automaton.growth()
}

struct Automaton {
    /// The characters that lead into each state. The end of the text is a state that no character leads into.
    chars: Vec<Chars>,
    /// The states after each; one that stands there twice is reached in two ways.
    next: Vec<Vec<usize>>,
    /// The match may end here.
    accepts: Vec<bool>,
    steps: Cell<u32>,
}

/// What is known of a part of an expression while the automaton is built.
struct Part {
    nullable: bool,
    /// It can be left out without standing at the start of the text.
    skips: bool,
    first: Vec<usize>,
    /// Those of them that need not stand at the start of the text.
    free: Vec<usize>,
    last: Vec<usize>,
}

impl Part {
    /// Nothing, wherever it stands.
    fn empty() -> Part {
        Part { nullable: true, skips: true, first: Vec::new(), free: Vec::new(), last: Vec::new() }
    }

    fn of_state(state: usize) -> Part {
        Part { nullable: false, skips: false, first: vec![state], free: vec![state], last: vec![state] }
    }

    fn optional(self) -> Part {
        Part { nullable: true, skips: true, ..self }
    }
}

impl Automaton {
    fn new(node: &Node, head: bool, full: bool) -> Option<Automaton> {
        let mut automaton = Automaton { chars: Vec::new(), next: Vec::new(), accepts: Vec::new(), steps: Cell::new(0) };
        // What stands before the match, which may begin anywhere.
        let before = automaton.state(Chars::ALL);
        let mut part = automaton.part(node)?;
        if full {
            let end = automaton.state(Chars::NONE);
            for last in &part.last {
                automaton.next[*last].push(end);
            }
            part.last = vec![end];
        }
        if !head {
            automaton.next[before] = part.free.clone();
            automaton.next[before].push(before);
        }
        part.last.iter().for_each(|it| automaton.accepts[*it] = true);
        Some(automaton)
    }

    fn state(&mut self, chars: Chars) -> usize {
        self.chars.push(chars);
        self.next.push(Vec::new());
        self.accepts.push(false);
        self.chars.len() - 1
    }

    fn part(&mut self, node: &Node) -> Option<Part> {
        if self.chars.len() > STATES_MAX {
            return None;
        }
        Some(match node {
            Node::Empty => Part::empty(),
            Node::Start => Part { skips: false, ..Part::empty() },
            Node::End => Part::of_state(self.state(Chars::NONE)),
            Node::Chars(chars) => Part::of_state(self.state(*chars)),
            Node::Concat(nodes) => {
                let mut all = Part::empty();
                for node in nodes {
                    let part = self.part(node)?;
                    all = self.joined(all, part);
                }
                all
            }
            Node::Alternatives(nodes) => {
                let mut all = Part { nullable: false, skips: false, ..Part::empty() };
                for node in nodes {
                    let part = self.part(node)?;
                    all.nullable |= part.nullable;
                    all.skips |= part.skips;
                    all.first.extend(part.first);
                    all.free.extend(part.free);
                    all.last.extend(part.last);
                }
                all
            }
            Node::Repeat { node, min, max } => self.repeated(node, *min, *max)?,
        })
    }

    fn joined(&mut self, left: Part, right: Part) -> Part {
        for last in &left.last {
            self.next[*last].extend(&right.first);
        }
        let (mut first, mut free, mut last) = (left.first, left.free, right.last);
        if left.nullable {
            first.extend(right.first);
        }
        if left.skips {
            free.extend(right.free);
        }
        if right.nullable {
            last.extend(left.last);
        }
        Part { nullable: left.nullable && right.nullable, skips: left.skips && right.skips, first, free, last }
    }

    /// A few copies stand for many.
    fn repeated(&mut self, node: &Node, min: u32, max: Option<u32>) -> Option<Part> {
        let mut all = Part::empty();
        let copies = min.min(2);
        for index in 0..copies {
            let part = self.part(node)?;
            if index + 1 == copies && max.is_none() {
                self.looped(&part);
            }
            all = self.joined(all, part);
        }
        match max {
            None if copies > 0 => {}
            None => {
                let part = self.part(node)?;
                self.looped(&part);
                all = self.joined(all, part.optional());
            }
            Some(max) => {
                for _ in 0..max.saturating_sub(min).min(2) {
                    let part = self.part(node)?;
                    all = self.joined(all, part.optional());
                }
            }
        }
        Some(all)
    }

    fn looped(&mut self, part: &Part) {
        for last in &part.last {
            self.next[*last].extend(&part.first);
        }
    }

    fn growth(&self) -> Growth {
        let component = self.components();
        let is_loop = |state: usize| {
            self.next[state].iter().any(|it| component[*it] == component[state] && share(self.chars[*it], Chars::ALL))
        };
        // Where the match may end inside the loop it does, and nothing is tried again.
        let ends = |state: usize| (0..self.chars.len()).any(|it| self.accepts[it] && component[it] == component[state]);
        let mut loops: Vec<usize> = (0..self.chars.len()).filter(|it| is_loop(*it) && !ends(*it)).collect();
        let leaders: Vec<usize> = loops.iter().copied().filter(|it| component[*it] == *it).collect();
        if leaders.iter().any(|it| self.is_exponential(*it, &component)) {
            return Growth::Exponential;
        }
        loops.truncate(LOOPS_MAX);
        match self.longest_chain(&loops, &component) {
            0 | 1 => Growth::Linear,
            degree => Growth::Polynomial(degree),
        }
    }

    /// The strongly connected component of each state, by reachability: there are few states.
    fn components(&self) -> Vec<usize> {
        let count = self.chars.len();
        let reach: Vec<Vec<bool>> = (0..count).map(|from| self.reachable(from)).collect();
        (0..count).map(|a| (0..=a).find(|b| a == *b || reach[a][*b] && reach[*b][a]).unwrap_or(a)).collect()
    }

    /// Counts a step.
    fn is_tired(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > STEPS_MAX
    }

    fn reachable(&self, from: usize) -> Vec<bool> {
        let mut seen = vec![false; self.chars.len()];
        let mut todo = self.next[from].clone();
        while let Some(state) = todo.pop() {
            if !std::mem::replace(&mut seen[state], true) {
                todo.extend(&self.next[state]);
            }
        }
        seen
    }

    /// Whether some text leads from the state to itself in two ways.
    fn is_exponential(&self, state: usize, component: &[usize]) -> bool {
        let inside = |it: &usize| component[*it] == component[state];
        let is_twice = |from: usize| {
            let mut inner: Vec<usize> = self.next[from]
                .iter()
                .copied()
                .filter(inside)
                .filter(|it| share(self.chars[*it], Chars::ALL))
                .collect();
            let count = inner.len();
            inner.sort_unstable();
            inner.dedup();
            inner.len() < count
        };
        if is_twice(state) {
            return true;
        }
        let count = self.chars.len();
        // From the pair of equal states to one of different ones, and back.
        let mut seen = vec![false; count * count];
        let mut todo = VecDeque::from([(state, state)]);
        let mut back: Vec<(usize, usize)> = Vec::new();
        while let Some((a, b)) = todo.pop_front() {
            for x in self.next[a].iter().filter(|it| inside(it)) {
                for y in self.next[b].iter().filter(|it| inside(it)) {
                    if self.is_tired() {
                        return false;
                    }
                    if !share(self.chars[*x], self.chars[*y]) || std::mem::replace(&mut seen[x * count + y], true) {
                        continue;
                    }
                    if x != y {
                        back.push((*x, *y));
                    }
                    todo.push_back((*x, *y));
                }
            }
        }
        back.iter().any(|pair| self.pair_reaches(*pair, (state, state), component))
    }

    fn pair_reaches(&self, from: (usize, usize), to: (usize, usize), component: &[usize]) -> bool {
        let count = self.chars.len();
        let inside = |it: &&usize| component[**it] == component[to.0];
        let mut seen = vec![false; count * count];
        let mut todo = vec![from];
        while let Some((a, b)) = todo.pop() {
            for x in self.next[a].iter().filter(inside) {
                for y in self.next[b].iter().filter(inside) {
                    if self.is_tired() {
                        return false;
                    }
                    if (*x, *y) == to && share(self.chars[*x], self.chars[*y]) {
                        return true;
                    }
                    if share(self.chars[*x], self.chars[*y]) && !std::mem::replace(&mut seen[x * count + y], true) {
                        todo.push((*x, *y));
                    }
                }
            }
        }
        false
    }

    /// How many loops stand behind one another such that each can read what the one before it reads.
    fn longest_chain(&self, loops: &[usize], component: &[usize]) -> u32 {
        let mut longest = vec![1u32; loops.len()];
        // Loops come in the order of the text, but for those that an outer loop holds together.
        for (at, late) in loops.iter().enumerate() {
            for (before, early) in loops[..at].iter().enumerate() {
                if component[*early] != component[*late]
                    && longest[before] >= longest[at]
                    && self.multiplies(*early, *late)
                {
                    longest[at] = longest[before] + 1;
                }
            }
        }
        longest.into_iter().max().unwrap_or(0)
    }

    /// Whether some text leads from `p` to `p`, from `p` to `q` and from `q` to `q`.
    fn multiplies(&self, p: usize, q: usize) -> bool {
        let count = self.chars.len();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut todo = vec![(p, p, q)];
        while let Some((a, b, c)) = todo.pop() {
            for x in &self.next[a] {
                for z in &self.next[c] {
                    let both = self.chars[*x].intersection(self.chars[*z]);
                    if !share(both, Chars::ALL) {
                        continue;
                    }
                    for y in &self.next[b] {
                        if self.is_tired() {
                            return false;
                        }
                        if !share(both, self.chars[*y]) {
                            continue;
                        }
                        if (*x, *y, *z) == (p, q, q) {
                            return true;
                        }
                        if seen.insert((x * count + y) * count + z) {
                            todo.push((*x, *y, *z));
                        }
                    }
                }
            }
        }
        false
    }
}

/// Whether there is a character of both. Others than those of ASCII are not told apart and so do not count.
fn share(one: Chars, other: Chars) -> bool {
    !one.intersection(other).intersection(Chars::range('\0', '\x7f')).is_empty()
}
