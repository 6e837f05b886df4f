//! What the machine saw and rules look at: data that reached a sink, calls of known kinds with their arguments.

use super::value::{OriginId, StepId};
use crate::Place;
use crate::model::KindId;
use crate::model::rows::Constant;

/// Where in a text a piece of data stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// It is the whole text, or nothing is known of what is around it.
    Whole,
    /// A value outside quotes.
    Bare,
    /// Inside quotes, of this sort.
    Quoted(char),
    /// A column, table or direction of a statement.
    Identifier,
    /// The scheme or host of a URL.
    Host,
    /// A URL's path or query, behind a constant host.
    Path,
    /// All that follows the constant host of a URL.
    WholePath,
}

/// Untrusted data at a sink.
#[derive(Clone, Debug)]
pub struct FlowEvent {
    pub sink: KindId,
    /// The argument.
    pub place: Place,
    /// The call, or the assignment.
    pub call: Place,
    /// What is called, as written.
    pub callee: Place,
    pub origin: OriginId,
    pub step: StepId,
    pub position: Position,
    /// Somewhere on the way a name or an unknown call was trusted.
    pub guess: bool,
    /// The data may be more than text.
    pub structured: bool,
    /// The sink itself was found by a name.
    pub guessed_sink: bool,
    /// What was said of the object later makes it harmless.
    pub settled: bool,
}

/// A value at a sink, whatever is known of it: for rules that judge by how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arrival {
    pub sink: KindId,
    /// The argument.
    pub place: Place,
    pub call: Place,
    pub callee: Place,
    /// The sink was found by a name.
    pub guess: bool,
}

/// What is known of one argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Not given.
    Absent,
    /// One of these, and nothing else.
    Constants(Vec<Constant>),
    /// Text with holes: `None` is a hole.
    Text(Vec<Option<String>>),
    /// A regular expression, as written between its slashes.
    Pattern(String),
    Array {
        items: Vec<ArgFact>,
        complete: bool,
    },
    Object {
        fields: Vec<(String, ArgFact)>,
        complete: bool,
    },
    Function,
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ArgFact {
    pub fact: Fact,
    pub place: Option<Place>,
    /// Kinds of data in it, each with the last station of its way.
    pub data: Vec<(OriginId, StepId)>,
}

impl ArgFact {
    pub fn absent() -> ArgFact {
        ArgFact { fact: Fact::Absent, place: None, data: Vec::new() }
    }

    /// The only constant it can be.
    pub fn constant(&self) -> Option<&Constant> {
        match &self.fact {
            Fact::Constants(all) if all.len() == 1 => all.first(),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self.constant() {
            Some(Constant::Text(it)) => Some(it),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self.constant() {
            Some(Constant::Number(it)) => Some(*it),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self.constant() {
            Some(Constant::Bool(it)) => Some(*it),
            _ => None,
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self.fact, Fact::Absent)
    }
}

/// A call of a kind that rules look at.
#[derive(Clone, Debug)]
pub struct CallEvent {
    pub kind: KindId,
    pub place: Place,
    pub callee: Place,
    pub guess: bool,
    pub roles: Vec<(String, ArgFact)>,
    /// The variable or property that gets the result, as a name.
    pub target: Option<String>,
}

impl CallEvent {
    pub fn role(&self, name: &str) -> Option<&ArgFact> {
        self.roles.iter().find(|it| it.0 == name).map(|it| &it.1)
    }
}
