//! Reading the keys of one table: what is missing, misspelt or of the wrong form becomes an error at its path.

use super::place::CallPlace;
use super::rows::Constant;
use super::schema::{ModelError, PathPart, Table, Value};
use super::words;

/// A table that is being read. Every key that is asked for is a known one; the others are errors.
pub(super) struct Fields<'a> {
    table: &'a Table,
    path: Vec<PathPart>,
    known: Vec<&'static str>,
    pub errors: Vec<ModelError>,
}

impl<'a> Fields<'a> {
    pub fn new(table: &'a Table, path: Vec<PathPart>) -> Fields<'a> {
        Fields { table, path, known: Vec::new(), errors: Vec::new() }
    }

    pub fn table(&self) -> &'a Table {
        self.table
    }

    pub fn path(&self) -> &[PathPart] {
        &self.path
    }

    /// The errors, with one for each key that nobody asked for.
    pub fn finish(mut self) -> Vec<ModelError> {
        for key in self.table.keys() {
            if !self.known.contains(&key.as_str()) {
                let message = words::unknown("unknown key", key, self.known.iter().copied());
                self.error(Some(key), message);
            }
        }
        self.errors
    }

    pub fn error(&mut self, key: Option<&str>, message: impl Into<String>) {
        let mut path = self.path.clone();
        path.extend(key.map(|key| PathPart::Key(key.to_owned())));
        self.errors.push(ModelError { file: 0, path, message: message.into() });
    }

    fn error_at(&mut self, key: &str, index: usize, message: String) {
        self.error(Some(key), message);
        if let (Some(error), Some(Value::List(_))) = (self.errors.last_mut(), self.table.get(key)) {
            error.path.push(PathPart::Index(index));
        }
    }

    pub fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.table.get(key)
    }

    pub fn required(&mut self, key: &'static str) {
        if !self.table.contains_key(key) {
            self.error(None, format!("`{key}` is missing"));
        }
    }

    pub fn text(&mut self, key: &'static str) -> Option<&'a str> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            other => self.wrong(key, "a text", other),
        }
    }

    pub fn flag(&mut self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(Value::Bool(it)) => *it,
            Some(other) => self.wrong(key, "true or false", other).unwrap_or_default(),
        }
    }

    pub fn count(&mut self, key: &'static str) -> Option<u32> {
        match self.get(key)? {
            Value::Number(it) if *it >= 0.0 && it.fract() == 0.0 && *it <= f64::from(u32::MAX) => Some(*it as u32),
            other => self.wrong(key, "a whole number", other),
        }
    }

    /// A number or a list of numbers.
    pub fn counts(&mut self, key: &'static str) -> Vec<u32> {
        let mut counts = Vec::new();
        for (index, value) in self.list(key).iter().enumerate() {
            match value {
                Value::Number(it) if *it >= 0.0 && it.fract() == 0.0 && *it <= f64::from(u32::MAX) => {
                    counts.push(*it as u32);
                }
                other => self.error_at(key, index, format!("`{key}` holds whole numbers, not {}", other.name())),
            }
        }
        counts
    }

    /// A text or a list of texts.
    pub fn texts(&mut self, key: &'static str) -> Vec<&'a str> {
        let mut texts = Vec::new();
        for (index, value) in self.list(key).iter().enumerate() {
            match value {
                Value::Text(text) => texts.push(text.as_str()),
                other => self.error_at(key, index, format!("`{key}` holds texts, not {}", other.name())),
            }
        }
        texts
    }

    /// The value as a list; one that is none is a list of one.
    pub fn list(&mut self, key: &'static str) -> &'a [Value] {
        match self.get(key) {
            None => &[],
            Some(Value::List(list)) => list,
            Some(value) => std::slice::from_ref(value),
        }
    }

    /// Each text read by `read`; errors are reported at the text.
    pub fn each<T>(&mut self, key: &'static str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let texts = self.texts(key);
        let mut all = Vec::with_capacity(texts.len());
        for (index, text) in texts.into_iter().enumerate() {
            match read(text) {
                Ok(it) => all.push(it),
                Err(message) => self.error_at(key, index, message),
            }
        }
        all
    }

    pub fn places(&mut self, key: &'static str) -> Vec<CallPlace> {
        self.each(key, call_place)
    }

    pub fn place(&mut self, key: &'static str) -> Option<CallPlace> {
        let text = self.text(key)?;
        match call_place(text) {
            Ok(place) => Some(place),
            Err(message) => {
                self.error(Some(key), message);
                None
            }
        }
    }

    /// One of the known words.
    pub fn word<T: Copy>(&mut self, key: &'static str, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, it)| *it);
        if found.is_none() {
            let message = words::unknown(&format!("unknown {key}"), text, known.iter().map(|(name, _)| *name));
            self.error(Some(key), message);
        }
        found
    }

    /// A table whose keys are among `roles`; each entry as its role, its value and its path.
    pub fn by_role(&mut self, key: &'static str, roles: &[String]) -> Vec<(&'a str, &'a Value)> {
        let table = match self.get(key) {
            None => return Vec::new(),
            Some(Value::Table(table)) => table,
            Some(other) => {
                self.wrong::<()>(key, "a table of roles", other);
                return Vec::new();
            }
        };
        let mut entries = Vec::new();
        for (role, value) in table {
            if roles.iter().any(|known| known == role) {
                entries.push((role.as_str(), value));
            } else {
                self.error_in(key, role, words::unknown("unknown role", role, roles.iter().map(String::as_str)));
            }
        }
        entries
    }

    /// An error at an entry of the table under `key`.
    pub fn error_in(&mut self, key: &str, entry: &str, message: String) {
        self.error(Some(key), message);
        if let Some(error) = self.errors.last_mut() {
            error.path.push(PathPart::Key(entry.to_owned()));
        }
    }

    /// The tables of a list of tables, each to be read by itself.
    pub fn tables(&mut self, key: &'static str) -> Vec<Fields<'a>> {
        let mut tables = Vec::new();
        for (index, value) in self.list(key).iter().enumerate() {
            match value {
                Value::Table(table) => {
                    let mut path = self.path.clone();
                    path.extend([PathPart::Key(key.to_owned()), PathPart::Index(index)]);
                    tables.push(Fields::new(table, path));
                }
                other => self.error_at(key, index, format!("`{key}` holds tables, not {}", other.name())),
            }
        }
        tables
    }

    fn wrong<T>(&mut self, key: &str, wanted: &str, found: &Value) -> Option<T> {
        self.error(Some(key), format!("`{key}` must be {wanted}, not {}", found.name()));
        None
    }
}

pub(super) fn call_place(text: &str) -> Result<CallPlace, String> {
    CallPlace::parse(text).map_err(|error| error.message)
}

/// A scalar; `"<null>"` is the null of the language.
pub(super) fn constant(value: &Value) -> Option<Constant> {
    match value {
        Value::Bool(it) => Some(Constant::Bool(*it)),
        Value::Number(it) => Some(Constant::Number(*it)),
        Value::Text(it) if it == "<null>" => Some(Constant::Null),
        Value::Text(it) => Some(Constant::Text(it.clone())),
        Value::List(_) | Value::Table(_) => None,
    }
}
