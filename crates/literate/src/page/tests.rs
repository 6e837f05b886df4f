use super::*;

fn said(line: &str) -> Vec<String> {
    let (_, found) = trailing(line);
    found.into_iter().map(|(holds, what, name)| format!("{holds:?} {} {name}", what.name())).collect()
}

#[test]
fn comments_that_expect_something() {
    for (line, expected) in [
        ("run(x); // finding", vec!["Yes finding "]),
        ("run(x)  # finding: a-rule, b-rule", vec!["Yes finding a-rule", "Yes finding b-rule"]),
        ("const id = req.query.id; // source: http // finding", vec!["Yes source http", "Yes finding "]),
        ("<p>{x}</p> {/* finding */}", vec!["Yes finding "]),
        ("run(x); /* sink: sql */", vec!["Yes sink sql"]),
        ("run(x); // missing", vec!["Missing finding "]),
        ("run(x); // spurious: a-rule", vec!["Spurious finding a-rule"]),
        ("x = y  # missing source: http.query", vec!["Missing source http.query"]),
        ("x = y  # no sink: sql", vec!["No sink sql"]),
        ("app.get(\"/a\", f); // route: GET /a,b", vec!["Yes route GET /a,b"]),
        ("run(x); // a finding is not expected here", vec![]),
        ("fetch(\"https://finding\")", vec![]),
        ("x = \"# finding\"", vec![]),
        ("run(x); // no", vec![]),
    ] {
        assert_eq!(said(line), expected, "{line}");
    }
}

const PAGE: &str = "# `a-rule`\n\nWords.\n\n```sh\nnot a file\n```\n\n## Vulnerable\n\n### First\n\n```js\nrun(x); // finding\n```\n\n\
    ### Second\n\n`store.py`:\n\n```py\n# finding\nrun(x)\n```\n\n`package.json`:\n\n```json\n{}\n```\n\n## Safe\n\n\
    ```ts\nok();\n```\n";

#[test]
fn headings_make_cases_and_fences_make_files() {
    let page = Page::parse("p.md", PAGE).unwrap();
    assert_eq!(page.subject, "a-rule");
    let cases: Vec<_> = page
        .cases
        .iter()
        .map(|case| {
            let files: Vec<&str> = case.files.iter().map(|file| file.path.as_str()).collect();
            let lines: Vec<usize> = case.expectations.iter().map(|it| it.line).collect();
            (case.title.as_str(), case.section, files, lines)
        })
        .collect();
    assert_eq!(
        cases,
        [
            ("Vulnerable / First", Section::Vulnerable, vec!["app.js"], vec![1]),
            ("Vulnerable / Second", Section::Vulnerable, vec!["store.py", "package.json"], vec![2]),
            ("Safe", Section::Safe, vec!["app.ts"], vec![]),
        ]
    );
    assert_eq!(page.cases[0].files[0].page_line, 14);
}

#[test]
fn pages_that_cannot_be_right_are_refused() {
    for (text, expected) in [
        ("# Rule\n", "p.md:1: the first heading names a rule or library in backquotes: # `name`"),
        ("# `a`\n\n```js\n", "p.md:3: the fence is not closed by `` ``` ``"),
        (
            "# `a`\n## Vulnerable\n```js\nx\n```\n",
            "p.md:2: `Vulnerable` expects nothing: mark the line with `// finding`",
        ),
        (
            "# `a`\n```js\nx\n```\n```js\ny\n```\n",
            "p.md:5: two files of one case are called `app.js`: name them (`` `path`: ``) above the fence",
        ),
        ("# `a`\n## Vulnerabel\n", "p.md:2: unknown section `Vulnerabel`; did you mean `Vulnerable`?"),
        ("# `a`\n```python3\nx\n```\n", "p.md:2: unknown language `python3`; did you mean `python`?"),
    ] {
        let problems = Page::parse("p.md", text).unwrap_err();
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected], "{text}");
    }
}
