//! What a run of lines stands in: that decides how it is parsed alone.

use super::blocks::starts_with_word;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Context {
    /// The top of a file.
    Statements,
    /// A function's body or a block.
    Body,
    Class,
    Interface,
    Object,
    /// Arguments or elements.
    List,
    Cases,
    Children,
}

/// Contexts to try for any lines. Between tags everything can be read: that is tried only below a tag.
const INNER: [Context; 6] =
    [Context::Body, Context::Object, Context::List, Context::Class, Context::Cases, Context::Interface];

impl Context {
    /// What makes a program of lines in this context.
    pub fn frame(self) -> (&'static str, &'static str) {
        match self {
            Context::Statements => ("", ""),
            Context::Body => ("async function*_(){", "\n}"),
            Context::Class => ("class _ extends _{", "\n}"),
            Context::Interface => ("interface _{", "\n}"),
            Context::Object => ("_({", "\n})"),
            Context::List => ("_(", "\n)"),
            Context::Cases => ("switch(_){", "\n}"),
            Context::Children => ("_(<>", "\n</>)"),
        }
    }

    /// What lines of this context become where statements may stand.
    fn as_statement(self) -> (&'static str, &'static str) {
        match self {
            Context::Statements | Context::Body => ("{", "}"),
            Context::Class => ("class _{", "}"),
            Context::Interface => ("interface _{", "}"),
            Context::Object => (";({", "});"),
            Context::List => (";[", "];"),
            Context::Cases => ("switch(_){", "}"),
            Context::Children => (";(<>", "</>);"),
        }
    }

    /// What goes around lines of this context to let them stand in the `outer` one, without the line above them.
    pub fn within(self, outer: Context) -> (String, String) {
        let (open, close) = self.as_statement();
        let (before, after) = match outer {
            Context::Statements | Context::Body => ("", ""),
            Context::Class => ("_(){", "}"),
            Context::Object => ("_(){", "},"),
            Context::List => ("()=>{", "},"),
            Context::Cases => ("case _:", ""),
            Context::Children => ("{()=>{", "}}"),
            Context::Interface => return (String::new(), String::new()),
        };
        (format!("{before}{open}"), format!("\n{close}{after}"))
    }

    pub fn separator(self) -> &'static str {
        match self {
            Context::Object | Context::List => ",",
            Context::Children => "",
            _ => ";",
        }
    }

    /// What may stand below a line, likeliest first.
    pub fn below(line: &str) -> Vec<Context> {
        let likely = likely_below(line);
        let mut all = vec![likely];
        all.extend(INNER.into_iter().filter(|it| *it != likely));
        all
    }
}

fn likely_below(line: &str) -> Context {
    let line = line.split(" //").next().unwrap_or(line).trim_end();
    let line_words = line.trim_start_matches("export ").trim_start_matches("default ");
    let has = |word: &str| starts_with_word(line_words, word);
    if line.ends_with('(') || line.ends_with('[') || line.ends_with(',') {
        return Context::List;
    }
    if line.ends_with('>') && !line.ends_with("=>") {
        return Context::Children;
    }
    if has("class") || has("abstract") || line.contains(" class ") || line.contains("class extends") {
        return Context::Class;
    }
    if has("interface") || has("type") || has("declare") {
        return Context::Interface;
    }
    if has("switch") {
        return Context::Cases;
    }
    if has("enum") || has("const enum") {
        return Context::Object;
    }
    let Some(before) = line.strip_suffix('{').map(str::trim_end) else { return Context::Body };
    let is_object = before.ends_with(['=', '(', ':', ',', '[', '?', '|', '&'])
        || ["return", "default", "await", "yield"].iter().any(|it| before.ends_with(it));
    if is_object { Context::Object } else { Context::Body }
}
