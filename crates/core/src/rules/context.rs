//! What a rule may ask: the flows and calls that the machine saw, and the texts of their places.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use crate::Place;
use crate::config::{Assume, Config, TestTreatment};
use crate::finding::{Confidence, Finding, FlowStep, StepKind};
use crate::flow::Facts;
use crate::flow::events::{ArgFact, Arrival, CallEvent, FlowEvent, Position};
use crate::load::Loaded;
use crate::model::KindId;
use crate::model::kinds;
use crate::names;
use crate::route::Route;
use crate::rules::written::{Expressions, How, Mention, Named, Shape, Written, contains};

/// Steps of a flow that are kept: the first and the last ones.
const STEPS_MAX: usize = 100;
/// Characters of an expression that a message quotes.
const QUOTE_MAX: usize = 60;

/// Which flows a rule is about. Kinds are names from `models/kinds.toml`; a kind stands for its children.
#[derive(Debug)]
pub struct FlowQuery {
    pub sources: &'static [&'static str],
    pub sinks: &'static [&'static str],
    /// In code given without its project, a value of unknown origin counts as well, with less confidence.
    pub in_fragments: bool,
}

/// Untrusted data on its way to a sink.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    pub event: &'a FlowEvent,
    pub source: Piece<'a>,
    pub sink: Piece<'a>,
    /// What is called, as written.
    pub callee: Piece<'a>,
    pub source_kind: KindId,
    pub sink_kind: KindId,
    pub confidence: Confidence,
    steps: Vec<FlowStep>,
}

/// A place and its source text.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pub place: Place,
    pub text: &'a str,
}

impl Flow<'_> {
    pub fn position(&self) -> Position {
        self.event.position
    }

    /// The places on the way, from the source on.
    pub fn stations(&self) -> impl DoubleEndedIterator<Item = Place> + '_ {
        self.steps.iter().map(|it| it.place)
    }

    /// Whether the origin is not a request but unknown.
    pub fn is_of_unknown_origin(&self) -> bool {
        self.source_kind.name() == "unknown"
    }

    /// The source in a sentence: "`req.query.id` comes from the request and".
    pub fn subject(&self) -> String {
        let text = quote(self.source.text);
        match self.source_kind.name() {
            "unknown" => format!("`{text}` may be anything a caller passes and"),
            name if name == "http" || name.starts_with("http.") => format!("`{text}` comes from the request and"),
            "message" => format!("`{text}` comes from outside and"),
            "cli" => format!("`{text}` comes from the command line and"),
            "env" => format!("`{text}` comes from the environment and"),
            "db" => format!("`{text}` comes from the database and"),
            "external" => format!("`{text}` comes from another server and"),
            "file" => format!("`{text}` comes from a file and"),
            "archive-entry" => format!("`{text}` is a name inside an archive and"),
            "error" => format!("`{text}` is an error and"),
            _ => format!("`{text}`"),
        }
    }

    pub fn callee_text(&self) -> String {
        quote(self.callee.text)
    }

    /// Whether the data is of this kind, or of a child of it.
    pub fn is_from(&self, kind: &str) -> bool {
        kinds::source(kind).is_some_and(|it| self.source_kind.is_a(it))
    }

    /// Whether what arrives is a parameter of unknown origin, as it was given: then the whole text is the caller's.
    pub fn is_handed_on(&self) -> bool {
        let name = self.source.text.split([':', '=']).next().unwrap_or_default().trim();
        self.is_of_unknown_origin() && name == self.sink.text.trim()
    }
}

/// A call of a kind that the rule asked for.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub event: &'a CallEvent,
    pub callee: Piece<'a>,
    pub call: Piece<'a>,
}

impl Call<'_> {
    /// An argument by its role; an absent one where nothing is given.
    pub fn role(&self, name: &str) -> ArgFact {
        self.event.role(name).cloned().unwrap_or_else(ArgFact::absent)
    }

    pub fn callee_text(&self) -> String {
        quote(self.callee.text)
    }
}

/// What a rule wanted to see.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub sources: Vec<KindId>,
    pub sinks: Vec<KindId>,
    pub calls: Option<KindId>,
}

pub struct RuleContext<'a> {
    pub facts: &'a Facts,
    /// Every route, with what running it showed.
    pub routes: &'a [Route],
    pub loaded: &'a Loaded,
    pub written: Written,
    /// What the project says of itself that its code cannot show.
    pub assume: Assume,
    /// Test files are judged like all others.
    tests_count: bool,
    /// What was asked since [`RuleContext::take_asked`].
    asked: RefCell<Vec<Asked>>,
    expressions: Expressions<'a>,
    redacts: OnceCell<bool>,
}

impl<'a> RuleContext<'a> {
    pub fn new(facts: &'a Facts, routes: &'a [Route], loaded: &'a Loaded, config: &Config) -> RuleContext<'a> {
        let tests_count = config.tests == TestTreatment::Same;
        let (written, expressions) = (Written::of(loaded), Expressions::new(loaded));
        RuleContext {
            facts,
            routes,
            loaded,
            tests_count,
            asked: RefCell::default(),
            written,
            expressions,
            redacts: OnceCell::new(),
            assume: config.assume.clone(),
        }
    }

    /// Whether the project sets its logger to leave fields out.
    pub fn redacts(&self) -> bool {
        let is_setting = |it: &Named| names::is("redaction", &it.name.to_lowercase());
        *self.redacts.get_or_init(|| self.written.named.iter().any(is_setting))
    }

    /// The names of the values that the expression at the place shows.
    pub fn mentions(&self, place: Place) -> Vec<Mention> {
        self.expressions.mentions(place)
    }

    /// What is written at the place.
    pub fn shape(&self, place: Place) -> Shape {
        self.expressions.shape(place)
    }

    /// The same; of a variable, what it is given where it is declared.
    pub fn resolved(&self, place: Place) -> Shape {
        match self.shape(place) {
            Shape::Path(name) => match self.value_of(place.file, &name) {
                Some(value) => self.shape(value),
                None => Shape::Path(name),
            },
            other => other,
        }
    }

    /// Whether the value is made of constants alone.
    pub fn is_constant(&self, place: Place) -> bool {
        self.expressions.is_constant(place, &|name| self.value_of(place.file, name))
    }

    /// What a variable of the file is given, if it is given one value only.
    fn value_of(&self, file: crate::FileId, name: &str) -> Option<Place> {
        let mut all = self.written.named_in(file).iter().filter(|it| it.name == name && it.how == How::Variable);
        let first = all.next()?;
        all.next().is_none().then_some(first.place)
    }

    /// Of a variable that is spread into a call, what it is given where it is declared.
    pub fn behind_spread(&self, place: Place) -> Place {
        match self.shape(place) {
            Shape::Path(name) if !name.contains('.') => match self.value_of(place.file, &name) {
                Some(value) if self.shape(value) == Shape::Object => value,
                _ => place,
            },
            _ => place,
        }
    }

    /// Where the constant that an expression names is written, if that can be told: `settings.KEY`, `config["KEY"]`.
    pub fn written_at(&self, place: Place, constant: &str) -> Place {
        let text = self.text(place);
        let name = text.rsplit(|it: char| !(it.is_alphanumeric() || it == '_')).find(|it| !it.is_empty());
        // A variable in sight is as good as what it holds.
        let is_in_sight = !text.contains(['.', '[']) || self.shape(place) == Shape::Text(constant.to_owned());
        let Some(name) = name.filter(|_| !is_in_sight) else { return place };
        let is_it = |it: &&Named| it.name == name && it.value.text() == Some(constant);
        let here = self.written.named_in(place.file).iter().find(is_it);
        here.or_else(|| self.written.named.iter().find(is_it)).map_or(place, |it| it.place)
    }

    /// The same names, and those that the variables among them were given.
    pub fn mentions_through(&self, place: Place) -> Vec<Mention> {
        let mut all = self.mentions(place);
        for it in all.clone() {
            if it.object.is_empty()
                && !it.is_field
                && let Some(value) = self.value_of(place.file, &it.name)
            {
                all.extend(self.mentions(value).into_iter().map(|inner| Mention { place: it.place, ..inner }));
            }
        }
        all
    }

    /// Whether the expression at the place is, or is made in sight of, the whole of what was read at the other place.
    pub fn shows(&self, place: Place, source: Place) -> bool {
        let name = names::last_name(self.text(source));
        let is_shown = |it: &Mention| !it.is_part && names::last_name(&it.name) == name;
        contains(place, source) || self.mentions_through(place).iter().any(is_shown)
    }

    /// Where data of the kind that is in the argument comes from.
    pub fn data_places(&self, argument: &ArgFact, kind: &str) -> Vec<Place> {
        let Some(kind) = kinds::source(kind) else { return Vec::new() };
        let fitting = argument.data.iter().filter(|it| self.facts.kind_of(it.0).is_a(kind));
        fitting.map(|it| self.facts.origin_place(it.0)).collect()
    }

    /// Where values of the kind come into the project, each as long as it was read.
    pub fn origins(&self, kind: &str) -> Vec<Place> {
        let mut all: Vec<Place> = kinds::source(kind).map(|it| self.facts.origins_of(it).collect()).unwrap_or_default();
        all.sort();
        all.dedup();
        all
    }

    /// Values at sinks of the kind, whatever is known of them.
    pub fn arrivals(&self, kind: &str) -> Vec<&'a Arrival> {
        let Some(kind) = kinds::sink(kind) else { return Vec::new() };
        self.asked.borrow_mut().push(Asked { sinks: vec![kind], ..Asked::default() });
        self.facts.arrivals.iter().filter(|it| it.sink.is_a(kind)).collect()
    }

    /// What was asked since the last time.
    pub fn take_asked(&self) -> Vec<Asked> {
        self.asked.take()
    }

    /// Whether some data of the kind is in the argument.
    pub fn has_data(&self, argument: &ArgFact, kind: &str) -> bool {
        let Some(kind) = kinds::source(kind) else { return false };
        argument.data.iter().any(|it| self.facts.kind_of(it.0).is_a(kind))
    }

    /// Whether a rule that is silent in tests is silent here.
    pub fn is_test(&self, place: Place) -> bool {
        !self.tests_count && self.loaded.file(place.file).is_test
    }

    /// Whether it only runs where nothing is at stake: in a branch for development.
    pub fn is_for_development(&self, place: Place) -> bool {
        self.written.branches_around(place).any(|it| {
            let test = self.text(it.test);
            names::mentions("development", test) || names::mentions("production", test)
        })
    }

    /// Whether it only runs where the file is started as the program.
    pub fn is_main_only(&self, place: Place) -> bool {
        self.written.branches_around(place).any(|it| names::mentions("as-program", self.text(it.test)))
    }

    /// The function around a place, by name; empty at the top level.
    pub fn function_name(&self, place: Place) -> &str {
        self.written.function_at(place).map_or("", |it| it.name.as_str())
    }

    /// Where the reader changes it: the property or keyword that says it, else the argument, else the call.
    pub fn place_of(&self, call: &Call<'_>, role: &str, properties: &[&str]) -> Place {
        let argument = call.event.role(role).and_then(|it| it.place);
        let around = argument.unwrap_or(call.call.place);
        self.written.property_in(around, properties).map_or(around, |it| it.place)
    }

    pub fn text(&self, place: Place) -> &'a str {
        let text = &self.loaded.file(place.file).text;
        text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default()
    }

    /// The text at a place and what stands behind it on its last line.
    pub fn text_to_line_end(&self, place: Place) -> &'a str {
        let text = self.loaded.file(place.file).text.get(place.span.start as usize..).unwrap_or_default();
        let own = (place.span.end - place.span.start) as usize;
        let rest = text.get(own..).and_then(|it| it.find('\n')).unwrap_or(text.len().saturating_sub(own));
        text.get(..own + rest).unwrap_or_default()
    }

    pub fn piece(&self, place: Place) -> Piece<'a> {
        Piece { place, text: self.text(place) }
    }

    pub fn flows(&self, query: &FlowQuery) -> Vec<Flow<'a>> {
        let sources: Vec<KindId> = query.sources.iter().filter_map(|it| kinds::source(it)).collect();
        let sinks: Vec<KindId> = query.sinks.iter().filter_map(|it| kinds::sink(it)).collect();
        let asked = Asked { sources: sources.clone(), sinks: sinks.clone(), calls: None };
        self.asked.borrow_mut().push(asked);
        let mut found = Vec::new();
        for event in &self.facts.flows {
            if !sinks.iter().any(|it| event.sink.is_a(*it)) {
                continue;
            }
            let kind = self.facts.origin_kind(event);
            let unknown = kind.name() == "unknown";
            let wanted = sources.iter().any(|it| kind.is_a(*it));
            // Nobody knows who calls the program.
            let is_open = unknown || kind.name() == "cli";
            let in_fragment = is_open && query.in_fragments && self.facts.is_fragment(event.place.file);
            if !(wanted || in_fragment) {
                continue;
            }
            found.push(self.flow(event, kind, in_fragment));
        }
        found
    }

    /// Those of the first query at places where the second one has none: one defect is one finding.
    pub fn flows_besides(&self, query: &FlowQuery, other: &FlowQuery) -> Vec<Flow<'a>> {
        let taken: BTreeSet<Place> = self.flows(other).iter().map(|it| it.sink.place).collect();
        let mut flows = self.flows(query);
        flows.retain(|it| !taken.contains(&it.sink.place));
        flows
    }

    /// Whether the place is in code given without its project.
    pub fn is_in_fragment(&self, place: Place) -> bool {
        self.facts.is_fragment(place.file)
    }

    fn flow(&self, event: &'a FlowEvent, kind: KindId, unknown: bool) -> Flow<'a> {
        let steps = self.facts.way(event.step);
        let source = steps.first().map_or(event.place, |it| it.place);
        let confidence =
            if unknown || event.guessed_sink || event.guess { Confidence::Medium } else { Confidence::High };
        Flow {
            event,
            source: self.piece(source),
            sink: self.piece(event.place),
            callee: self.piece(event.callee),
            source_kind: kind,
            sink_kind: event.sink,
            confidence,
            steps,
        }
    }

    pub fn calls(&self, kind: &str) -> Vec<Call<'a>> {
        let Some(kind) = kinds::call(kind) else { return Vec::new() };
        self.asked.borrow_mut().push(Asked { calls: Some(kind), ..Asked::default() });
        self.facts
            .calls
            .iter()
            .filter(|it| it.kind == kind)
            .map(|event| Call { event, callee: self.piece(event.callee), call: self.piece(event.place) })
            .collect()
    }
}

/// An expression in a message: one line, not too long.
pub fn quote(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTE_MAX {
        return line;
    }
    let start: String = line.chars().take(QUOTE_MAX - 1).collect();
    format!("{start}…")
}

impl Finding {
    /// Adds the way of the data, and lowers the confidence to the flow's.
    #[must_use]
    pub fn flow(mut self, flow: &Flow<'_>) -> Finding {
        let mut steps = flow.steps.clone();
        if steps.len() > STEPS_MAX {
            let tail = steps.split_off(steps.len() - (STEPS_MAX - 1));
            steps.truncate(1);
            steps.extend(tail);
        }
        // What is source and sink at once is a sink.
        if let Some(last) = steps.last_mut() {
            last.kind = StepKind::Sink;
        }
        self.flow = steps;
        self.confidence(flow.confidence)
    }
}
