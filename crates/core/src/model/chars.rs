//! Sets of characters: what can remain in a text that a sanitizer made or a check let pass.

/// ASCII characters one by one; all others together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chars {
    ascii: u128,
    other: bool,
}

impl Chars {
    pub const NONE: Chars = Chars { ascii: 0, other: false };
    pub const ALL: Chars = Chars { ascii: u128::MAX, other: true };

    /// The characters of a class as in a regular expression's brackets, without negation: `A-Za-z0-9_-`.
    /// A `-` at either end is itself.
    pub fn class(text: &str) -> Chars {
        let chars: Vec<char> = text.chars().collect();
        let mut set = Chars::NONE;
        let mut at = 0;
        while at < chars.len() {
            let range = chars.get(at + 1) == Some(&'-') && at + 2 < chars.len();
            let last = if range { chars[at + 2] } else { chars[at] };
            set = set.with_range(chars[at], last);
            at += if range { 3 } else { 1 };
        }
        set
    }

    /// The characters of the text.
    pub fn of(text: &str) -> Chars {
        text.chars().fold(Chars::NONE, |set, it| set.with_range(it, it))
    }

    /// All characters between two, both included.
    pub fn range(first: char, last: char) -> Chars {
        Chars::NONE.with_range(first, last)
    }

    pub fn contains(self, it: char) -> bool {
        if it.is_ascii() { self.ascii & (1 << u32::from(it)) != 0 } else { self.other }
    }

    pub fn is_empty(self) -> bool {
        self == Chars::NONE
    }

    pub fn is_all(self) -> bool {
        self == Chars::ALL
    }

    #[must_use]
    pub fn union(self, other: Chars) -> Chars {
        Chars { ascii: self.ascii | other.ascii, other: self.other || other.other }
    }

    #[must_use]
    pub fn intersection(self, other: Chars) -> Chars {
        Chars { ascii: self.ascii & other.ascii, other: self.other && other.other }
    }

    #[must_use]
    pub fn complement(self) -> Chars {
        Chars { ascii: !self.ascii, other: !self.other }
    }

    fn with_range(self, first: char, last: char) -> Chars {
        let mut set = self;
        for code in u32::from(first)..=u32::from(last).min(127) {
            set.ascii |= 1 << code;
        }
        set.other |= !last.is_ascii() || !first.is_ascii();
        set
    }
}
