//! Text made by a template with places for values: `%` and `format`, where the template is known.

use super::machine::{Args, Machine};
use super::value::{Atom, Value};
use crate::Place;

/// A template in parts.
enum Part {
    Literal(String),
    /// A value by its name or position; the next one where there is neither.
    Field {
        name: String,
        number: bool,
    },
}

impl Machine<'_> {
    /// `template % operand`.
    pub(super) fn percent(&mut self, template: &Value, operand: &Value, place: Place) -> Option<Value> {
        let parts = percent_parts(&self.constant_str(template)?)?;
        let mut args = Args::default();
        match operand.object() {
            Some(id) if self.is_array(operand) => {
                let elements = self.heap.known_elements(id)?;
                args.positional.extend(elements.into_iter().map(|it| (it.adding(&operand.labels), place)));
            }
            Some(_) => args.keyword_rest = Some((operand.clone(), place)),
            None => args.positional.push((operand.clone(), place)),
        }
        self.filled(parts, &args, place)
    }

    /// `template.format(…)`.
    pub(super) fn formatted(&mut self, template: &Value, args: &Args, place: Place) -> Option<Value> {
        let parts = brace_parts(&self.constant_str(template)?)?;
        self.filled(parts, args, place)
    }

    fn filled(&mut self, parts: Vec<Part>, args: &Args, place: Place) -> Option<Value> {
        let mut next = 0;
        let mut values = Vec::new();
        for part in parts {
            let (name, number) = match part {
                Part::Literal(text) => {
                    values.push((self.text_value(&text), place));
                    continue;
                }
                Part::Field { name, number } => (name, number),
            };
            let value = if name.is_empty() {
                next += 1;
                args.get(next - 1)?.0.clone()
            } else if let Ok(index) = name.parse::<usize>() {
                args.get(index)?.0.clone()
            } else {
                self.named_argument(&name, args, place)?
            };
            let value = match number {
                true if value.as_number().is_none() => {
                    let labels = self.numeric_labels(&self.as_text_labels(&value));
                    Value::labelled(Atom::AnyNumber, labels)
                }
                _ => value,
            };
            values.push((value, place));
        }
        Some(self.concat(values, place))
    }

    fn named_argument(&mut self, name: &str, args: &Args, place: Place) -> Option<Value> {
        let sym = self.intern(name);
        if let Some(found) = args.keywords.iter().find(|it| it.0 == sym) {
            return Some(found.1.clone());
        }
        let (rest, _) = args.keyword_rest.clone()?;
        let key = self.text_value(name);
        Some(self.index(&rest, &key, None, place))
    }
}

/// The parts of a template for `%`; nothing if it is none.
fn percent_parts(template: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = template.chars().peekable();
    while let Some(it) = chars.next() {
        if it != '%' {
            literal.push(it);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            literal.push('%');
            continue;
        }
        let mut name = String::new();
        if chars.peek() == Some(&'(') {
            chars.next();
            name.extend(chars.by_ref().take_while(|it| *it != ')'));
        }
        while chars.next_if(|it| matches!(it, '#' | '-' | '+' | ' ' | '.' | '0'..='9')).is_some() {}
        let conversion = chars.next()?;
        if !conversion.is_ascii_alphabetic() {
            return None;
        }
        parts.push(Part::Literal(std::mem::take(&mut literal)));
        parts.push(Part::Field {
            name,
            number: matches!(conversion, 'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'e' | 'f' | 'g'),
        });
    }
    parts.push(Part::Literal(literal));
    Some(parts)
}

/// The parts of a template for `format`; nothing if a field takes parts of its value or is computed itself.
fn brace_parts(template: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = template.chars().peekable();
    while let Some(it) = chars.next() {
        match it {
            '{' | '}' if chars.peek() == Some(&it) => {
                chars.next();
                literal.push(it);
            }
            '{' => {
                let field: String = chars.by_ref().take_while(|it| *it != '}').collect();
                let name = field.split([':', '!']).next().unwrap_or_default();
                if name.contains(['.', '[', '{']) || field.contains('{') {
                    return None;
                }
                parts.push(Part::Literal(std::mem::take(&mut literal)));
                parts.push(Part::Field { name: name.to_owned(), number: field.ends_with('d') && field.contains(':') });
            }
            '}' => return None,
            it => literal.push(it),
        }
    }
    parts.push(Part::Literal(literal));
    Some(parts)
}
