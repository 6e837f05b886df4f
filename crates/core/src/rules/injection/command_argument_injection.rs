//! Request data as a program's name, or as an option of a program with dangerous ones. See
//! `command-argument-injection.md` for the page and the tests.

use super::command_injection;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::{ArgFact, Fact};
use crate::rules::Rule;
use crate::rules::context::{Call, Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "command-argument-injection",
    summary: "Untrusted data becomes a program or an option of a dangerous one",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[88],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["http", "message"], sinks: &["command.program", "command.argument"], in_fragments: false };

/// In code given without its project nobody knows who writes the command line.
const COMMAND_LINE: FlowQuery = FlowQuery { sources: &["cli"], sinks: &["command.program"], in_fragments: false };

/// Programs that an option can make run others, or write files.
const PROGRAMS: &[&str] = &[
    "bash", "convert", "curl", "ffmpeg", "find", "git", "hg", "magick", "node", "npm", "npx", "pg_dump", "psql",
    "python", "python3", "rsync", "scp", "sh", "ssh", "svn", "tar", "wget", "yarn", "zip",
];

/// Commands of `git` whose options run nothing and write nowhere else.
const HARMLESS_GIT: &[&str] = &[
    "add",
    "branch",
    "checkout",
    "init",
    "merge-base",
    "mv",
    "reset",
    "restore",
    "rev-parse",
    "rm",
    "show-ref",
    "stash",
    "status",
    "switch",
    "tag",
];

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let calls = cx.calls("process");
    let mut flows = cx.flows_besides(&QUERY, &command_injection::QUERY);
    let started = cx.flows_besides(&COMMAND_LINE, &command_injection::QUERY).into_iter();
    flows.extend(started.filter(|it| cx.is_in_fragment(it.sink.place) && it.sink_kind.name() == "command.program"));
    for flow in flows {
        if flow.sink_kind.name() == "command.program" {
            findings.push(report(
                &flow,
                "chooses the program that",
                "name the program yourself, or take it from a fixed list",
            ));
            continue;
        }
        let call = calls.iter().find(|it| it.event.place == flow.event.call);
        if call.is_some_and(|it| may_be_option(it, &flow)) {
            findings.push(report(
                &flow,
                "may become an option of what",
                "put `--` before it, or refuse a value that begins with `-`",
            ));
        }
    }
}

/// The data begins an argument, no `--` stands before it, and the program has options that do harm.
fn may_be_option(call: &Call<'_>, flow: &Flow<'_>) -> bool {
    let (program, arguments) = (call.role("program"), call.role("arguments"));
    let holds_data = |it: &ArgFact| it.data.iter().any(|(origin, _)| *origin == flow.event.origin);
    let Fact::Array { items, .. } = &arguments.fact else {
        // The whole list is the client's.
        return is_dangerous(&program) && matches!(arguments.fact, Fact::Unknown) && holds_data(&arguments);
    };
    // The program may be the first item of the list.
    let (program, items) = match (&program.fact, items.split_first()) {
        (Fact::Absent, Some((first, rest))) => (first, rest),
        _ => (&program, items.as_slice()),
    };
    if is_harmless_git(program, items) {
        return false;
    }
    let before_end = items.iter().take_while(|it| it.text() != Some("--"));
    is_dangerous(program) && before_end.into_iter().any(|it| holds_data(it) && begins_with_data(it))
}

fn is_harmless_git(program: &ArgFact, items: &[ArgFact]) -> bool {
    program.text() == Some("git") && items.first().and_then(|it| it.text()).is_some_and(|it| HARMLESS_GIT.contains(&it))
}

fn is_dangerous(program: &ArgFact) -> bool {
    let Some(path) = program.text() else { return false };
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    PROGRAMS.contains(&name.strip_suffix(".exe").unwrap_or(name))
}

/// No constant text stands before the data.
fn begins_with_data(argument: &ArgFact) -> bool {
    match &argument.fact {
        Fact::Text(pieces) => pieces.iter().find(|it| it.as_deref() != Some("")).is_some_and(|it| it.is_none()),
        Fact::Unknown | Fact::Array { .. } => true,
        _ => false,
    }
}

fn report(flow: &Flow<'_>, what: &str, help: &str) -> Finding {
    let message = format!("{} {what} `{}` starts", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help(help)
}
