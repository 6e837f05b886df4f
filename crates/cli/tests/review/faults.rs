//! What goes wrong on the way: no finding is lost, and nothing is said twice.

use backend_specialist_fake_github::{Fault, When};

use super::rig::{Rig, app};

fn pushed(name: &str) -> Rig {
    let rig = Rig::new(name, &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1, 2]);
    rig
}

fn with(name: &str, fault: Fault) -> Rig {
    let rig = pushed(name);
    rig.state().faults.push(fault);
    rig
}

/// Both findings stand there once, with one summary.
#[track_caller]
fn is_whole(rig: &Rig) {
    let lines: Vec<_> = rig.comments().into_iter().map(|it| it.0).collect();
    assert_eq!(lines, [Some(9), Some(14)]);
    assert_eq!(rig.summaries().len(), 1);
    assert_eq!(rig.run().writes(), [""; 0]);
}

#[test]
fn an_answer_that_is_lost_after_the_review_makes_no_double() {
    for (name, when) in [("late502", When::Done(502)), ("latedrop", When::DoneAndDropped)] {
        let rig = with(name, Fault::new("POST", "/reviews", when));
        rig.run().expect(1, "review");
        is_whole(&rig);
    }
}

#[test]
fn a_review_that_never_arrived_is_sent_again() {
    for (name, when) in [("early502", refused(502)), ("earlydrop", When::Dropped)] {
        let rig = with(name, Fault::new("POST", "/reviews", when));
        rig.run().expect(1, "review");
        is_whole(&rig);
    }
}

fn refused(status: u16) -> When {
    When::Refused { status, retry_after: None, body: "{}".into() }
}

#[test]
fn an_answer_that_is_lost_after_the_summary_makes_no_double() {
    let rig = with("latesummary", Fault::new("POST", "/issues/7/comments", When::Done(502)));
    rig.run().expect(1, "review");
    is_whole(&rig);
}

#[test]
fn a_limit_is_waited_for_once() {
    let limit = || When::Refused { status: 403, retry_after: Some(2), body: "{}".into() };
    let rig = with("limit", Fault::new("POST", "/reviews", limit()));
    rig.run().expect(1, "review");
    is_whole(&rig);

    // Twice: the summary alone says it, and the next run posts.
    let rig = with("limits", Fault::new("POST", "/reviews", limit()));
    rig.state().faults.push(Fault::new("POST", "/reviews", limit()));
    let run = rig.run();
    run.expect(1, "summary");
    assert!(rig.summaries()[0].contains("rate limit is reached"), "{}", rig.summaries()[0]);
    rig.run().expect(1, "review");
    is_whole(&rig);
}

#[test]
fn abuse_is_a_limit() {
    let body = r#"{"message":"Validation Failed","errors":[{"code":"abuse","field":"data"}]}"#;
    let when = When::Refused { status: 422, retry_after: Some(1), body: body.into() };
    let rig = with("abuse", Fault::new("POST", "/reviews", when));
    rig.run().expect(1, "review");
    is_whole(&rig);
}

#[test]
fn a_comment_that_github_refuses_does_not_take_the_others_along() {
    let refusal = || Fault::refused("POST", "/pulls/7/comments", 422, "{\"message\":\"no\"}");
    let rig = with("refused", Fault::refused("POST", "/reviews", 422, "{\"message\":\"no\"}"));
    // The first one is refused at its line and at its file.
    rig.state().faults.extend([refusal(), refusal()]);
    rig.run().expect(1, "review");
    let lines: Vec<_> = rig.comments().into_iter().map(|it| it.0).collect();
    assert_eq!(lines, [Some(14)]);
    assert!(rig.summaries()[0].contains("GitHub does not take a comment there"), "{}", rig.summaries()[0]);
    assert_eq!(rig.run().writes(), [""; 0]);

    // At its file it is taken.
    let rig = with("atfile", Fault::refused("POST", "/reviews", 422, "{\"message\":\"no\"}"));
    rig.state().faults.push(refusal());
    rig.run().expect(1, "review");
    let files: Vec<_> = rig.state().inline.iter().map(|it| it.is_file).collect();
    assert_eq!(files, [true, false]);
    assert_eq!(rig.run().writes(), [""; 0]);
}

#[test]
fn reads_that_fail_lose_nothing() {
    let rig = pushed("reads");
    rig.state().faults.extend([
        Fault::refused("GET", "/pulls/7/files", 502, "{}"),
        Fault::new("GET", "/pulls/7/comments", When::Dropped),
        Fault::new("GET", "/issues/7/comments", When::Slow),
    ]);
    rig.run().expect(1, "review");
    is_whole(&rig);

    let rig = pushed("unread");
    rig.state().faults.extend((0..2).map(|_| Fault::refused("GET", "/pulls/7/comments", 502, "{}")));
    let run = rig.run();
    run.expect(1, "none");
    assert_eq!(run.writes(), [""; 0], "without knowing what is there, nothing is written");
    assert!(run.job.contains("src/app.js:9"), "{}", run.job);
}

#[test]
fn without_graphql_comments_are_known_by_the_usual_author() {
    let rig = pushed("graphql");
    rig.state().graphql_works = false;
    rig.run().expect(1, "review");
    is_whole(&rig);
}

#[test]
fn two_summaries_become_one() {
    let rig = pushed("summaries");
    rig.run();
    {
        let mut state = rig.state();
        let mut note = state.notes[0].clone();
        note.id = state.id();
        state.notes.push(note);
        // Somebody else's with our marker is not ours.
        let mut note = state.notes[0].clone();
        note.id = state.id();
        note.author = "dev".into();
        state.notes.push(note);
    }
    rig.run();
    let left: Vec<_> = rig.state().notes.iter().map(|it| it.author.clone()).collect();
    assert_eq!(left, ["github-actions[bot]", "dev"]);
    is_whole(&rig);
}
