//! Limits that were reached, so that the report can say what was not looked at.

use std::collections::BTreeMap;

use super::machine::{DEPTH_MAX, Machine};
use crate::FileId;

/// Limits behind which something may be missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// The budget of an entry.
    Length,
    /// Calls inside one another.
    Calls,
    /// Expressions inside one another.
    Nesting,
}

/// How often each was reached, by file.
pub type Limits = BTreeMap<(FileId, Limit), u32>;

/// One sentence for each file.
pub fn messages(limits: &Limits) -> Vec<(FileId, String)> {
    let mut all: Vec<(FileId, String)> = Vec::new();
    for ((file, limit), count) in limits {
        let part = match limit {
            Limit::Length => "some functions were too long to be followed to their end".to_owned(),
            Limit::Calls => {
                format!("{} more than {DEPTH_MAX} deep and not followed", counted(*count, "call was", "calls were"))
            }
            Limit::Nesting => format!(
                "{} too deep inside others to be followed",
                counted(*count, "expression stood", "expressions stood")
            ),
        };
        match all.last_mut().filter(|it| it.0 == *file) {
            Some((_, message)) => *message = format!("{message}; {part}"),
            None => all.push((*file, part)),
        }
    }
    all
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

impl Machine<'_> {
    /// How often something was not followed to its end.
    pub fn times_cut(&self) -> u32 {
        let is_length = |it: &&(FileId, Limit)| it.1 == Limit::Length;
        self.limits
            .keys()
            .filter(is_length)
            .filter_map(|it| self.limits.get(it))
            .fold(0, |all, it| all.saturating_add(*it))
    }

    /// A limit is reached in the file that runs.
    pub(super) fn reached(&mut self, limit: Limit) {
        let file = self.module().file;
        let count = self.limits.entry((file, limit)).or_insert(0);
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_message() {
        let limits = Limits::from([
            ((FileId(1), Limit::Calls), 1),
            ((FileId(1), Limit::Length), 7),
            ((FileId(2), Limit::Nesting), 2),
        ]);
        let expected = [
            (
                FileId(1),
                "some functions were too long to be followed to their end; 1 call was more than 14 deep and not followed",
            ),
            (FileId(2), "2 expressions stood too deep inside others to be followed"),
        ];
        assert_eq!(messages(&limits), expected.map(|(file, text)| (file, text.to_owned())));
    }
}
