//! `rules` and `explain`: what there is, and what a finding means.

use backend_specialist_core::explain;
use backend_specialist_core::nearest::nearest;
use backend_specialist_core::report::text::{TextOptions, findings_text};
use backend_specialist_core::report::{Finding, Report, Route, RuleMeta, docs_base, json};
use backend_specialist_core::rules::{RULES, Rule};

use crate::args::{CommonArgs, ExplainArgs, RulesArgs};
use crate::check::{Analyzed, Reach, analyze_paths, threads};
use crate::exit;
use crate::fault::Fault;
use crate::names::{absolute, below, relative};
use crate::output::{wants_color, write_stdout};
use crate::pages::PAGES;

pub fn list(args: &RulesArgs) -> Result<u8, Fault> {
    let docs = docs_base();
    let all: Vec<RuleMeta> = RULES.iter().map(|it| RuleMeta::new(it, docs.as_deref())).collect();
    write_stdout(&match args.format.as_str() {
        "json" => json::pretty(&all),
        "markdown" => markdown(&all),
        _ => text(&all),
    });
    Ok(exit::OK)
}

fn text(all: &[RuleMeta]) -> String {
    let width = all.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let line = |it: &RuleMeta| {
        let (severity, profile) = (it.severity.as_str(), it.profile.as_str());
        format!("{:<width$}  {severity:<8}  {profile:<6}  {}\n", it.id, it.summary)
    };
    all.iter().map(line).collect()
}

fn markdown(all: &[RuleMeta]) -> String {
    let mut out =
        String::from("| rule | severity | confidence | profile | group | what |\n|---|---|---|---|---|---|\n");
    for it in all {
        let (severity, confidence, profile) = (it.severity.as_str(), it.confidence.as_str(), it.profile.as_str());
        out.push_str(&format!(
            "| `{}` | {severity} | {confidence} | {profile} | {} | {} |\n",
            it.id, it.group, it.summary
        ));
    }
    out
}

pub fn run_explain(args: &ExplainArgs, common: &CommonArgs) -> Result<u8, Fault> {
    match parse_place(&args.what) {
        Some((file, line)) => explain_place(args, common, file, line),
        None => explain_rule(&args.what),
    }
}

/// `FILE:LINE` or `FILE:LINE:COLUMN`
fn parse_place(text: &str) -> Option<(&str, u32)> {
    let (head, last) = text.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    if let Some((file, line)) = head.rsplit_once(':')
        && let Ok(line) = line.parse()
    {
        return Some((file, line));
    }
    Some((head, last))
}

fn explain_rule(name: &str) -> Result<u8, Fault> {
    let Some(rule) = RULES.iter().find(|it| it.id == name) else {
        let help = match nearest(name, RULES.iter().map(|it| it.id)) {
            Some(it) => format!("did you mean `{it}`?"),
            None => "`backend-specialist rules` lists all rules; a place is written FILE:LINE".to_string(),
        };
        return Err(Fault::new(format!("unknown rule `{name}`")).help(help));
    };
    let page = PAGES.iter().find(|it| it.0 == rule.id).map_or("", |it| it.1);
    let title = if page.is_empty() { format!("# `{}`\n\n{}.\n", rule.id, rule.summary) } else { page.to_string() };
    write_stdout(&format!("{}\n\n{}\n", title.trim_end(), facts(rule)));
    Ok(exit::OK)
}

fn facts(rule: &Rule) -> String {
    let mut lines = vec![
        format!("Severity: {}", rule.severity.as_str()),
        format!("Confidence: {}", rule.confidence.as_str()),
        format!("Profile: {}", rule.profile.as_str()),
        format!("Group: {}", rule.group),
        format!("Specialist: {}", rule.specialist.as_str()),
    ];
    if !rule.cwe.is_empty() {
        let cwe: Vec<String> = rule.cwe.iter().map(|it| format!("CWE-{it}")).collect();
        lines.push(format!("Weakness: {}", cwe.join(", ")));
    }
    if !rule.owasp.is_empty() {
        lines.push(format!("OWASP: {}", rule.owasp.join(", ")));
    }
    lines.push(format!("Since: {}", rule.since));
    lines.join("\n")
}

fn explain_place(args: &ExplainArgs, common: &CommonArgs, file: &str, line: u32) -> Result<u8, Fault> {
    // A flow through this line may end in another file.
    let analyzed = analyze_paths(&[file.into()], &args.project, Reach::Project)?;
    let full = absolute(&analyzed.current, file.as_ref());
    let path = below(&analyzed.root, &full).unwrap_or_else(|| file.to_string());
    let report = &analyzed.report;
    let here: Vec<Finding> = report.findings.iter().filter(|it| touches(it, &path, line)).cloned().collect();

    let name = |it: &str| relative(&analyzed.current, &analyzed.root.join(it));
    let source = |it: &str| analyzed.project.text(it);
    let color = wants_color(&common.color);
    let pool = threads(args.project.jobs)?;
    let verdicts = pool.install(|| explain::explain(&analyzed.project, &analyzed.config, report, &path, line));
    let mut out = findings_text(&here, &TextOptions { color, name: &name, source: &source });
    let rest = beside_findings(report, &path, line);
    if here.is_empty() {
        out.push_str(&format!("no findings at {file}:{line}\n"));
        if rest.is_empty() && verdicts.is_empty() {
            out.push_str(&what_ran(&analyzed));
        }
    }
    for it in &verdicts {
        let rule = it.rule.map(|it| format!("{it}: ")).unwrap_or_default();
        out.push_str(&format!("{rule}{} at `{}`: {}\n", it.answer.as_str(), it.subject, it.why));
    }
    out.push_str(&rest);
    write_stdout(&out);
    Ok(exit::OK)
}

/// The finding stands on the line, or its data passes through it.
fn touches(finding: &Finding, file: &str, line: u32) -> bool {
    let covers = |it: &str, range: &backend_specialist_core::report::Range| {
        it == file && (range.start.line..=range.end.line).contains(&line)
    };
    covers(&finding.file, &finding.range) || finding.flow.iter().any(|it| covers(&it.file, &it.range))
}

fn beside_findings(report: &Report, file: &str, line: u32) -> String {
    let mut out = String::new();
    for it in report.suppressed.iter().filter(|it| touches(&it.finding, file, line)) {
        let reason = it.reason.as_deref().unwrap_or("no reason given");
        out.push_str(&format!("suppressed: {}: {} ({reason})\n", it.finding.rule, it.finding.message));
    }
    for it in report.problems.iter().filter(|it| it.file == file) {
        let is_here = it.range.is_none_or(|range| (range.start.line..=range.end.line).contains(&line));
        if is_here {
            out.push_str(&format!("problem: {}: {}\n", it.kind.as_str(), it.message));
        }
    }
    for it in report.routes.iter().filter(|it| it.file == file && it.line == line) {
        out.push_str(&route_text(it));
    }
    out
}

fn route_text(route: &Route) -> String {
    let mut out = format!("route: {} {} ({}, {})\n", route.method, route.path, route.framework, route.handler);
    for (name, value) in route.guards.all() {
        let why: Vec<String> = route
            .evidence
            .iter()
            .filter(|it| it.guard == name)
            .map(|it| format!("{}:{}: {}", it.file, it.line, it.why))
            .collect();
        let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) };
        out.push_str(&format!("  {name}: {value}{why}\n"));
    }
    out
}

fn what_ran(analyzed: &Analyzed) -> String {
    let stats = &analyzed.report.stats;
    format!(
        "{} rules of the profile `{}` ran over {} files\n",
        stats.rules,
        analyzed.config.profile.as_str(),
        stats.files
    )
}
