//! Runs that may not write, or have nothing to write to.

use backend_specialist_fake_github::Rights;

use super::rig::{Rig, Run, app};

fn pushed(name: &str) -> Rig {
    let rig = Rig::new(name, &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    rig
}

#[track_caller]
fn is_silent(run: &Run, reason: &str) {
    run.expect(1, "none");
    assert_eq!(run.writes(), [""; 0]);
    assert!(run.output("reason").contains(reason), "{}", run.output("reason"));
    // Nothing is lost.
    assert!(run.job.contains("src/app.js:9"), "{}", run.job);
    assert!(run.stdout.contains("::error file=src/app.js,line=9"), "{}", run.stdout);
}

#[test]
fn a_fork_may_not_write_and_is_not_asked_to() {
    let rig = pushed("fork");
    rig.state().head_repository = "stranger/r".into();
    rig.state().rights = Rights::Read;
    let run = rig.run();
    is_silent(&run, "fork");
    assert!(run.log.is_empty());
}

#[test]
fn dependabot_may_not_write() {
    let mut rig = pushed("dependabot");
    rig.actor = "dependabot[bot]";
    is_silent(&rig.run(), "Dependabot");
}

#[test]
fn without_a_token_nothing_is_asked() {
    let mut rig = pushed("token");
    rig.token = None;
    let run = rig.run();
    is_silent(&run, "no token");
    assert!(run.log.is_empty());
}

#[test]
fn a_token_that_may_not_write_loses_nothing() {
    let rig = pushed("rights");
    rig.state().rights = Rights::Read;
    let run = rig.run();
    run.expect(1, "none");
    assert!(run.output("reason").contains("does not allow"), "{}", run.output("reason"));
    assert!(run.job.contains("src/app.js:9"), "{}", run.job);
}

#[test]
fn a_locked_conversation_loses_nothing() {
    let rig = pushed("locked");
    rig.state().is_locked = true;
    let run = rig.run();
    run.expect(1, "none");
    assert!(run.job.contains("src/app.js:9"), "{}", run.job);
}

#[test]
fn a_closed_pull_request_is_left_alone() {
    let rig = pushed("closed");
    rig.state().is_open = false;
    is_silent(&rig.run(), "closed");
}

#[test]
fn an_old_run_that_is_started_again_writes_nothing() {
    let rig = pushed("rerun");
    let (checkout, event) = {
        let state = rig.state();
        (state.git.merge(&state.base, &state.head).expect("both sides fit"), state.event())
    };
    rig.push_app(&[1, 2]);
    is_silent(&rig.run_on(&checkout, &event.to_string()), "superseded");
}

#[test]
fn a_head_that_moves_while_it_is_read_is_left_alone() {
    let rig = pushed("moved");
    let head = {
        let state = rig.state();
        state.git.commit(&[("src/app.js", Some(&app(&[])))])
    };
    rig.state().moves_after = Some((1, head));
    let run = rig.run();
    is_silent(&run, "superseded");
}

#[test]
fn a_push_has_nowhere_to_comment() {
    let mut rig = pushed("push");
    rig.event = "push";
    let head = rig.state().head.clone();
    let run = rig.run_on(&head, "{}");
    run.expect(1, "none");
    assert!(run.log.is_empty());
    assert!(run.job.contains("1 finding (1 critical)"), "{}", run.job);
}

#[test]
fn what_is_in_the_baseline_does_not_count() {
    let mut rig = pushed("baseline");
    rig.event = "push";
    let head = rig.state().head.clone();
    rig.args = vec!["--report-json".into(), "report.json".into()];
    let run = rig.run_on(&head, "{}");
    let report = std::fs::read_to_string(run.work.join("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let known = serde_json::json!({"version": 1, "findings": [{
        "fingerprint": report["findings"][0]["fingerprint"], "rule": "sql-injection", "file": "src/app.js" }]});
    let head = rig.push(&[("backend-specialist-baseline.json", Some(&known.to_string()))]);
    rig.run_on(&head, "{}").expect(0, "none");
}

#[test]
fn a_dry_run_tells_the_requests_and_sends_none() {
    let mut rig = pushed("dry");
    rig.args = vec!["--dry-run".into()];
    let dry = rig.run();
    assert_eq!(dry.writes(), [""; 0]);
    rig.args.clear();
    let real = rig.run();
    let sent: Vec<String> = real
        .log
        .iter()
        .filter(|it| it.is_write())
        .map(|it| format!("{} {}\n{:#}", it.method, it.path, it.body))
        .collect();
    assert_eq!(dry.stdout.trim(), sent.join("\n\n"));
}

#[test]
fn a_conflict_is_no_obstacle() {
    let rig = Rig::new("conflict", &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    {
        let mut state = rig.state();
        state.git.text(&["checkout", "-q", "main"]);
        let base = state.git.commit(&[("src/app.js", Some("console.log(1);\n"))]);
        state.git.text(&["checkout", "-q", "change"]);
        state.base = base;
        let (base, head) = (state.base.clone(), state.head.clone());
        assert_eq!(state.git.merge(&base, &head), None, "both sides do not fit");
    }
    let run = rig.run();
    run.expect(1, "review");
    assert_eq!(rig.comments()[0].0, Some(9));
}

#[test]
fn a_target_run_on_the_base_is_refused() {
    let mut rig = pushed("target");
    rig.event = "pull_request_target";
    let (base, event) = {
        let state = rig.state();
        (state.base.clone(), state.event().to_string())
    };
    let run = rig.run_on(&base, &event);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("what is checked out is not the pull request"), "{}", run.stderr);
    rig.run().expect(1, "review");
}
