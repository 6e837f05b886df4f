//! The matrix as people read it: in a terminal, and in Markdown.

use std::fmt::Write;

use super::super::frame::{columns_of, harmless};
use super::super::paint::{Style, painted};
use super::super::{Report, Route};
use super::GUARDS;

/// Columns of a path, and of a place, that are left when the terminal is narrow.
const NARROW: usize = 24;
/// Between two columns.
const GAP: usize = 2;

/// What the reader's side adds.
pub struct TableOptions<'a> {
    pub color: bool,
    /// Columns of the terminal, if it is one.
    pub width: Option<usize>,
    /// Turns a path of the report into the one to print.
    pub name: &'a dyn Fn(&str) -> String,
}

/// One line for each route; what is the same for all of them is said once, below.
pub fn table(report: &Report, options: &TableOptions<'_>) -> String {
    let routes = &report.routes;
    if routes.is_empty() {
        return "no routes\n".to_owned();
    }
    let (told, shown) = columns(routes);
    let mut rows = vec![header(&shown)];
    rows.extend(routes.iter().map(|it| cells(it, &shown, options.name)));
    let mut widths: Vec<usize> =
        (0..rows[0].len()).map(|at| rows.iter().map(|row| columns_in(&row[at])).max().unwrap_or(0)).collect();
    if let Some(width) = options.width {
        fit(&mut widths, width);
    }
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let route = at.checked_sub(1).map(|it| &routes[it]);
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let is_last = column + 1 == row.len();
                let cut = if is_last { cut_front(cell, widths[column]) } else { cut_middle(cell, widths[column]) };
                let padding = if is_last { 0 } else { widths[column] - columns_in(&cut) };
                let style = match route {
                    None => Some(Style::Strong),
                    Some(route) => column.checked_sub(2).and_then(|it| shown.get(it)).and_then(|it| style(route, *it)),
                };
                let cut = style.map_or(cut.clone(), |style| painted(options.color, style, &cut));
                format!("{cut}{}", " ".repeat(padding))
            })
            .collect();
        let _ = writeln!(out, "{}", cells.join(&" ".repeat(GAP)).trim_end());
    }
    out.push('\n');
    if !told.is_empty() {
        let _ = writeln!(out, "all: {}", told.join(", "));
    }
    let _ = writeln!(out, "{}", summary(routes));
    out
}

pub fn markdown(report: &Report) -> String {
    let shown: Vec<usize> = (0..GUARDS.len()).collect();
    let header = header(&shown);
    let mut out = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
    for route in &report.routes {
        let cells = cells(route, &shown, &|file| file.to_string());
        let cells: Vec<String> =
            cells.iter().map(|it| it.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

/// What all routes have in common, and the guards in which they differ.
fn columns(routes: &[Route]) -> (Vec<String>, Vec<usize>) {
    let (mut told, mut shown) = (Vec::new(), Vec::new());
    for (at, name) in GUARDS.iter().enumerate() {
        let first = cell(&routes[0], at);
        // Who may come in is what the table is for.
        if at > 0 && routes.len() > 1 && routes.iter().all(|it| cell(it, at) == first) {
            told.push(format!("{} {first}", name.replace('_', " ")));
        } else {
            shown.push(at);
        }
    }
    (told, shown)
}

fn header(shown: &[usize]) -> Vec<String> {
    let guards = shown.iter().map(|it| GUARDS[*it].replace('_', " "));
    ["method", "path"].map(String::from).into_iter().chain(guards).chain(["where".to_string()]).collect()
}

fn cells(route: &Route, shown: &[usize], name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut cells = vec![harmless(&route.method), harmless(&route.path)];
    cells.extend(shown.iter().map(|it| cell(route, *it)));
    cells.push(harmless(&format!("{}:{}", name(&route.file), route.line)));
    cells
}

fn cell(route: &Route, guard: usize) -> String {
    let (name, value) = route.guards.all()[guard];
    let roles = if name == "role" && !route.roles.is_empty() {
        format!(" ({})", route.roles.join(", "))
    } else {
        String::new()
    };
    harmless(&format!("{value}{roles}"))
}

/// What is missing stands out where it can do harm.
fn style(route: &Route, guard: usize) -> Option<Style> {
    let (name, value) = route.guards.all()[guard];
    Some(match value {
        "missing" => Style::Error,
        "absent" if name == "auth" && route.may_change_data() => Style::Error,
        "absent" | "optional" if name == "auth" => Style::Warning,
        "present" | "checked" | "schema" | "manual" => Style::Good,
        "unknown" => Style::Note,
        _ => Style::Faint,
    })
}

fn summary(routes: &[Route]) -> String {
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let open: Vec<&Route> = routes.iter().filter(|it| it.guards.auth == "absent").collect();
    let changing = open.iter().filter(|it| it.may_change_data()).count();
    let unknown = routes.iter().filter(|it| it.guards.auth == "unknown").count();
    let mut out = count(routes.len(), "route");
    if !open.is_empty() {
        let _ = write!(out, ", {} without authentication", open.len());
    }
    if changing > 0 {
        let _ = write!(out, " ({changing} may change data)");
    }
    if unknown > 0 {
        let _ = write!(out, ", {unknown} unknown");
    }
    out
}

/// Takes what is too much from the place, then from the path.
fn fit(widths: &mut [usize], width: usize) {
    let last = widths.len() - 1;
    for column in [last, 1] {
        let whole = widths.iter().sum::<usize>() + GAP * last;
        let over = whole.saturating_sub(width);
        let least = widths[column].min(NARROW);
        widths[column] = widths[column].saturating_sub(over).max(least);
    }
}

fn columns_in(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// The end of a place tells more than its beginning.
fn cut_front(text: &str, width: usize) -> String {
    if columns_in(text) <= width {
        return text.to_owned();
    }
    format!("…{}", tail(text, width.saturating_sub(1)))
}

fn cut_middle(text: &str, width: usize) -> String {
    if columns_in(text) <= width {
        return text.to_owned();
    }
    let left = width.saturating_sub(1);
    format!("{}…{}", head(text, left / 2), tail(text, left - left / 2))
}

fn head(text: &str, width: usize) -> String {
    let mut left = width;
    let fits = |letter: &char| left.checked_sub(columns_of(*letter)).map(|it| left = it).is_some();
    text.chars().take_while(fits).collect()
}

fn tail(text: &str, width: usize) -> String {
    let mut left = width;
    let fits = |letter: &char| left.checked_sub(columns_of(*letter)).map(|it| left = it).is_some();
    let reversed: Vec<char> = text.chars().rev().take_while(fits).collect();
    reversed.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::Guards;
    use super::super::tests::{report, route};
    use super::*;

    fn print(routes: Vec<Route>, color: bool, width: Option<usize>) -> String {
        table(&report(routes), &TableOptions { color, width, name: &|file| file.to_string() })
    }

    fn with_role(route: Route, role: &str) -> Route {
        Route { guards: Guards { role: role.into(), ..route.guards }, ..route }
    }

    #[test]
    fn what_all_routes_have_in_common_is_said_once() {
        let routes = vec![
            with_role(route("GET", "/users/:id", "present"), "absent"),
            with_role(route("DELETE", "/u", "absent"), "unknown"),
        ];
        let expected = "\
method  path        auth     role     where
GET     /users/:id  present  absent   src/app.js:7
DELETE  /u          absent   unknown  src/app.js:7

all: ownership unknown, validation unknown, csrf n/a, content type unknown, rate limit unknown
2 routes, 1 without authentication (1 may change data)
";
        assert_eq!(print(routes, false, None), expected);
    }

    #[test]
    fn a_narrow_terminal_cuts_the_place_then_the_path() {
        let long = |auth| Route {
            file: "src/modules/accounts/routes.js".into(),
            ..route("GET", "/api/v1/accounts/:account/members/:member", auth)
        };
        let table = print(vec![long("present"), long("unknown")], false, Some(72));
        let expected = "\
method  path                           auth     where
GET     /api/v1/accoun…embers/:member  present  …es/accounts/routes.js:7
GET     /api/v1/accoun…embers/:member  unknown  …es/accounts/routes.js:7
";
        assert!(table.starts_with(expected), "{table}");
    }

    #[test]
    fn a_route_that_changes_data_for_anybody_is_red() {
        let table = print(vec![route("DELETE", "/u", "absent"), route("GET", "/u", "absent")], true, None);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[1].contains("\u{1b}[1;31mabsent\u{1b}[0m"), "{table}");
        assert!(lines[2].contains("\u{1b}[1;33mabsent\u{1b}[0m"), "{table}");
    }

    #[test]
    fn a_project_without_routes_says_so() {
        assert_eq!(print(Vec::new(), false, None), "no routes\n");
    }
}
