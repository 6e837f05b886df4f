//! Compares what a page expects with what the checker says, and explains each difference.

use std::fmt;

use backend_specialist_core::model::kinds;

use crate::page::{Case, CaseFile, Expectation, Holds, Page, Section, What};

/// Whoever reads the files of a case and says what it sees.
pub trait Checker {
    fn observe(&self, files: &[CaseFile]) -> Vec<Observed>;

    /// Fixes of findings that do not do what a fix must, with the reason.
    fn broken_fixes(&self, _files: &[CaseFile]) -> Vec<(Observed, String)> {
        Vec::new()
    }

    /// Whether it looks for such things at all; expectations of others are not compared.
    fn knows(&self, _what: What) -> bool {
        true
    }
}

/// One thing that the checker says of some lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub file: String,
    pub first_line: usize,
    pub last_line: usize,
    pub what: What,
    /// The rule, kind or text; empty where it is not known.
    pub name: String,
    /// For findings: the rule is a core rule.
    pub is_core: bool,
}

/// A difference between a page and the checker.
#[derive(Debug)]
pub struct Failure {
    pub page: String,
    pub page_line: usize,
    pub case: String,
    pub code: String,
    pub expected: String,
    pub got: String,
    /// Everything else that was seen in the case, to find out why.
    pub seen: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.page, self.page_line, self.case)?;
        writeln!(f, "  {:>4} | {}", self.page_line, self.code)?;
        writeln!(f, "  expected: {}", self.expected)?;
        writeln!(f, "       got: {}", self.got)?;
        match self.seen.as_slice() {
            [] => writeln!(f, "      seen: nothing in this case"),
            seen => writeln!(f, "      seen: {}", seen.join("\n            ")),
        }
    }
}

/// Every difference, in the order of the page. `filter` is a part of the titles of the cases to run.
pub fn check(page: &Page, filter: &str, checker: &dyn Checker) -> Vec<Failure> {
    let cases = page.cases.iter().filter(|case| case.title.contains(filter));
    cases.flat_map(|case| check_case(page, case, checker)).collect()
}

fn check_case(page: &Page, case: &Case, checker: &dyn Checker) -> Vec<Failure> {
    let mut observed = checker.observe(&case.files);
    observed.sort_by(|a, b| (&a.file, a.first_line, a.what, &a.name).cmp(&(&b.file, b.first_line, b.what, &b.name)));
    observed.dedup();
    let comparison = Comparison { page, case, observed: &observed };
    let mut failures: Vec<Failure> = case
        .expectations
        .iter()
        .filter(|it| checker.knows(it.what))
        .filter_map(|it| comparison.expectation(it))
        .collect();
    failures.extend(observed.iter().filter_map(|finding| comparison.unexpected(finding)));
    failures.extend(comparison.fixes(checker.broken_fixes(&case.files)));
    failures.sort_by_key(|failure| failure.page_line);
    failures
}

struct Comparison<'a> {
    page: &'a Page,
    case: &'a Case,
    observed: &'a [Observed],
}

impl Comparison<'_> {
    fn expectation(&self, expectation: &Expectation) -> Option<Failure> {
        let found = self.observed.iter().find(|observed| self.fits(expectation, observed));
        let it = self.words(expectation);
        let (expected, got) = match (expectation.holds, found) {
            (Holds::Yes, None) => (it, self.on_line(expectation)),
            (Holds::Spurious, None) => (
                format!("{it}, marked as spurious"),
                "nothing: this false report is gone, delete the comment".to_owned(),
            ),
            (Holds::Missing, Some(_)) => {
                (format!("no {it}, marked as missing"), "it is found now: delete the word `missing`".to_owned())
            }
            (Holds::No, Some(observed)) => (format!("no {it}"), describe(observed)),
            (Holds::Yes | Holds::Spurious, Some(_)) | (Holds::Missing | Holds::No, None) => return None,
        };
        let file = &self.case.files[expectation.file];
        Some(self.failure(file, expectation.line, expected, got))
    }

    /// A finding that no comment expects, where the page speaks of its rule.
    fn unexpected(&self, finding: &Observed) -> Option<Failure> {
        let named = |it: &Expectation| it.what == What::Finding && it.name == finding.name;
        let is_safe = self.case.section == Section::Safe;
        let speaks = finding.name == self.page.subject
            || (is_safe && finding.is_core)
            || self.case.expectations.iter().any(named);
        if finding.what != What::Finding || !speaks {
            return None;
        }
        let expected = self.case.expectations.iter().any(|it| it.holds != Holds::No && self.fits(it, finding));
        let file = self.case.files.iter().find(|file| file.path == finding.file);
        // A missing finding that is found has been reported already.
        match file {
            Some(file) if !expected => {
                let expected = if is_safe { "nothing: core rules are silent in safe code" } else { "nothing" };
                Some(self.failure(file, finding.first_line, expected.to_owned(), describe(finding)))
            }
            _ => None,
        }
    }

    /// Fixes of the page's own rule.
    fn fixes(&self, broken: Vec<(Observed, String)>) -> Vec<Failure> {
        let own = broken.into_iter().filter(|(finding, _)| finding.name == self.page.subject);
        own.filter_map(|(finding, why)| {
            let file = self.case.files.iter().find(|file| file.path == finding.file)?;
            let expected = "a fix after which the finding is gone and the file can be read".to_owned();
            Some(self.failure(file, finding.first_line, expected, why))
        })
        .collect()
    }

    fn fits(&self, expectation: &Expectation, observed: &Observed) -> bool {
        let same_place = self.case.files[expectation.file].path == observed.file
            && (observed.first_line..=observed.last_line).contains(&expectation.line);
        same_place && expectation.what == observed.what && self.names(expectation, observed)
    }

    fn names(&self, expectation: &Expectation, observed: &Observed) -> bool {
        let wanted = self.wanted(expectation);
        wanted.is_empty() || observed.name.is_empty() || wanted == observed.name || is_child(observed, wanted)
    }

    /// The name that is meant: a finding without one is of the page's rule.
    fn wanted<'a>(&'a self, expectation: &'a Expectation) -> &'a str {
        match expectation.what {
            What::Finding if expectation.name.is_empty() => &self.page.subject,
            _ => &expectation.name,
        }
    }

    fn words(&self, expectation: &Expectation) -> String {
        [expectation.what.name(), self.wanted(expectation)].join(" ").trim_end().to_owned()
    }

    fn on_line(&self, expectation: &Expectation) -> String {
        let path = &self.case.files[expectation.file].path;
        let here =
            |it: &&Observed| it.file == *path && it.first_line == expectation.line && it.what == expectation.what;
        match self.observed.iter().find(here) {
            Some(other) => describe(other),
            None => "nothing on this line".to_owned(),
        }
    }

    fn failure(&self, file: &CaseFile, line: usize, expected: String, got: String) -> Failure {
        let code = file.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim_end().to_owned();
        Failure {
            page: self.page.path.clone(),
            page_line: file.page_line + line.saturating_sub(1),
            case: self.case.title.clone(),
            code,
            expected,
            got,
            seen: self.observed.iter().map(|it| format!("{}:{}: {}", it.file, it.first_line, describe(it))).collect(),
        }
    }
}

fn describe(observed: &Observed) -> String {
    [observed.what.name(), &observed.name].join(" ").trim_end().to_owned()
}

/// Whether the kind that was seen is a child of the wanted one.
fn is_child(observed: &Observed, wanted: &str) -> bool {
    let kind = match observed.what {
        What::Source => kinds::source,
        What::Sink => kinds::sink,
        What::Call => kinds::call,
        _ => return false,
    };
    kind(&observed.name).zip(kind(wanted)).is_some_and(|(seen, wanted)| seen.is_a(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what the lines themselves say: `!rule` and `@source` are words of the code.
    struct Words;

    impl Checker for Words {
        fn observe(&self, files: &[CaseFile]) -> Vec<Observed> {
            let mut all = Vec::new();
            for file in files {
                for (index, line) in file.text.lines().enumerate() {
                    let code = line.split("//").next().unwrap();
                    for word in code.split_whitespace() {
                        let (what, name) = match word.split_at(1) {
                            ("!", name) => (What::Finding, name),
                            ("@", name) => (What::Source, name),
                            _ => continue,
                        };
                        all.push(Observed {
                            file: file.path.clone(),
                            first_line: index + 1,
                            last_line: index + 1,
                            what,
                            name: name.to_owned(),
                            is_core: name != "strict-rule",
                        });
                    }
                }
            }
            all
        }
    }

    fn differences(section: &str, code: &str) -> Vec<String> {
        let text = format!("# `own-rule`\n## {section}\n```js\n{code}\n```\n");
        let page = Page::parse("p.md", &text).unwrap();
        check(&page, "", &Words).iter().map(|it| format!("{} / {}", it.expected, it.got)).collect()
    }

    #[test]
    fn each_word_and_what_makes_it_fail() {
        for (section, code, expected) in [
            ("Vulnerable", "!own-rule // finding", vec![]),
            ("Vulnerable", "x // finding", vec!["finding own-rule / nothing on this line"]),
            ("Vulnerable", "!b-rule // finding", vec!["finding own-rule / finding b-rule"]),
            ("Vulnerable", "!own-rule // finding\n!own-rule", vec!["nothing / finding own-rule"]),
            ("Vulnerable", "!own-rule !b-rule // finding\n!b-rule", vec![]),
            ("Vulnerable", "!b-rule // finding: b-rule\n!b-rule", vec!["nothing / finding b-rule"]),
            ("Limits", "x // missing", vec![]),
            (
                "Limits",
                "!own-rule // missing",
                vec!["no finding own-rule, marked as missing / it is found now: delete the word `missing`"],
            ),
            ("Limits", "!own-rule // spurious", vec![]),
            (
                "Limits",
                "x // spurious",
                vec!["finding own-rule, marked as spurious / nothing: this false report is gone, delete the comment"],
            ),
            ("Safe", "x !strict-rule", vec![]),
            ("Safe", "!b-rule", vec!["nothing: core rules are silent in safe code / finding b-rule"]),
            ("Safe", "!b-rule // spurious: b-rule", vec![]),
            ("Facts", "!b-rule @http.query // source: http", vec![]),
            ("Facts", "@http // source: http.query", vec!["source http.query / source http"]),
            ("Facts", "@http // no source", vec!["no source / source http"]),
            ("Facts", "@http // no source: cli", vec![]),
        ] {
            assert_eq!(differences(section, code), expected, "{section}: {code}");
        }
    }

    #[test]
    fn a_failure_shows_case_line_expected_got_and_what_else_was_seen() {
        let text = "# `own-rule`\n## Vulnerable\n### Two files\n`a.js`:\n```js\nx // finding\n```\n`b.js`:\n```js\ny @cli\n```\n";
        let page = Page::parse("p.md", text).unwrap();
        let shown = check(&page, "Two", &Words)[0].to_string();
        let expected = "p.md:6: Vulnerable / Two files\n     6 | x // finding\n  expected: finding own-rule\n       \
            got: nothing on this line\n      seen: b.js:1: source cli\n";
        assert_eq!(shown, expected);
        assert!(check(&page, "Three", &Words).is_empty());
    }
}
