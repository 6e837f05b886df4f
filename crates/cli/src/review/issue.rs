//! An issue, and what of the project it speaks of.

use backend_specialist_core::report::Report;

use crate::check::Analyzed;
use crate::output::write_stdout;

pub fn print(title: &str, body: &str, analyzed: &Analyzed) {
    let text = format!("{title}\n{body}");
    let clean: String = text.chars().filter(|it| !it.is_control() || *it == '\n').collect();
    let mut out = format!("{}\n", backend_specialist_github::without_commands(clean.trim_end()));
    let routes = routes(&text, &analyzed.report);
    if !routes.is_empty() {
        out.push_str(&format!("\nroutes:\n{}", routes.concat()));
    }
    let files = analyzed.project.files().iter().filter(|it| is_named(&text, &it.path));
    let files: Vec<String> = files.map(|it| format!("  {}\n", it.path)).collect();
    if !files.is_empty() {
        out.push_str(&format!("\nfiles:\n{}", files.concat()));
    }
    write_stdout(&out);
}

/// Routes whose path stands in the text, with their guards.
fn routes(text: &str, report: &Report) -> Vec<String> {
    let named = report.routes.iter().filter(|it| it.path.len() > 1 && is_named(text, &it.path));
    named.map(|it| format!("  {} {}  auth {}  {}:{}\n", it.method, it.path, it.guards.auth, it.file, it.line)).collect()
}

/// As a word of its own, or with a folder before it.
fn is_named(text: &str, name: &str) -> bool {
    let goes_on = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '/');
    text.match_indices(name).any(|(at, _)| !text[at + name.len()..].starts_with(goes_on))
}
