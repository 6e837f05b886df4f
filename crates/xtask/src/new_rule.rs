//! A new rule: its file, its page, and the lines that name it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use backend_specialist_core::rules::RULES;

const FOLDER: &str = "crates/core/src/rules";
const GROUP: &str = "\
//! What these rules have in common, in one line.

use super::Rule;

pub(super) static RULES: &[&Rule] = &[];
";

/// Writes the two files and the lines; writes nothing if anything is there already.
pub fn write(root: &Path, id: &str, group: &str) -> Result<()> {
    for (name, what) in [(id, "a rule"), (group, "a group")] {
        if name.is_empty() || !name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-') {
            bail!("`{name}` cannot name {what}: small letters, digits and hyphens");
        }
    }
    if RULES.iter().any(|it| it.id == id) {
        bail!("there is a rule `{id}` already: `cargo run -- rules {id}` shows it");
    }
    let (module, group_module) = (id.replace('-', "_"), group.replace('-', "_"));
    let folder = Path::new(FOLDER).join(&group_module);
    let (group_file, rules_file) = (folder.join("mod.rs"), Path::new(FOLDER).join("mod.rs"));
    let mut files =
        vec![(folder.join(format!("{module}.rs")), code(id, group)), (folder.join(format!("{id}.md")), page(id))];
    if let Some((there, _)) = files.iter().find(|it| root.join(&it.0).exists()) {
        bail!("{} is there already", there.display());
    }
    let old = match fs::read_to_string(root.join(&group_file)) {
        Ok(text) => text,
        Err(_) => {
            let rules = fs::read_to_string(root.join(&rules_file))?;
            let new = with_group(&with_module(&rules, &format!("mod {group_module};")), &group_module);
            files.push((rules_file, new.context("the list of groups is not in rules/mod.rs")?));
            GROUP.to_owned()
        }
    };
    let new = with_rule(&with_module(&old, &format!("mod {module};")), &format!("&{module}::RULE"));
    let missing = || format!("`RULES` is not in {}", group_file.display());
    let new = new.with_context(missing)?;
    files.push((group_file, new));
    fs::create_dir_all(root.join(&folder))?;
    for (path, text) in files {
        fs::write(root.join(&path), text)?;
        println!("wrote {}", path.display());
    }
    println!("write both, then: cargo fmt, cargo xtask gen, cargo xtask page {id}");
    Ok(())
}

/// The text with the module's line among the others, in order.
fn with_module(text: &str, line: &str) -> String {
    let is_module = |it: &str| it.ends_with(';') && it.split(' ').rev().nth(1) == Some("mod");
    let lines: Vec<&str> = text.lines().collect();
    if lines.contains(&line) || lines.contains(&format!("pub {line}").as_str()) {
        return text.to_owned();
    }
    let name = |it: &str| it.rsplit(' ').next().unwrap_or_default().to_owned();
    let after = lines.iter().rposition(|it| is_module(it) && name(it) < name(line));
    let before = lines.iter().position(|it| is_module(it));
    let at = after.map(|it| it + 1).or(before);
    let mut new: Vec<&str> = lines.clone();
    match at {
        Some(at) => new.insert(at, line),
        None => {
            // The first module stands below the head of the file.
            let head = lines.iter().take_while(|it| it.starts_with("//!")).count();
            new.splice(head..head, ["", line]);
        }
    }
    new.join("\n") + "\n"
}

/// The text with the rule in the list, in order.
fn with_rule(text: &str, rule: &str) -> Option<String> {
    let open = text.find("RULES: &[&Rule] = &[")? + "RULES: &[&Rule] = &[".len();
    let close = open + text[open..].find("];")?;
    let mut rules: Vec<&str> = text[open..close].split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    rules.push(rule);
    rules.sort_unstable();
    rules.dedup();
    let list: String = rules.iter().map(|it| format!("    {it},\n")).collect();
    Some(format!("{}\n{list}{}", &text[..open], &text[close..]))
}

/// The text with the group in the list of groups, in order.
fn with_group(text: &str, group: &str) -> Option<String> {
    let open = text.find("let mut all = [")? + "let mut all = [".len();
    let close = open + text[open..].find(']')?;
    let new = format!("{group}::RULES");
    let mut groups: Vec<&str> = text[open..close].split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    groups.push(&new);
    groups.sort_unstable();
    Some(format!("{}{}{}", &text[..open], groups.join(", "), &text[close..]))
}

fn code(id: &str, group: &str) -> String {
    format!(
        r#"//! What this rule is about, in one sentence. See `{id}.md` for the page and the tests.

use crate::finding::{{Confidence, Finding, Profile, Severity, Specialist}};
use crate::rules::Rule;
use crate::rules::context::{{Flow, FlowQuery, RuleContext}};

pub(crate) static RULE: Rule = Rule {{
    id: "{id}",
    summary: "What is wrong, without a full stop",
    group: "{group}",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[],
    owasp: &[],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
}};

/// Kinds are names from `models/kinds.toml`; which calls have them is written in `models/`.
const QUERY: FlowQuery = FlowQuery {{ sources: &["http"], sinks: &[], in_fragments: true }};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {{
    findings.extend(cx.flows(&QUERY).iter().map(report));
}}

fn report(flow: &Flow<'_>) -> Finding {{
    let message = format!("{{}} …`{{}}`", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help("what to do instead")
}}
"#
    )
}

fn page(id: &str) -> String {
    let fence = "```";
    format!(
        "# `{id}`\n\nWhat can happen, in one or two sentences.\n\n## Vulnerable\n\n### The common case\n\n{fence}js\n\
         // Mark the line to report with `// finding`.\n{fence}\n\n## Safe\n\n### The way to do it\n\n{fence}js\n{fence}\n\n\
         ## Limits\n\nWhat the rule does not see, with a case marked `// missing` or `// spurious` where there is one.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_named_in_its_group_and_a_new_group_among_the_groups() {
        let rules = "//! Head.\n\nmod crypto;\n\nlet mut all = [crypto::RULES].concat();\n";
        let rules = with_group(&with_module(rules, "mod access;"), "access").unwrap();
        assert_eq!(
            rules,
            "//! Head.\n\nmod access;\nmod crypto;\n\nlet mut all = [access::RULES, crypto::RULES].concat();\n"
        );
        let group = with_rule(&with_module(GROUP, "mod b_rule;"), "&b_rule::RULE").unwrap();
        let group = with_rule(&with_module(&group, "mod a_rule;"), "&a_rule::RULE").unwrap();
        assert!(group.contains("\nmod a_rule;\nmod b_rule;\n"), "{group}");
        assert!(group.contains("= &[\n    &a_rule::RULE,\n    &b_rule::RULE,\n];"), "{group}");
    }

    #[test]
    fn what_is_there_already_is_not_written_again() {
        let root = crate::root();
        let error = write(&root, "sql-injection", "injection").unwrap_err().to_string();
        assert!(error.starts_with("there is a rule `sql-injection` already"), "{error}");
    }

    #[test]
    fn a_page_that_nobody_filled_in_is_refused() {
        assert!(backend_specialist_literate::page::Page::parse("p.md", &page("a-rule")).is_err());
    }
}
