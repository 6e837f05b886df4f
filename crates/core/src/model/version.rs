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

    /// The newest version before this one.
    fn before(self) -> Version {
        let Version { major, minor, patch } = self;
        match (major, minor, patch) {
            (_, _, 1..) => Version { patch: patch - 1, ..self },
            (_, 1.., 0) => Version { major, minor: minor - 1, patch: u32::MAX },
            (_, 0, 0) => Version { major: major.saturating_sub(1), minor: u32::MAX, patch: u32::MAX },
        }
    }

    /// The oldest version that a range of a manifest admits (`^3.1`, `~=2.0`, `1 - 2`, `==1.4.*`, `3.x || 4.x`).
    /// Nothing for a range that is open to the newest, or that names no version.
    pub fn oldest_of(range: &str) -> Option<Version> {
        let mut oldest = None;
        for alternative in range.split("||") {
            oldest = oldest.max(Some(oldest_of_alternative(alternative.trim())?));
        }
        oldest
    }
}

/// A package manager takes the newest alternative; inside one all parts hold.
fn oldest_of_alternative(range: &str) -> Option<Version> {
    let range = range.strip_prefix("npm:").map_or(range, |alias| alias.rsplit_once('@').map_or("", |it| it.1));
    if let Some((low, _)) = range.split_once(" - ") {
        return Version::parse(low);
    }
    let (mut low, mut high, mut is_closed) = (None, None, false);
    let mut operator = String::new();
    for part in range.split([',', ' ']).filter(|it| !it.is_empty()) {
        let digits = part.find(|it: char| it.is_ascii_alphanumeric() || it == '*').unwrap_or(part.len());
        operator.push_str(&part[..digits]);
        let text = &part[digits..];
        if text.is_empty() {
            continue;
        }
        let version = Version::parse(text);
        match operator.as_str() {
            ">" | ">=" => low = low.max(version),
            "<" => high = version.map(Version::before),
            "<=" => high = version,
            "!=" => {}
            _ => {
                low = low.max(Some(version?));
                is_closed = true;
            }
        }
        operator.clear();
    }
    match (low, high) {
        (Some(low), Some(_)) => Some(low),
        (Some(low), None) if is_closed => Some(low),
        (None, high) => high,
        _ => None,
    }
}

/// From `since`, which belongs to it, to `until`, which does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionRange {
    pub since: Option<Version>,
    pub until: Option<Version>,
}

impl VersionRange {
    pub fn is_bounded(self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

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
