//! A new rule: its file, its page, and the lines that name it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

const RULES: &str = "crates/core/src/rules";

/// Writes the two files and the lines; refuses to overwrite.
pub fn write(root: &Path, id: &str, group: &str) -> Result<()> {
    for (name, what) in [(id, "a rule"), (group, "a group")] {
        if name.is_empty() || !name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-') {
            bail!("`{name}` cannot name {what}: small letters, digits and hyphens");
        }
    }
    let (module, group_module) = (id.replace('-', "_"), group.replace('-', "_"));
    let folder = root.join(RULES).join(&group_module);
    fs::create_dir_all(&folder)?;
    for (name, text) in [(format!("{module}.rs"), code(id, group)), (format!("{module}.md"), page(id))] {
        let path = folder.join(&name);
        if path.exists() {
            bail!("{RULES}/{group_module}/{name} is there already");
        }
        fs::write(&path, text)?;
        println!("wrote {RULES}/{group_module}/{name}");
    }
    let (group_file, rules_file) = (folder.join("mod.rs"), root.join(RULES).join("mod.rs"));
    let old = if group_file.exists() {
        fs::read_to_string(&group_file)?
    } else {
        "//! What these rules have in common, in one line.\n".into()
    };
    fs::write(&group_file, with_module(&old, &format!("pub(super) mod {module};")))?;
    let old = fs::read_to_string(&rules_file).with_context(|| format!("reading {RULES}/mod.rs"))?;
    let new = with_module(&old, &format!("mod {group_module};"));
    let new = with_rule(&new, &format!("&{group_module}::{module}::RULE")).context("`RULES` is not in rules/mod.rs")?;
    fs::write(&rules_file, new)?;
    println!("named it in {RULES}/{group_module}/mod.rs and {RULES}/mod.rs; then: cargo fmt, cargo xtask gen");
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

/// The text with the rule in the list, which is sorted by the rule's own name.
fn with_rule(text: &str, rule: &str) -> Option<String> {
    let open = text.find("RULES: &[&Rule] = &[")? + "RULES: &[&Rule] = &[".len();
    let close = open + text[open..].find("];")?;
    let mut rules: Vec<&str> = text[open..close].split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    rules.push(rule);
    rules.sort_by_key(|it| it.split("::").nth(1));
    rules.dedup();
    let list: String = rules.iter().map(|it| format!("    {it},\n")).collect();
    Some(format!("{}\n{list}{}", &text[..open], &text[close..]))
}

fn code(id: &str, group: &str) -> String {
    let page = id.replace('-', "_");
    format!(
        r#"//! What this rule is about, in one sentence. See `{page}.md` for the page and the tests.

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
    fn lines_go_where_they_belong() {
        let text = "//! Head.\n\npub mod context;\nmod crypto;\n\nuse x;\n\npub static RULES: &[&Rule] = &[&crypto::b_rule::RULE];\n";
        let text = with_module(text, "mod injection;");
        let text = with_module(&text, "mod access;");
        let text = with_module(&text, "mod crypto;");
        let text = with_rule(&text, "&injection::a_rule::RULE").unwrap();
        assert_eq!(
            text,
            "//! Head.\n\nmod access;\npub mod context;\nmod crypto;\nmod injection;\n\nuse x;\n\npub static RULES: &[&Rule] = &[\n    \
             &injection::a_rule::RULE,\n    &crypto::b_rule::RULE,\n];\n"
        );
        assert_eq!(with_module("//! Head.\n", "pub(super) mod a;"), "//! Head.\n\npub(super) mod a;\n");
    }

    #[test]
    fn a_page_that_nobody_filled_in_is_refused() {
        assert!(backend_specialist_literate::page::Page::parse("p.md", &page("a-rule")).is_err());
    }
}
