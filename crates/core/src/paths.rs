//! What a file is, told from its path: patterns as in `.gitignore`, and the facts of `models/files.txt`.

use std::sync::OnceLock;

/// Alternatives that one pattern's braces may expand to; further ones are dropped.
const ALTERNATIVES_MAX: usize = 256;

/// A path pattern: `*`, `?`, `[abc]`, `{a,b}` inside one part, `**` for any number of folders. Without a `/` it
/// holds for the last part of the path; a pattern that names a folder holds for everything below it.
#[derive(Clone, Debug)]
pub struct Glob {
    alternatives: Vec<Vec<String>>,
}

impl Glob {
    pub fn new(pattern: &str) -> Glob {
        let mut expanded = Vec::new();
        expand(pattern, &mut expanded);
        let alternatives = expanded.iter().map(|it| parts_of(it)).collect();
        Glob { alternatives }
    }

    /// Whether the path, or a folder it stands in, fits.
    pub fn matches(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        self.alternatives.iter().any(|it| parts_match(it, &parts))
    }
}

fn parts_of(pattern: &str) -> Vec<String> {
    let rooted = pattern.starts_with('/');
    let trimmed = pattern.trim_start_matches("./").trim_matches('/');
    let mut parts: Vec<String> = trimmed.split('/').map(str::to_string).collect();
    if parts.len() == 1 && !rooted {
        parts.insert(0, "**".to_string());
    }
    parts
}

/// Braces from left to right; an unclosed one is an ordinary character.
fn expand(pattern: &str, out: &mut Vec<String>) {
    let mut todo = vec![pattern.to_string()];
    while let Some(next) = todo.pop() {
        if out.len() + todo.len() >= ALTERNATIVES_MAX {
            return;
        }
        let braces = next.find('{').and_then(|open| Some((open, open + next[open..].find('}')?)));
        let Some((open, close)) = braces else {
            out.push(next);
            continue;
        };
        for choice in next[open + 1..close].split(',') {
            todo.push(format!("{}{choice}{}", &next[..open], &next[close + 1..]));
        }
    }
}

/// All positions in the pattern that the parts read so far can lead to, advanced part by part: linear, whatever
/// the number of `**`.
fn parts_match(pattern: &[String], parts: &[&str]) -> bool {
    let mut at = vec![false; pattern.len() + 1];
    at[0] = true;
    skip_stars(pattern, &mut at);
    for part in parts {
        // From the last piece to the first: what one hands on is not read again for the same part.
        for index in (0..pattern.len()).rev() {
            let piece = &pattern[index];
            if !at[index] {
                continue;
            }
            if piece == "**" {
                // At the end of a pattern it wants at least one part below.
                at[index + 1] |= index + 1 == pattern.len();
            } else {
                at[index] = false;
                at[index + 1] |= part_matches(piece.as_bytes(), part.as_bytes());
            }
        }
        skip_stars(pattern, &mut at);
        if at[pattern.len()] {
            return true;
        }
    }
    false
}

/// `**` also stands for no folder at all, but for one at the end of a pattern.
fn skip_stars(pattern: &[String], at: &mut [bool]) {
    for index in 0..pattern.len().saturating_sub(1) {
        if at[index] && pattern[index] == "**" {
            at[index + 1] = true;
        }
    }
}

/// One part against one piece, going back to the last `*` when something does not fit.
fn part_matches(piece: &[u8], part: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < part.len() {
        if p < piece.len() && piece[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if let Some(width) = one_matches(&piece[p..], part[t]) {
            p += width;
            t += 1;
        } else if let Some((star_p, star_t)) = star {
            p = star_p + 1;
            t = star_t + 1;
            star = Some((star_p, t));
        } else {
            return false;
        }
    }
    piece[p..].iter().all(|&it| it == b'*')
}

/// Bytes of the piece that stand for this byte, if they do.
fn one_matches(piece: &[u8], byte: u8) -> Option<usize> {
    match *piece.first()? {
        b'?' => Some(1),
        b'[' => {
            let close = piece.iter().position(|&it| it == b']').filter(|&it| it > 1)?;
            let (negated, set) = match piece[1] {
                b'!' | b'^' => (true, &piece[2..close]),
                _ => (false, &piece[1..close]),
            };
            (set_contains(set, byte) != negated).then_some(close + 1)
        }
        other => (other == byte).then_some(1),
    }
}

fn set_contains(set: &[u8], byte: u8) -> bool {
    let mut at = 0;
    while at < set.len() {
        if at + 2 < set.len() && set[at + 1] == b'-' {
            if set[at] <= byte && byte <= set[at + 2] {
                return true;
            }
            at += 3;
        } else {
            if set[at] == byte {
                return true;
            }
            at += 1;
        }
    }
    false
}

/// The facts of `models/files.txt`.
#[derive(Debug, Default)]
pub struct FileFacts {
    pub wanted: Vec<Glob>,
    pub pruned: Vec<Glob>,
    pub vendored: Vec<Glob>,
    pub minified: Vec<Glob>,
    pub generated: Vec<Glob>,
    pub generated_marks: Vec<&'static str>,
    pub test: Vec<Glob>,
    pub test_imports: Vec<&'static str>,
}

pub fn file_facts() -> &'static FileFacts {
    static FACTS: OnceLock<FileFacts> = OnceLock::new();
    FACTS.get_or_init(|| read_facts(include_str!("../models/files.txt")))
}

fn read_facts(text: &'static str) -> FileFacts {
    let mut facts = FileFacts::default();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
        let (kind, value) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "wanted" => facts.wanted.push(Glob::new(value)),
            "pruned" => facts.pruned.push(Glob::new(value)),
            "vendored" => facts.vendored.push(Glob::new(value)),
            "minified" => facts.minified.push(Glob::new(value)),
            "generated" => facts.generated.push(Glob::new(value)),
            "generated-mark" => facts.generated_marks.push(value),
            "test" => facts.test.push(Glob::new(value)),
            "test-import" => facts.test_imports.push(value),
            _ => debug_assert!(false, "models/files.txt: unknown kind `{kind}`"),
        }
    }
    facts
}

pub fn any_matches(globs: &[Glob], path: &str) -> bool {
    globs.iter().any(|it| it.matches(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, fits: &[&str], others: &[&str]) {
        let glob = Glob::new(pattern);
        for path in fits {
            assert!(glob.matches(path), "`{pattern}` should fit `{path}`");
        }
        for path in others {
            assert!(!glob.matches(path), "`{pattern}` should not fit `{path}`");
        }
    }

    #[test]
    fn patterns() {
        check("*.py", &["a.py", "x/y/a.py"], &["a.pyc", "py"]);
        check("src/*.js", &["src/a.js"], &["a.js", "src/x/a.js", "lib/src/a.js"]);
        check("src/**/*.js", &["src/a.js", "src/x/y/a.js"], &["lib/a.js"]);
        check("**/test/**", &["test/a.js", "x/test/y/a.js"], &["test", "x/test", "tests/a.js"]);
        check("docs", &["docs/a.md", "x/docs/a.md"], &["docs2/a.md"]);
        check("/docs", &["docs/a.md"], &["x/docs/a.md"]);
        check("a/{b,c}/d.{js,ts}", &["a/b/d.js", "a/c/d.ts"], &["a/d/d.js", "a/b/d.py"]);
        check("v[0-9].js", &["v1.js"], &["va.js", "v12.js"]);
        check("v[!0-9].js", &["va.js"], &["v1.js"]);
        check("a*b*c", &["abc", "aXbYbZc"], &["ab", "acb"]);
        check("a{b", &["a{b"], &["ab"]);
    }

    #[test]
    fn many_stars_stay_fast() {
        let glob = Glob::new(&format!("{}b", "a*".repeat(200)));
        assert!(!glob.matches(&"a".repeat(5000)));
        let deep = Glob::new(&format!("{}x", "**/a/".repeat(50)));
        assert!(!deep.matches(&"a/".repeat(500)));
    }

    #[test]
    fn known_files() {
        let facts = file_facts();
        assert!(any_matches(&facts.wanted, "services/api/package.json"));
        assert!(any_matches(&facts.wanted, "docs/openapi.v2.yaml"));
        assert!(!any_matches(&facts.wanted, "notes.md"));
        assert!(any_matches(&facts.test, "src/users/users.controller.spec.ts"));
        assert!(any_matches(&facts.test, "tests/views/index.py"));
        assert!(!any_matches(&facts.test, "src/latest/attest.ts"));
        assert!(any_matches(&facts.vendored, "app/public/js/vendor/jquery.js"));
        assert!(!any_matches(&facts.vendored, "src/vendor/vendor.controller.ts"));
    }
}
