//! No input overflows the stack. A door gives a thread 16 MB, natively and in WASM; half of that must do.

use crate::hostile::{Case, JAVASCRIPT, PYTHON};
use crate::report;
use backend_specialist_core::finding::ProblemKind;

const STACK: usize = 8 << 20;

fn in_half_a_stack((name, files): &'static Case) {
    let analysis = std::thread::Builder::new().name((*name).to_owned()).stack_size(STACK).spawn(move || {
        let report = report(&files());
        let unread = report.problems.iter().find(|it| it.kind != ProblemKind::Limit || it.message.contains("nested"));
        assert!(unread.is_none(), "{name} is not read: {unread:?}");
        if name.starts_with("imports, ") {
            let found = report.findings.iter().any(|it| it.rule == "sql-injection" && it.file.starts_with("app."));
            assert!(found, "{name}: the handler's query is not found");
        }
    });
    assert!(analysis.expect("a thread can be started").join().is_ok(), "{name}");
}

#[test]
fn javascript_fits() {
    JAVASCRIPT.iter().for_each(in_half_a_stack);
}

#[test]
fn python_fits() {
    PYTHON.iter().for_each(in_half_a_stack);
}
