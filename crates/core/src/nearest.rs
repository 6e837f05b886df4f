//! The known name that a misspelt one was probably meant to be.

/// `None` when nothing is near enough to be worth naming.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let far = (name.chars().count() / 3).max(1) + 1;
    known
        .into_iter()
        .map(|it| (distance(&name, &it.to_lowercase()), it))
        .filter(|&(distance, _)| distance <= far)
        .min_by_key(|&(distance, it)| (distance, it))
        .map(|(_, it)| it)
}

/// Insertions, deletions, replacements and swaps of neighbors that turn one name into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let known = ["sql-injection", "nosql-injection", "open-redirect"];
        assert_eq!(nearest("sql-injektion", known), Some("sql-injection"));
        assert_eq!(nearest("sqlinjection", known), Some("sql-injection"));
        assert_eq!(nearest("open-redierct", known), Some("open-redirect"));
        assert_eq!(nearest("xss", known), None);
    }
}
