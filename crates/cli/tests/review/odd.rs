//! Odd surroundings: strangers, hostile names, secrets, other servers, many comments.

use backend_specialist_fake_github::{BOT, Inline, Note, Rights};
use serde_json::json;

use super::rig::{Rig, Run, app, route};

fn bodies(run: &Run) -> String {
    run.log.iter().map(|it| it.body.to_string()).collect()
}

#[test]
fn a_secret_is_told_nowhere() {
    let secret = "Zq83kd92LxhunterPw71";
    let mut rig = Rig::new("secret", &[("src/app.js", &app(&[]))]);
    rig.args = ["--sarif-file", "all.sarif", "--report-json", "all.json"].map(String::from).to_vec();
    let settings =
        "select = [\"hardcoded-secret\", \"secret-default-fallback\", \"credentials-in-url\", \"sql-injection\"]\n";
    // The second line has a secret and an injection.
    let text = app(&[1])
        .replace(
            "const db = new Pool();",
            &format!("const password = \"{secret}\";\nconst db = new Pool({{ password }});"),
        )
        .replace(
            "db.query(",
            &format!("db.query(`SELECT '{secret}'`) || await new Pool({{ password: \"{secret}\" }}).query("),
        );
    rig.push(&[("src/app.js", Some(&text)), ("backend-specialist.toml", Some(settings))]);
    let run = rig.run();
    run.expect(1, "review");
    assert!(rig.summaries()[0].contains("hardcoded-secret"), "{}", rig.summaries()[0]);
    let file = |name: &str| std::fs::read_to_string(run.work.join(name)).expect("a file was written");
    let told = [bodies(&run), run.stdout, run.stderr, run.job, run.outputs, file("all.sarif"), file("all.json")];
    for (at, it) in told.iter().enumerate() {
        assert!(!it.contains(secret), "the secret is told in {at}: {it}");
    }
}

#[cfg(unix)]
#[test]
fn hostile_names_stay_text() {
    let rig = Rig::new("hostile", &[("src/app.js", &app(&[]))]);
    let name = "src/`@all` #12 <img src=x> [a](javascript:x) ::error::x\u{202e}.js";
    let text = app(&[]).replace("app.listen", &format!("{}app.listen", route(1).replace("/r1", "/@all|<!-- x")));
    rig.push(&[(name, Some(&text))]);
    let run = rig.run();
    run.expect(1, "review");
    let state = rig.state();
    let bodies = state.notes.iter().map(|it| &it.body).chain(state.inline.iter().map(|it| &it.body));
    for body in bodies {
        assert_eq!(body.matches("<!--").count(), 1, "{body}");
        assert!(!body.contains('\u{202e}'), "{body}");
        // Inside of code nothing is markup: what is left outside has none of it.
        let outside: String = without_code(body);
        for part in ["@all", "<img", "](javascript"] {
            assert!(!outside.contains(part), "`{part}` in {outside}");
        }
    }
    let commands = run.stdout.lines().filter(|it| it.starts_with("::"));
    assert!(commands.clone().all(|it| it.starts_with("::error file=src/")), "{}", run.stdout);
}

/// Spans of code taken out, as Markdown finds them: a run of backticks up to the next one of the same length.
#[cfg(unix)]
fn without_code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let length = rest[at..].chars().take_while(|it| *it == '`').count();
        let (fence, after) = rest[at..].split_at(length);
        let mut from = 0;
        let end = loop {
            let Some(next) = after[from..].find('`').map(|it| it + from) else { break None };
            let run = after[next..].chars().take_while(|it| *it == '`').count();
            if run == length {
                break Some(next + run);
            }
            from = next + run;
        };
        rest = match end {
            Some(end) => &after[end..],
            None => {
                out.push_str(fence);
                after
            }
        };
    }
    out + rest
}

#[test]
fn an_enterprise_server_has_its_api_below_a_folder() {
    let mut rig = Rig::new("enterprise", &[("src/app.js", &app(&[]))]);
    rig.api = "/api/v3";
    rig.push_app(&[1]);
    rig.run().expect(1, "review");
    assert_eq!(rig.run().writes(), [""; 0]);
}

#[test]
fn more_comments_than_one_page_are_all_read() {
    let rig = Rig::new("pages", &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    {
        let mut state = rig.state();
        for number in 0..150 {
            let inline = Inline {
                id: number + 1_000,
                author: "dev".into(),
                body: "a remark".into(),
                path: "src/app.js".into(),
                line: Some(8),
                start: None,
                reply_to: None,
                is_file: false,
                is_resolved: false,
            };
            state.inline.push(inline);
            state.notes.push(Note { id: number + 5_000, author: "dev".into(), body: "a word".into() });
        }
    }
    rig.run().expect(1, "review");
    let run = rig.run();
    assert_eq!(run.writes(), [""; 0]);
    assert!(run.log.iter().any(|it| it.path.ends_with("/pulls/7/comments") && it.query.contains("page=2")));
    assert_eq!(rig.state().inline.len(), 151);
}

#[test]
fn more_files_than_one_page_are_all_read() {
    let rig = Rig::new("files", &[("src/app.js", &app(&[]))]);
    let names: Vec<String> = (0..120).map(|it| format!("lib/f{it:03}.js")).collect();
    let mut files: Vec<(&str, Option<&str>)> =
        names.iter().map(|it| (it.as_str(), Some("export const a = 1;\n"))).collect();
    let text = app(&[1]);
    files.push(("src/app.js", Some(&text)));
    rig.push(&files);
    rig.run().expect(1, "review");
    assert_eq!(rig.comments().len(), 1);
}

/// A fork's run writes the report, another one posts it.
fn handed_over(name: &str, change: impl Fn(&str) -> String) -> (Rig, Run) {
    let mut rig = Rig::new(name, &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    rig.state().head_repository = "stranger/r".into();
    rig.state().rights = Rights::Read;
    rig.args = ["--comment", "none", "--report-json", "report.json"].map(String::from).to_vec();
    let run = rig.run();
    assert_eq!((run.code, run.log.len()), (Some(1), 0));
    let report = std::fs::read_to_string(run.work.join("report.json")).expect("there is a report");

    rig.state().rights = Rights::Write;
    rig.event = "workflow_run";
    rig.args = ["--report", "report.json", "--fail-on", "none"].map(String::from).to_vec();
    let head = rig.state().head.clone();
    let event = json!({ "workflow_run": { "head_sha": head, "head_branch": "change",
        "head_repository": { "owner": { "login": "stranger" } }, "pull_requests": [] } });
    let run = rig.post_report(&change(&report), &event.to_string());
    (rig, run)
}

#[test]
fn a_second_workflow_posts_what_a_forks_run_found() {
    let (rig, run) = handed_over("handed", str::to_string);
    run.expect(0, "review");
    assert_eq!(rig.comments()[0].0, Some(9));
    assert!(rig.summaries()[0].contains("`GET /r1` is new"), "{}", rig.summaries()[0]);
}

#[test]
fn a_hostile_report_leads_nowhere() {
    for (name, from, to) in [
        ("outside", "\"src/app.js\"", "\"../../etc/passwd\""),
        ("rulename", "\"sql-injection\"", "\"x](https://evil.example)\""),
        ("marker", "\"fingerprint\": \"", "\"fingerprint\": \"x --> "),
        ("nothing", "{", "nonsense"),
    ] {
        let (rig, run) = handed_over(name, |it| it.replace(from, to));
        assert_eq!(run.code, Some(2), "{name}: {}", run.stderr);
        assert!(rig.comments().is_empty() && rig.summaries().is_empty());
    }
    let (rig, run) = handed_over("large", |it| format!("{it}{}", " ".repeat(50 << 20)));
    assert_eq!(run.code, Some(2));
    assert!(run.log.is_empty() && rig.summaries().is_empty());
    // A link and a number of another pull request are not followed.
    let (rig, run) = handed_over("elsewhere", |it| {
        it.replace("https://github.com/", "https://evil.example/").replacen('{', "{\"number\": 9,", 1)
    });
    run.expect(0, "review");
    assert!(!bodies(&run).contains("evil.example"));
    assert!(rig.state().notes.iter().all(|it| it.author == BOT));
}

#[test]
fn a_base_that_cannot_be_fetched_makes_nothing_new() {
    let rig = Rig::new("nobase", &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    let (head, event) = {
        let state = rig.state();
        (state.head.clone(), state.event().to_string().replace(&state.base, &"b".repeat(40)))
    };
    let run = rig.run_on(&head, &event);
    run.expect(0, "none");
    assert!(run.job.contains("What this change introduced is not known"), "{}", run.job);
    assert!(run.job.contains("1 finding is older"), "{}", run.job);
}
