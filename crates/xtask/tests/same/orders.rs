//! Neither the number of threads nor the order of the files is seen in a report.

use crate::projects::{Dice, Files, all, report};

fn on_threads<T: Send>(count: usize, run: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(16 << 20).build();
    pool.expect("threads can be started").install(run)
}

fn first_difference(left: &str, right: &str) -> String {
    let lines = left.lines().zip(right.lines()).enumerate().find(|(_, (left, right))| left != right);
    match lines {
        Some((line, (left, right))) => format!("line {}:\n  {left}\n  {right}", line + 1),
        None => "one is longer".to_owned(),
    }
}

#[test]
fn any_number_of_threads_and_any_order_give_the_same_bytes() {
    let mut dice = Dice(7);
    let projects = all();
    assert!(projects.len() > 500, "the pages were not found");
    let alone: Vec<String> = on_threads(1, || projects.iter().map(|it| report(&it.1)).collect());
    let shuffled: Vec<Files> = projects
        .iter()
        .map(|(_, files)| {
            let mut files = files.clone();
            dice.shuffle(&mut files);
            files
        })
        .collect();
    let together: Vec<String> = on_threads(8, || shuffled.iter().map(report).collect());
    for ((name, _), (left, right)) in projects.iter().zip(alone.iter().zip(&together)) {
        assert!(left == right, "{name}: {}", first_difference(left, right));
    }
}
