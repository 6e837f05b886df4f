//! The last line of every body of ours: by it, and by its author, a comment is known again.

use std::collections::BTreeMap;
use std::fmt::Write;

const HEAD: &str = "<!-- backend-specialist:v1 id=";
const TAIL: &str = " -->";
/// Digits of a fingerprint that the summary remembers.
const DIGEST: usize = 12;
/// Findings that the summary remembers; those behind are never shown inline.
pub const REMEMBERED_MAX: usize = 1_500;

/// Whose comments these are: two workflows never touch each other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(String);

impl Namespace {
    /// Any text, made to fit into a comment of HTML.
    pub fn new(text: &str) -> Namespace {
        let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '/');
        let mut name = String::new();
        for letter in text.chars().take(100) {
            match letter {
                it if fits(it) => name.push(it),
                _ if name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        let name = name.trim_matches('-');
        Namespace(if name.is_empty() { "default".to_string() } else { name.to_string() })
    }

    pub fn finding(&self, fingerprint: &str) -> String {
        format!("{HEAD}{} fp={fingerprint}{TAIL}", self.0)
    }

    pub fn fixed(&self, fingerprint: &str) -> String {
        format!("{HEAD}{} fp={fingerprint} fixed{TAIL}", self.0)
    }

    pub fn summary(&self, head: &str, memory: &Memory) -> String {
        format!("{HEAD}{} summary head={head}{}{TAIL}", self.0, memory.written())
    }

    /// What the body says it is, if it is one of this namespace.
    pub fn read(&self, body: &str) -> Option<Marker> {
        let last = body.trim_end().lines().next_back()?.trim();
        let fields = last.strip_prefix(HEAD)?.strip_suffix(TAIL)?;
        let mut fields = fields.split(' ');
        if fields.next()? != self.0 {
            return None;
        }
        let rest: Vec<&str> = fields.collect();
        let value = |key: &str| rest.iter().find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
        match rest.first() {
            Some(&"summary") => {
                let head = value("head").unwrap_or_default().to_string();
                Some(Marker::Summary { head, memory: Memory::read(&rest) })
            }
            _ => {
                let fingerprint = value("fp").filter(|it| is_hex(it))?.to_string();
                Some(Marker::Finding { fingerprint, is_fixed: rest.contains(&"fixed") })
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marker {
    Finding { fingerprint: String, is_fixed: bool },
    Summary { head: String, memory: Memory },
}

/// What was decided about findings in earlier runs, so that nothing is said twice and nobody is contradicted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(BTreeMap<String, Settled>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settled {
    /// Shown inline. If there is no comment any more, somebody did not want it.
    Inline,
    /// One comment stands for several findings of its rule.
    Grouped,
    /// There were more important ones.
    Capped,
    /// GitHub would not take it.
    Refused,
}

impl Settled {
    const ALL: [(Settled, &str); 4] =
        [(Settled::Inline, "i"), (Settled::Grouped, "g"), (Settled::Capped, "c"), (Settled::Refused, "r")];
}

impl Memory {
    pub fn get(&self, fingerprint: &str) -> Option<Settled> {
        self.0.get(digest(fingerprint)).copied()
    }

    pub fn set(&mut self, fingerprint: &str, settled: Settled) {
        if self.0.len() < REMEMBERED_MAX {
            self.0.insert(digest(fingerprint).to_string(), settled);
        }
    }

    fn written(&self) -> String {
        let mut out = String::new();
        for (settled, key) in Settled::ALL {
            let digests: Vec<&str> = self.0.iter().filter(|it| *it.1 == settled).map(|it| it.0.as_str()).collect();
            if !digests.is_empty() {
                let _ = write!(out, " {key}={}", digests.join(","));
            }
        }
        out
    }

    fn read(fields: &[&str]) -> Memory {
        let mut memory = Memory::default();
        for (settled, key) in Settled::ALL {
            let digests = fields.iter().find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
            for it in digests.unwrap_or_default().split(',').filter(|it| is_hex(it)) {
                memory.set(it, settled);
            }
        }
        memory
    }
}

fn digest(fingerprint: &str) -> &str {
    fingerprint.get(..DIGEST).unwrap_or(fingerprint)
}

pub fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let name = Namespace::new("ci/api --> x");
        let marker = name.finding("00ff00ff00ff00ff");
        assert_eq!(marker, "<!-- backend-specialist:v1 id=ci/api-x fp=00ff00ff00ff00ff -->");
        let known = Marker::Finding { fingerprint: "00ff00ff00ff00ff".into(), is_fixed: false };
        assert_eq!(name.read(&format!("text\r\n\r\n{marker}\r\n")), Some(known));
        assert_eq!(name.read(&format!("{marker}\nsomebody's text")), None);
        assert_eq!(Namespace::new("other").read(&marker), None);
        let fixed = Marker::Finding { fingerprint: "ab".into(), is_fixed: true };
        assert_eq!(name.read(&name.fixed("ab")), Some(fixed));

        let mut memory = Memory::default();
        memory.set("00112233445566778899", Settled::Grouped);
        memory.set("ffeeddccbbaa99887766", Settled::Inline);
        let marker = name.summary("abc", &memory);
        assert_eq!(marker, "<!-- backend-specialist:v1 id=ci/api-x summary head=abc i=ffeeddccbbaa g=001122334455 -->");
        assert_eq!(name.read(&marker), Some(Marker::Summary { head: "abc".into(), memory: memory.clone() }));
        assert_eq!(memory.get("00112233445566778899"), Some(Settled::Grouped));
    }
}
