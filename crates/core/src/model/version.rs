//! Versions of packages and the ranges for which a row holds.

/// The numbers of a version; missing ones are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl Version {
    /// Reads `1`, `1.2`, `1.2.3`; what follows a `-`, `+` or a letter is left out.
    pub fn parse(text: &str) -> Option<Version> {
        let mut numbers = [0; 3];
        for (index, part) in text.trim().trim_start_matches('v').split('.').take(3).enumerate() {
            let end = part.find(|it: char| !it.is_ascii_digit()).unwrap_or(part.len());
            match part[..end].parse() {
                Ok(number) => numbers[index] = number,
                Err(_) if index == 0 => return None,
                Err(_) => break,
            }
            if end < part.len() {
                break;
            }
        }
        let [major, minor, patch] = numbers;
        Some(Version { major, minor, patch })
    }
}

/// From `since`, which belongs to it, to `until`, which does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionRange {
    pub since: Option<Version>,
    pub until: Option<Version>,
}

impl VersionRange {
    /// Where the version is not known the newest is meant: what ended does not hold.
    pub fn holds(self, version: Option<Version>) -> bool {
        match version {
            Some(version) => {
                self.since.is_none_or(|since| since <= version) && self.until.is_none_or(|until| version < until)
            }
            None => self.until.is_none(),
        }
    }
}
