//! Model files as text: TOML to tables, and the path of an error to its line.

use std::fmt;
use std::ops::Range;

use backend_specialist_core::model::schema::{ModelError, ModelFile, PathPart};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file, and on which line; lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
    /// The bytes that are meant.
    pub span: Range<usize>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Reads one model file; only TOML's own rules are checked here.
pub fn read(file: &str, text: &str) -> Result<ModelFile, Problem> {
    toml::from_str(text).map_err(|error| problem(file, text, error.span().unwrap_or(0..0), error.message().to_owned()))
}

/// The place of a model's error in its text.
pub fn locate(file: &str, text: &str, error: &ModelError) -> Problem {
    let span = DeTable::parse(text).map_or(0..0, |table| span(table, &error.path));
    problem(file, text, span, error.message.clone())
}

/// The span of the last part of the path that exists.
fn span(table: Spanned<DeTable<'_>>, path: &[PathPart]) -> Range<usize> {
    let mut found = table.span();
    let mut value = DeValue::Table(table.into_inner());
    for (index, part) in path.iter().enumerate() {
        let is_last = index + 1 == path.len();
        let next = match (value, part) {
            (DeValue::Table(table), PathPart::Key(name)) => {
                table.into_iter().find(|(key, _)| key.get_ref() == name).map(|(key, next)| {
                    // A wrong key is shown by itself, a wrong value too; both are on the key's line as a rule.
                    let scalar = !matches!(next.get_ref(), DeValue::Table(_) | DeValue::Array(_));
                    (if is_last && !scalar { key.span() } else { next.span() }, next.into_inner())
                })
            }
            (DeValue::Array(items), PathPart::Index(index)) => {
                items.into_iter().nth(*index).map(|item| (item.span(), item.into_inner()))
            }
            // A value that is a list of one without brackets.
            (other, PathPart::Index(0)) => Some((found.clone(), other)),
            _ => None,
        };
        match next {
            Some((span, next)) => (found, value) = (span, next),
            None => break,
        }
    }
    found
}

fn problem(file: &str, text: &str, span: Range<usize>, message: String) -> Problem {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |it| it.chars().count()) + 1;
    Problem { file: file.to_owned(), line, column, message, span }
}

#[cfg(test)]
mod tests {
    use backend_specialist_core::model::Models;

    use super::*;

    /// The problems of a model, one line each.
    fn problems(text: &str) -> Vec<String> {
        let file = match read("m.toml", text) {
            Ok(file) => file,
            Err(problem) => return vec![problem.to_string()],
        };
        let errors = Models::only(&[file]).err().unwrap_or_default();
        errors.iter().map(|error| locate("m.toml", text, error).to_string()).collect()
    }

    const HEAD: &str = "package = \"p\"\nlanguage = \"python\"\ndocs = \"https://p.example\"\nversions = \">=1\"\n";

    #[test]
    fn a_wrong_word_is_named_with_its_line_and_the_nearest_known_one() {
        for (rows, expected) in [
            (
                "[[sink]]\nat = \"Member[q].Argument[0]\"\nkind = \"sqll\"\n",
                "m.toml:7:8: unknown kind of sink `sqll`; the nearest known one is `sql`",
            ),
            (
                "[[sink]]\nat = \"Member[q].Argumnt[0]\"\nkind = \"sql\"\nassigned = true\n",
                "m.toml:6:6: unknown token `Argumnt`; the nearest known one is `Argument`",
            ),
            (
                "[[sink]]\nat = [\n  \"Member[q].Argument[0]\",\n  \"Member[q].Argument[x]\",\n]\nkind = \"sql\"\n",
                "m.toml:8:3: `Argument[x]` is neither a position (`0`, `1..`, `1..3`, `-1`), a keyword (`name:`), `*` nor `**`",
            ),
            (
                "[[sink]]\nat = \"Member[q].Argument[0]\"\nkindd = \"sql\"\nkind = \"sql\"\n",
                "m.toml:7:9: unknown key `kindd`; the nearest known one is `kind`",
            ),
            ("[[sinks]]\nat = \"Argument[0]\"\n", "m.toml:5:3: unknown key `sinks`; the nearest known one is `sink`"),
            (
                "[[effect]]\nat = \"Member[q]\"\nop = \"apend\"\n",
                "m.toml:7:6: unknown op `apend`; the nearest known one is `append`",
            ),
            (
                "[[call]]\nat = \"Member[q]\"\nkind = \"hash\"\nargs = { algoritm = \"Argument[0]\" }\n",
                "m.toml:8:21: unknown role `algoritm`; the nearest known one is `algorithm`",
            ),
            (
                "[[type]]\nname = \"p.Client\"\nat = \"Member[Client].Instance\"\n[[source]]\nat = \"Type[p.Clint].Member[x]\"\nkind = \"http\"\n",
                "m.toml:9:6: no row says anything of the type `p.Clint`; the nearest known one is `p.Client`",
            ),
            ("[[source]]\nkind = \"http\"\n", "m.toml:5:1: `at` is missing"),
            (
                "[[sink]]\nat = \"Member[q]\"\nkind = \"sql\"\n",
                "m.toml:6:6: a sink stands at an argument or receiver, or is `assigned` or `returned`",
            ),
            ("[[sink]\n", "m.toml:5:8: unclosed array table, expected `]`"),
        ] {
            assert_eq!(problems(&format!("{HEAD}{rows}")), [expected], "{rows}");
        }
    }

    #[test]
    fn every_error_of_a_file_is_reported() {
        let text = "language = \"pyton\"\ndocs = \"p.example\"\nversions = \">=1\"\n[[source]]\nat = \"Global[a]\"\nkind = \"htp\"\n";
        assert_eq!(
            problems(text),
            [
                "m.toml:6:8: unknown kind of source `htp`; the nearest known one is `http`",
                "m.toml:1:1: `package` is missing",
                "m.toml:1:12: unknown language `pyton`; the nearest known one is `python`",
                "m.toml:2:8: `docs` is an address that proves the facts: `https://…`",
            ]
        );
    }
}
