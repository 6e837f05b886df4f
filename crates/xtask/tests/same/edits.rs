//! A project that is edited is, after each edit, what it would be from scratch; and only the edited file is read.

use backend_specialist_core::report::json::json;
use backend_specialist_core::workspace::Workspace;

use crate::projects::{Dice, Files, apps, config, report};

const EDITS: usize = 200;

/// Changes as a person makes them: a line removed, doubled or moved, a word typed, a file emptied, deleted or brought back.
fn edited(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return "x = 1\n".to_owned();
    }
    let (at, to) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at]),
        2 => lines.swap(at, to),
        3 => lines.insert(at, "console.log(eval(input"),
        _ => lines.truncate(at),
    }
    lines.join("\n") + "\n"
}

#[test]
fn two_hundred_edits_end_where_a_run_from_scratch_does() {
    let mut dice = Dice(11);
    for (name, original) in apps() {
        let mut files: Files = original.clone();
        let mut workspace = Workspace::default();
        for (path, text) in &files {
            workspace.set(path, text.clone().into_bytes());
        }
        workspace.analyze(&config());
        for edit in 0..EDITS {
            let lowered = workspace.lowered();
            let (path, text) = original[dice.below(original.len())].clone();
            let known = files.iter().position(|it| it.0 == path);
            let text = match (known, dice.below(12)) {
                (Some(at), 0) => {
                    files.remove(at);
                    workspace.delete(&path);
                    None
                }
                (Some(at), 1..=9) => Some(edited(&files[at].1, &mut dice)),
                _ => Some(text),
            };
            if let Some(text) = text {
                workspace.set(&path, text.clone().into_bytes());
                match known {
                    Some(at) => files[at].1 = text,
                    None => files.push((path.clone(), text)),
                }
            }
            // Each report would do; a few of them take less time.
            if edit % 20 == 19 || edit < 5 {
                let whole = json(&workspace.analyze(&config()));
                assert!(whole == report(&files), "{name}, edit {edit} of {path}");
            }
            if edit < 5 {
                assert!(workspace.lowered() <= lowered + 1, "{name}: more than the edited file was read again");
            }
        }
    }
}
