//! The life of a pull request without faults.

use super::rig::{Rig, app};

fn fresh(name: &str) -> Rig {
    Rig::new(name, &[("src/app.js", &app(&[]))])
}

fn marked(rig: &Rig, part: &str) -> Vec<(u64, Option<u64>)> {
    let state = rig.state();
    state.inline.iter().filter(|it| it.body.contains(part)).map(|it| (it.id, it.line)).collect()
}

#[test]
fn a_first_push_gets_one_review_and_one_summary() {
    let rig = fresh("first");
    rig.push_app(&[1, 2]);
    let run = rig.run();
    run.expect(1, "review");
    assert_eq!(run.writes(), ["POST pulls/7/reviews", "POST issues/7/comments"]);
    let lines: Vec<_> = rig.comments().into_iter().map(|it| it.0).collect();
    assert_eq!(lines, [Some(9), Some(14)]);
    let summary = rig.summaries().join("");
    for part in ["2 new findings (2 critical)", "src/app.js:9", "`GET /r1`"] {
        assert!(summary.contains(part), "no `{part}` in\n{summary}");
    }
    assert!(rig.comments()[0].1.contains("[`sql-injection`]"), "{:?}", rig.comments());
    assert!(run.job.contains("2 new findings"), "{}", run.job);
    assert!(run.stdout.contains("::error file=src/app.js,line=9"), "{}", run.stdout);
    assert_eq!((run.output("findings"), run.output("new"), run.output("fixed")), ("2", "2", "0"));
}

#[test]
fn a_clean_first_push_gets_no_comment() {
    let rig = fresh("clean");
    rig.push(&[("src/other.js", Some("export const a = 1;\n"))]);
    let run = rig.run();
    run.expect(0, "none");
    assert_eq!(run.writes(), [""; 0]);
    assert!(run.job.contains("no new findings"), "{}", run.job);
}

#[test]
fn the_same_findings_are_said_once() {
    let rig = fresh("same");
    rig.push_app(&[1]);
    rig.run().expect(1, "review");
    let run = rig.run();
    run.expect(1, "none");
    assert_eq!(run.writes(), [""; 0]);
    assert!(run.reads() <= 6, "{} reads", run.reads());
    // A commit that changes nothing of it.
    rig.push(&[("README.md", Some("hello\n"))]);
    let run = rig.run();
    assert_eq!(run.writes(), [""; 0]);
    assert_eq!(run.output("reason"), "everything is said already");
}

#[test]
fn a_new_finding_is_the_only_one_that_is_posted() {
    let rig = fresh("new");
    rig.push_app(&[1]);
    rig.run();
    rig.push_app(&[1, 2]);
    let run = rig.run();
    run.expect(1, "review");
    let posted = run.log.iter().find(|it| it.path.ends_with("/reviews")).expect("there is a review");
    let lines: Vec<_> =
        posted.body["comments"].as_array().expect("comments").iter().map(|it| it["line"].as_u64()).collect();
    assert_eq!(lines, [Some(14)]);
    assert_eq!(run.writes(), ["POST pulls/7/reviews", "PATCH issues/comments/103"]);
}

#[test]
fn a_fixed_finding_takes_its_comment_along() {
    let rig = fresh("fixed");
    rig.push_app(&[1, 2]);
    rig.run();
    rig.push_app(&[2]);
    let run = rig.run();
    run.expect(1, "summary");
    // The other one stands at another line now: GitHub moved its comment along.
    assert_eq!(rig.comments().len(), 1, "{:?}", rig.comments());
    rig.push_app(&[]);
    let run = rig.run();
    run.expect(0, "summary");
    assert!(rig.comments().is_empty());
    assert!(rig.summaries()[0].contains("no new findings"), "{:?}", rig.summaries());
}

#[test]
fn a_fixed_finding_with_an_answer_is_marked_and_comes_back() {
    let rig = fresh("answered");
    rig.push_app(&[1]);
    rig.run();
    rig.answer("sql-injection");
    let head = rig.push_app(&[]);
    rig.run().expect(0, "summary");
    let comments = rig.comments();
    assert!(comments[0].1.starts_with(&format!("**Fixed in `{}`.**", &head[..7])), "{comments:?}");
    let run = rig.run();
    assert_eq!(run.writes(), [""; 0], "it is marked once");
    rig.push_app(&[1]);
    rig.run().expect(1, "summary");
    let comments = rig.comments();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].1.starts_with("**critical**"), "{comments:?}");
}

#[test]
fn a_finding_that_somebody_deleted_is_not_posted_again() {
    let rig = fresh("unwanted");
    rig.push_app(&[1]);
    rig.run();
    rig.state().inline.clear();
    let run = rig.run();
    run.expect(1, "summary");
    assert!(rig.comments().is_empty());
    assert!(rig.summaries()[0].contains("somebody deleted its comment"), "{}", rig.summaries()[0]);
    assert_eq!(rig.run().writes(), [""; 0]);
}

#[test]
fn an_outdated_comment_is_replaced_and_a_resolved_one_is_not() {
    let rig = fresh("outdated");
    rig.push_app(&[1, 2]);
    rig.run();
    let before = marked(&rig, "sql-injection");
    {
        let mut state = rig.state();
        for it in &mut state.inline {
            it.line = None;
        }
        state.inline[1].is_resolved = true;
    }
    let run = rig.run();
    let old = before[0].0;
    assert_eq!(run.writes(), ["POST pulls/7/reviews".to_string(), format!("DELETE pulls/comments/{old}")]);
    let after = marked(&rig, "sql-injection");
    assert!(after.contains(&(before[1].0, None)), "{after:?}");
    assert_eq!(after.len(), 2);
}

#[test]
fn a_renamed_file_brings_nothing_new() {
    let rig = Rig::new("renamed", &[("src/app.js", &app(&[1]))]);
    rig.push(&[("src/app.js", None), ("src/server.js", Some(&app(&[1])))]);
    let run = rig.run();
    run.expect(0, "none");
    assert!(run.job.contains("1 finding is older"), "{}", run.job);
}

#[test]
fn a_guard_removed_in_one_file_opens_a_route_in_another() {
    let guard = |body: &str| format!("export function requireUser(req, res, next) {{\n  {body}\n  next();\n}}\n");
    let server = "import express from \"express\";\nimport session from \"express-session\";\nimport { requireUser } from \"./guard.js\";\n\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\napp.delete(\"/users/:slug\", requireUser, (req, res) => res.json({}));\napp.listen(3000);\n";
    let closed = guard("if (!req.session.user) return res.status(401).end();");
    let rig = Rig::new("guard", &[("src/server.js", server), ("src/guard.js", &closed)]);
    rig.push(&[("src/guard.js", Some(&guard("")))]);
    let run = rig.run();
    let summary = rig.summaries().join("");
    assert!(summary.contains("`DELETE /users/:slug`: auth was present, is absent"), "{summary}{}", run.job);
}

#[test]
fn a_suppression_is_said_with_what_it_silences() {
    let rig = Rig::new("silenced", &[("src/app.js", &app(&[1]))]);
    let text =
        app(&[1]).replace("  res.json", "  // backend-specialist-ignore sql-injection -- it is a view\n  res.json");
    rig.push(&[("src/app.js", Some(&text))]);
    let run = rig.run();
    run.expect(0, "summary");
    let summary = rig.summaries().join("");
    assert!(summary.contains("### Silenced here"), "{summary}");
    assert!(summary.contains("by a comment: it is a view"), "{summary}");
}

#[test]
fn a_changed_configuration_is_said() {
    let rig = fresh("configuration");
    rig.push(&[
        ("src/app.js", Some(&app(&[1]))),
        ("backend-specialist.toml", Some("select = [\"sql-injection\"]\nfail-on = \"none\"\n")),
    ]);
    let run = rig.run();
    run.expect(0, "review");
    assert!(rig.summaries()[0].contains("`backend-specialist.toml`, which decides"), "{}", rig.summaries()[0]);
}

#[test]
fn many_of_one_rule_share_a_comment_and_all_stand_in_the_summary() {
    let rig = fresh("many");
    rig.push_app(&(1..=31).collect::<Vec<_>>());
    rig.run().expect(1, "review");
    assert_eq!(rig.comments().len(), 1);
    let summary = rig.summaries().join("");
    for number in 1..=31 {
        assert!(summary.contains(&format!("src/app.js:{}", 4 + number * 5)), "{number}: {summary}");
    }
    assert_eq!(rig.run().writes(), [""; 0]);
}

#[test]
fn two_workflows_do_not_touch_each_others_comments() {
    let mut rig = fresh("two");
    rig.push_app(&[1]);
    rig.args = vec!["--id".into(), "one".into()];
    rig.run();
    rig.args = vec!["--id".into(), "two".into()];
    rig.run();
    assert_eq!((rig.comments().len(), rig.summaries().len()), (2, 2));
    rig.push_app(&[]);
    rig.run();
    let left: Vec<_> = rig.state().inline.iter().map(|it| it.body.contains("id=one")).collect();
    assert_eq!(left, [true]);
}

#[test]
fn the_base_may_change_meanwhile() {
    let rig = fresh("retargeted");
    rig.push_app(&[1]);
    rig.run();
    {
        // The new base has the finding already.
        let mut state = rig.state();
        let head = state.head.clone();
        state.git.text(&["checkout", "-q", "-b", "next", &head]);
        let base = state.git.commit(&[("other.txt", Some("x"))]);
        state.git.text(&["checkout", "-q", "change"]);
        state.base = base;
    }
    rig.push(&[("README.md", Some("x\n"))]);
    let run = rig.run();
    run.expect(0, "summary");
    assert!(rig.comments().is_empty(), "{:?}", rig.comments());
}
