//! Operations on texts and numbers.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::path_facts::PathFacts;
use super::value::{Atom, Label, Piece, Value};
use crate::finding::StepKind;
use crate::model::rows::{EffectRow, Op, ValueType};
use crate::model::{Chars, KindSet};

impl<'a> Machine<'a> {
    pub(super) fn text_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let first = call.args.value(usize::from(row.on.is_some()));
        Some(match row.op {
            Op::Join => {
                let separator = if row.on.is_some() { call.this.clone() } else { first };
                return Some(self.join_texts(on, &separator, call));
            }
            Op::Concat => {
                let mut pieces = vec![(on.clone(), call.callee_place)];
                pieces.extend(call.args.positional.iter().cloned());
                self.concat(pieces, call.place)
            }
            Op::Upper | Op::Lower | Op::Trim => self.map_text(on, row.op, call),
            Op::Replace => self.replace(on, row, call),
            Op::Split => self.split(on, &first, call),
            Op::Partition => self.partition(on, &first, call),
            Op::Slice => {
                let upper = call.args.get(1 + usize::from(row.on.is_some())).map(|it| it.0.clone());
                let lower = if first.is_absent() { None } else { Some(first) };
                self.slice(on, lower.as_ref(), upper.as_ref(), None, call.place)
            }
            Op::CharAt => match self.key_of(&first) {
                Some(key) => self.key_read(on, key, None, call.place),
                None => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Reverse => {
                if let Some(id) = on.object() {
                    match self.heap.known_elements(id) {
                        Some(mut elements) => {
                            elements.reverse();
                            self.heap.set_array(id, elements);
                        }
                        None => self.heap.blur(id),
                    }
                }
                on.clone()
            }
            Op::Flat => {
                if let Some(elements) = on.object().and_then(|it| self.heap.known_elements(it))
                    && call.args.positional.is_empty()
                {
                    let parts: Vec<Value> = elements
                        .into_iter()
                        .map(|it| if it.object().is_some() { it } else { self.new_array(vec![it]) })
                        .collect();
                    return Some(self.concat_arrays(&parts));
                }
                let element = self.elements_of(on);
                let inner = if element.object().is_some() { self.elements_of(&element) } else { element };
                self.new_list_of(inner)
            }
            Op::Length => {
                let value = if row.on.is_some() || call.args.positional.is_empty() { on.clone() } else { first };
                self.length(&value)
            }
            Op::IndexOf => match (self.constant_str(on), self.constant_str(&first)) {
                (Some(text), Some(part)) => Value::number(text.find(&*part).map_or(-1.0, |it| it as f64)),
                _ => match (on.object().and_then(|it| self.heap.known_elements(it)), &first) {
                    (Some(elements), key)
                        if key.labels.is_empty() && elements.iter().all(|it| self.equal(it, key, false).is_some()) =>
                    {
                        let found = elements.iter().position(|it| self.equal(it, key, false) == Some(true));
                        Value::number(found.map_or(-1.0, |it| it as f64))
                    }
                    _ => Value::atom(Atom::AnyNumber),
                },
            },
            Op::StartsWith | Op::EndsWith => match (self.constant_str(on), self.constant_str(&first)) {
                (Some(text), Some(part)) => Value::bool(if row.op == Op::StartsWith {
                    text.starts_with(&*part)
                } else {
                    text.ends_with(&*part)
                }),
                (None, Some(part)) if row.op == Op::StartsWith && self.route.is_some() => {
                    match self.begins_with(on, &part) {
                        Some(it) => Value::bool(it),
                        None => Value::atom(Atom::AnyBool),
                    }
                }
                _ => Value::atom(Atom::AnyBool),
            },
            Op::Pad => match call.args.get(1) {
                Some((fill, _)) => {
                    let fill = fill.clone();
                    self.derived(&[on, &fill], Atom::AnyText, call)
                }
                None => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Repeat => match (self.constant_str(on), first.as_number()) {
                (Some(text), Some(count)) if (0.0..=64.0).contains(&count) => {
                    self.text_value(&text.repeat(count as usize))
                }
                _ => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Format => {
                if let Some(text) = self.formatted(on, &call.args, call.place) {
                    return Some(text);
                }
                let mut values = vec![on.clone()];
                values.extend(self.arg_values(call));
                values.extend(call.args.keywords.iter().map(|it| it.1.clone()));
                let values: Vec<&Value> = values.iter().collect();
                self.derived(&values, Atom::AnyText, call)
            }
            Op::ToText => {
                let value = if row.on.is_some()
                    || call.args.positional.is_empty()
                    || matches!(call.this.single(), Some(Atom::Object(_))) && call.args.positional.is_empty()
                {
                    on.clone()
                } else {
                    first
                };
                self.as_text(&value, call)
            }
            Op::ToNumber | Op::ToInteger => {
                let value = if row.on.is_some() { on.clone() } else { first };
                self.as_number_of(&value, row.op == Op::ToInteger, call)
            }
            Op::ToBool => {
                let value = if row.on.is_some() { on.clone() } else { first };
                match self.truth(&value, self.ir().semantics) {
                    Some(it) => Value::bool(it),
                    None => Value::atom(Atom::AnyBool),
                }
            }
            Op::IsType if let Some(crate::model::rows::TypeTest::Class(at)) = &row.is => {
                let class = self.operand(at, call).unwrap_or_default();
                let subject = if row.on.is_some() { on.clone() } else { call.args.value(0) };
                match self.is_instance(&subject, &class) {
                    Some(it) => Value::bool(it),
                    None => Value::atom(Atom::AnyBool),
                }
            }
            Op::Test | Op::IsType => {
                let text = self.operand_or(&row.text, call, 0).unwrap_or_default();
                self.slow_match(row, on, &text, call);
                return Some(self.test_value(row, on, call));
            }
            Op::Match => {
                let text = self.operand_or(&row.text, call, 0).unwrap_or_default();
                let source = if row.text.is_some() { text } else { on.clone() };
                self.slow_match(row, on, &source, call);
                let labels = self.as_text_labels(&source);
                let labels = self.stepped(&labels, call.place);
                let pattern = match &row.pattern {
                    Some(place) => self.operand(place, call).unwrap_or_default(),
                    None => on.clone(),
                };
                let source = match pattern.single() {
                    Some(Atom::Regex { pattern, .. }) => Some(self.text(*pattern)),
                    Some(Atom::Text(sym)) if row.pattern.is_some() => Some(self.text(*sym)),
                    _ => None,
                };
                let labels = match source.and_then(|it| super::regexes::matched(&it)) {
                    Some(chars) => self.limited_labels(&labels, chars),
                    None => labels,
                };
                let language = self.language();
                let group = Value::labelled(Atom::AnyText, labels.clone());
                match self.places.named_type(language, "Match") {
                    Some(state) => Value::labelled(Atom::Lib(state), labels).join(&Value::atom(Atom::Null)),
                    None => self.new_list_of(group),
                }
            }
            Op::Range => self.range(call),
            Op::Enumerate => {
                let list = if row.on.is_some() { on.clone() } else { first };
                let list = self.iterable(list);
                let start = row.default.as_ref().and_then(|it| self.operand(it, call));
                let start = start.map_or(Some(0.0), |it| it.as_number());
                match list.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) => {
                        let pairs = elements
                            .into_iter()
                            .enumerate()
                            .map(|(index, it)| {
                                let index = start.map(|start| Value::number(start + index as f64));
                                self.new_array(vec![index.unwrap_or(Value::atom(Atom::AnyNumber)), it])
                            })
                            .collect();
                        self.new_array(pairs)
                    }
                    None => {
                        let element = self.elements_of(&list);
                        let pair = self.new_array(vec![Value::atom(Atom::AnyNumber), element]);
                        self.new_list_of(pair)
                    }
                }
            }
            Op::Zip => {
                let lists = self.arg_values(call);
                let lists: Vec<Value> = lists.into_iter().map(|it| self.iterable(it)).collect();
                let known: Option<Vec<Vec<Value>>> =
                    lists.iter().map(|it| it.object().and_then(|it| self.heap.known_elements(it))).collect();
                if let Some(known) = known.filter(|_| call.args.rest.is_none()) {
                    let count = known.iter().map(Vec::len).min().unwrap_or(0).min(super::loops::UNROLL_MAX);
                    let rows = (0..count).map(|at| known.iter().map(|it| it[at].clone()).collect());
                    let rows: Vec<Vec<Value>> = rows.collect();
                    let rows = rows.into_iter().map(|it| self.new_array(it)).collect();
                    return Some(self.new_array(rows));
                }
                let parts: Vec<Value> = lists.iter().map(|it| self.elements_of(it)).collect();
                let tuple = self.new_array(parts);
                self.new_list_of(tuple)
            }
            Op::Min | Op::Max => self.extreme(row, call),
            Op::Sum => {
                let numbers: Option<Vec<f64>> = on
                    .object()
                    .and_then(|it| self.heap.known_elements(it))
                    .and_then(|it| it.iter().map(Value::as_number).collect());
                match numbers {
                    Some(numbers) if call.args.positional.len() == 1 => Value::number(numbers.iter().sum()),
                    _ => Value::labelled(Atom::AnyNumber, self.numeric_labels(&first.labels)),
                }
            }
            Op::Abs | Op::Round => {
                let labels = self.numeric_labels(&first.labels);
                Value::labelled(Atom::AnyNumber, labels)
            }
            Op::ParseJson => {
                let labels = self.stepped(&first.labels, call.place);
                let labels = labels.map(|it| Label { structured: true, keys: true, ..it.clone() });
                Value::labelled(Atom::Unknown(None), labels)
            }
            Op::WriteJson => {
                let json = self.natives.json;
                let first = match self.own_method(&first, json) {
                    Some(method) => self.call_value(&method, first, Args::default(), call.place),
                    None => first,
                };
                // Control characters are written as escapes.
                let text = self.derived(&[&first], Atom::AnyText, call);
                let labels = self.limited_labels(&text.labels, Chars::of("\r\n\t").complement());
                // Among code it is a literal.
                let code = Machine::sink_kind("code");
                text.with_labels(labels.map(|it| {
                    let mut safe = it.safe;
                    safe.insert(code);
                    Label { safe, ..it.clone() }
                }))
            }
            Op::JoinPath | Op::NormalizePath | Op::ResolvePath | Op::RelativePath => self.path_op(row.op, call),
            Op::IsAbsolutePath => Value::atom(Atom::AnyBool),
            _ => return None,
        })
    }

    fn range(&mut self, call: &Call) -> Value {
        let bounds: Option<Vec<f64>> = call.args.positional.iter().map(|it| it.0.as_number()).collect();
        let (start, end, step) = match bounds.as_deref() {
            Some([end]) => (0.0, *end, 1.0),
            Some([start, end]) => (*start, *end, 1.0),
            Some([start, end, step]) if *step != 0.0 => (*start, *end, *step),
            _ => return self.new_list_of(Value::atom(Atom::AnyNumber)),
        };
        let count = ((end - start) / step).ceil().max(0.0);
        if count > super::loops::UNROLL_MAX as f64 {
            return self.new_list_of(Value::atom(Atom::AnyNumber));
        }
        let numbers = (0..count as u32).map(|it| Value::number(start + f64::from(it) * step)).collect();
        self.new_array(numbers)
    }

    /// The smallest or largest of some values.
    fn extreme(&mut self, row: &EffectRow, call: &Call) -> Value {
        let mut values = Vec::new();
        let mut is_exact = call.args.rest.is_none();
        for value in self.arg_values(call) {
            let value = self.iterable(value);
            match value.object().map(|it| self.heap.known_elements(it)) {
                Some(Some(elements)) => values.extend(elements),
                Some(None) => {
                    is_exact = false;
                    values.push(self.elements_of(&value));
                }
                None => values.push(value),
            }
        }
        if is_exact && let Some(found) = self.ranked(row, &values, call) {
            return found;
        }
        let mut all = values.iter().fold(Value::absent(), |all, it| all.join(it));
        // The smaller of something and a constant has a bound.
        let is_bounded = call.args.positional.iter().any(|it| it.0.labels.is_empty());
        if row.op == Op::Min && call.args.positional.len() > 1 && is_bounded {
            let mut safe = KindSet::NONE;
            safe.insert(Machine::sink_kind("size"));
            all.labels = self.safe_labels(&all.labels, safe);
        }
        // One of several records is a record.
        if all.atoms().iter().any(|it| matches!(it, Atom::Object(_) | Atom::Text(_) | Atom::Shape(_))) {
            return all;
        }
        Value { atoms: super::value::Atoms::One(Atom::AnyNumber), labels: all.labels }
    }

    /// The first or last of some values, by numbers that are known.
    fn ranked(&mut self, row: &EffectRow, values: &[Value], call: &Call) -> Option<Value> {
        let by = row.callback.as_ref().and_then(|it| self.operand(it, call)).filter(|it| !it.is_absent());
        let mut best: Option<(f64, &Value)> = None;
        for value in values.iter().take(super::loops::UNROLL_MAX) {
            let rank = match &by {
                Some(by) => self.maybe_call(by, vec![value.clone()], call).as_number()?,
                None => value.as_number()?,
            };
            let is_better = best.is_none_or(|it| if row.op == Op::Min { rank < it.0 } else { rank > it.0 });
            if is_better {
                best = Some((rank, value));
            }
        }
        best.filter(|_| values.len() <= super::loops::UNROLL_MAX).map(|it| it.1.clone())
    }

    pub(super) fn join_texts(&mut self, list: &Value, separator: &Value, call: &Call) -> Value {
        let separator = if separator.is_absent() { self.text_value(",") } else { separator.clone() };
        match list.object().and_then(|it| self.known_iteration(it)) {
            Some(elements) if elements.len() <= 16 => {
                let mut pieces = Vec::new();
                for (index, element) in elements.into_iter().enumerate() {
                    if index > 0 {
                        pieces.push((separator.clone(), call.place));
                    }
                    pieces.push((element, call.place));
                }
                self.concat(pieces, call.place)
            }
            _ => {
                let element = self.elements_of(list);
                if element.labels.is_empty()
                    && let Some(texts) = self.constant_texts(&element)
                    && texts.len() == 1
                {
                    return Value::atom(Atom::AnyText);
                }
                self.derived(&[&element, &separator], Atom::AnyText, call)
            }
        }
    }

    pub(super) fn map_text(&mut self, on: &Value, op: Op, call: &Call) -> Value {
        if let Some(texts) = self.constant_texts(on) {
            let mut all = Value::absent();
            for text in texts {
                let text = match op {
                    Op::Upper => text.to_uppercase(),
                    Op::Lower => text.to_lowercase(),
                    _ if call.args.positional.is_empty() => text.trim().to_owned(),
                    _ => return Value::atom(Atom::AnyText),
                };
                all = all.join(&self.text_value(&text));
            }
            return all;
        }
        if let Some(Atom::Shape(_)) = on.single() {
            return self.step_value(StepKind::Propagate, on.clone(), call.place);
        }
        self.derived(&[on], Atom::AnyText, call)
    }

    /// `text.replace(what, with)`: constants folded; characters that are replaced by nothing are gone.
    pub(super) fn replace(&mut self, on: &Value, row: &EffectRow, call: &Call) -> Value {
        let pattern = self.operand_or(&row.pattern, call, 0).unwrap_or_default();
        let with = self.operand_or(&row.value, call, 1).unwrap_or_default();
        let subject = match &row.text {
            Some(place) => self.operand(place, call).unwrap_or_default(),
            None => on.clone(),
        };
        if let (Some(text), Some(what), Some(with)) =
            (self.constant_str(&subject), self.constant_str(&pattern), self.constant_str(&with))
            && row.pattern.is_none()
        {
            let all = self.ir().semantics.negative_index;
            let replaced = if all { text.replace(&*what, &with) } else { text.replacen(&*what, &with, 1) };
            return self.text_value(&replaced);
        }
        if matches!(with.single(), Some(Atom::Closure(_))) {
            if let Some(replaced) = self.replaced_one_by_one(&subject, &pattern, &with, call) {
                return replaced;
            }
            let labels = self.as_text_labels(&subject);
            let group = Value::labelled(Atom::AnyText, labels.clone());
            let result = self.maybe_call(&with, vec![group.clone(), group], call);
            let fixed = result.labels.is_empty();
            let labels = self.stepped(&labels.join(&result.labels), call.place);
            let gone = self.replaced_characters(&pattern, row).filter(|_| fixed);
            let labels = match gone {
                Some(gone) => self.limited_labels(&labels, gone.complement()),
                None => labels,
            };
            return Value::labelled(Atom::AnyText, labels);
        }
        self.slow_pattern(&pattern, &subject, row, call);
        let labels = self.as_text_labels(&subject);
        let gone = self.replaced_characters(&pattern, row);
        let labels = match (gone, self.constant_str(&with)) {
            (Some(gone), Some(with)) => {
                let left = gone.complement().union(Chars::of(&with));
                self.limited_labels(&labels, left)
            }
            _ => labels,
        };
        let level = self.constant_str(&with).is_some_and(|it| !it.contains('.')) && self.removes_climbs(&pattern, row);
        let labels = match level {
            true => labels.map(|it| Label { path: it.path.with(PathFacts::LEVEL), ..it.clone() }),
            false => labels,
        };
        let labels = labels.join(&self.as_text_labels(&with));
        let labels = self.stepped(&labels, call.place);
        Value::labelled(Atom::AnyText, labels)
    }

    /// A known text in which a function replaces what a known expression finds.
    fn replaced_one_by_one(&mut self, subject: &Value, pattern: &Value, with: &Value, call: &Call) -> Option<Value> {
        let text = self.constant_str(subject)?;
        let Some(Atom::Regex { pattern, flags }) = pattern.single() else { return None };
        let (source, flags) = (self.text(*pattern), self.text(*flags));
        if &*flags != "g" {
            return None;
        }
        let regex = regex::RegexBuilder::new(&source).size_limit(1 << 18).build().ok()?;
        let mut pieces = Vec::new();
        let mut end = 0;
        for found in regex.captures_iter(&text).take(super::loops::UNROLL_MAX) {
            let whole = found.get(0)?;
            pieces.push((self.text_value(&text[end..whole.start()]), call.place));
            let groups = found.iter().map(|it| it.map_or("", |it| it.as_str())).collect::<Vec<_>>();
            let groups = groups.into_iter().map(|it| self.text_value(it)).collect();
            pieces.push((self.maybe_call(with, groups, call), call.place));
            end = whole.end();
        }
        pieces.push((self.text_value(&text[end..]), call.place));
        Some(self.concat(pieces, call.place))
    }

    /// Characters of which no occurrence is left.
    pub(super) fn replaced_characters(&mut self, pattern: &Value, row: &EffectRow) -> Option<Chars> {
        let every = self.ir().semantics.negative_index;
        match pattern.single()? {
            Atom::Regex { pattern, flags } if every || self.text(*flags).contains('g') => {
                super::regexes::removed(&self.text(*pattern))
            }
            Atom::Text(sym) => {
                let text = self.text(*sym);
                if row.pattern.is_some() {
                    return super::regexes::removed(&text);
                }
                let all = every || row.full;
                (all && text.chars().count() == 1).then(|| Chars::of(&text))
            }
            _ => None,
        }
    }

    /// No `..` is left; of `....//` without `../` one is.
    fn removes_climbs(&mut self, pattern: &Value, row: &EffectRow) -> bool {
        let every = self.ir().semantics.negative_index;
        match pattern.single() {
            Some(Atom::Regex { pattern, flags }) if every || self.text(*flags).contains('g') => {
                &*self.text(*pattern) == r"\.\."
            }
            Some(Atom::Text(sym)) if row.pattern.is_none() => (every || row.full) && &*self.text(*sym) == "..",
            _ => false,
        }
    }

    pub(super) fn split(&mut self, on: &Value, separator: &Value, call: &Call) -> Value {
        if let (Some(text), Some(separator)) = (self.constant_str(on), self.constant_str(separator))
            && call.args.positional.len() == 1
            && !separator.is_empty()
        {
            let parts: Vec<String> = text.split(&*separator).map(str::to_owned).collect();
            if parts.len() <= 64 {
                let parts = parts.iter().map(|it| self.text_value(it)).collect();
                return self.new_array(parts);
            }
        }
        if let Some(Atom::Regex { pattern, flags }) = separator.single() {
            self.slow_regex((*pattern, *flags), (false, false), on, call);
        }
        let labels = self.as_text_labels(on);
        let labels = self.stepped(&labels, call.place);
        let others = self.new_list_of(Value::labelled(Atom::AnyText, labels));
        // Parts that end within the literal beginning are known.
        if let (Some(Atom::Shape(shape)), Some(separator)) = (on.single(), self.constant_str(separator))
            && let Some(Piece::Literal(first)) = shape.first()
            && !separator.is_empty()
            && let Some(list) = others.object()
        {
            let first = self.text(*first);
            let parts: Vec<&str> = first.split(&*separator).collect();
            for (index, part) in parts.iter().take(parts.len() - 1).enumerate() {
                let part = self.text_value(part);
                self.heap.write(Loc::Field(list, Key::Index(index as u32)), part);
            }
            self.heap.write(Loc::Len(list), Value::atom(Atom::AnyNumber));
        }
        others
    }

    /// What stands before a separator, the separator or nothing, and what stands behind it.
    fn partition(&mut self, on: &Value, separator: &Value, call: &Call) -> Value {
        let parts = self.split(on, separator, call);
        let list = parts.object();
        let first = list.and_then(|it| self.heap.field(it, Key::Index(0)).cloned());
        let others = self.elements_of(&parts);
        let nothing = self.text_value("");
        self.new_array(vec![first.unwrap_or_else(|| others.clone()), separator.join(&nothing), others])
    }

    pub fn as_text(&mut self, value: &Value, call: &Call) -> Value {
        let value = &self.settled(value.clone());
        let made = self.text_of_instance(value);
        let value = made.as_ref().unwrap_or(value);
        if value.labels.is_empty()
            && let Some(atom) = value.single()
            && let Some(sym) = self.constant_text(atom)
        {
            return Value::atom(Atom::Text(sym));
        }
        if value.is_surely_text() {
            return value.clone();
        }
        self.derived(&[value], Atom::AnyText, call)
    }

    pub(super) fn as_number_of(&mut self, value: &Value, integer: bool, call: &Call) -> Value {
        if let Some(it) = value.as_number() {
            return Value::number(if integer { it.trunc() } else { it });
        }
        if let Some(text) = self.constant_str(value)
            && let Ok(it) = text.trim().parse::<f64>()
        {
            return Value::number(it);
        }
        let labels = self.deep_labels(value);
        let labels = self.numeric_labels(&labels);
        let labels = self.stepped(&labels, call.place);
        Value::labelled(Atom::AnyNumber, labels)
    }

    pub(super) fn test_value(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        if row.op == Op::Test {
            let pattern = match &row.pattern {
                Some(place) => self.operand(place, call).unwrap_or_default(),
                None => on.clone(),
            };
            let text = self.operand_or(&row.text, call, 0).unwrap_or_default();
            if let (Some(Atom::Regex { pattern, flags }), Some(text)) = (pattern.single(), self.constant_str(&text))
                && self.text(*flags).chars().all(|it| it == 'g')
                && let Ok(regex) = regex::RegexBuilder::new(&self.text(*pattern)).size_limit(1 << 18).build()
            {
                return Value::bool(regex.is_match(&text));
            }
        }
        let is = match &row.is {
            Some(crate::model::rows::TypeTest::Type(it)) if row.op == Op::IsType => *it,
            _ => return Value::atom(Atom::AnyBool),
        };
        let subject = if row.on.is_some() { on.clone() } else { call.args.value(0) };
        self.is_of_type(&subject, is).map_or(Value::atom(Atom::AnyBool), Value::bool)
    }

    /// Whether a value that is known is of a type.
    fn is_of_type(&self, value: &Value, is: ValueType) -> Option<bool> {
        let kind = |id: &super::value::ObjectId| self.heap.object(*id).kind;
        Some(match (value.single()?, is) {
            (Atom::Text(_) | Atom::Shape(_), it) => it == ValueType::Text,
            (Atom::Number(_), ValueType::Integer) => return None,
            (Atom::Number(_), it) => it == ValueType::Number,
            (Atom::Null | Atom::Undefined, _) => false,
            (Atom::Object(id), ValueType::Array) if kind(id) == ObjectKind::Array => true,
            (Atom::Object(id), ValueType::Array) if kind(id) == ObjectKind::Plain => false,
            (Atom::Object(id), ValueType::Object) if kind(id) == ObjectKind::Plain => true,
            (Atom::Object(id), ValueType::Text | ValueType::Number | ValueType::Integer | ValueType::Bool)
                if matches!(kind(id), ObjectKind::Array | ObjectKind::Plain) =>
            {
                false
            }
            _ => return None,
        })
    }
}
