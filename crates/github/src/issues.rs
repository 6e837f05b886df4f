//! Issues that a pull request says it closes.

use crate::client::Client;
use crate::event::Pull;
use crate::state::Paths;
use crate::summary::Issue;

/// Issues whose titles are asked for.
const ISSUES_MAX: usize = 2;
const WORDS: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// Their titles, as far as they can be read.
pub async fn named(client: &Client, paths: &Paths, pull: &Pull) -> Vec<Issue> {
    let mut issues = Vec::new();
    for number in numbers(&format!("{}\n{}", pull.title, pull.body)).into_iter().take(ISSUES_MAX) {
        let Ok(value) = client.get(&paths.issue(number)).await else { continue };
        if let Some(title) = value["title"].as_str() {
            issues.push(Issue { number, title: title.to_string() });
        }
    }
    issues
}

fn numbers(text: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    for pair in words.windows(2) {
        let word = pair[0].trim_end_matches(':').to_lowercase();
        let number = pair[1].strip_prefix('#').map(|it| it.trim_end_matches(|letter: char| !letter.is_ascii_digit()));
        if let Some(number) = number.and_then(|it| it.parse().ok())
            && WORDS.contains(&word.as_str())
            && !numbers.contains(&number)
        {
            numbers.push(number);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_are_named_by_a_word_before_them() {
        assert_eq!(numbers("Fixes #12, see #3\nresolves: #4. closes #12"), [12, 4]);
        assert!(numbers("fixes #x and prefix #9").is_empty());
    }
}
