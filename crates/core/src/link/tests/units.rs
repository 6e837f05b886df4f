use super::super::{Evidence, UnitState};
use super::{Project, Target, project};

/// Imports are `from > to`, `from > ?` for one that names nothing; the units are shown with their states.
fn units(project: &Project, imports: &[(&str, &str)], fragments: &[&str], damaged: &[&str]) -> Vec<String> {
    let mut targets = vec![Vec::new(); project.paths.len()];
    for (from, to) in imports {
        let target = if *to == "?" { Target::Missing } else { Target::Module(project.module(to)) };
        targets[project.module(from) as usize].push(target);
    }
    let evidence = |path: &&str| match path {
        path if fragments.contains(path) => Evidence::Fragment,
        path if damaged.contains(path) => Evidence::Damaged,
        _ => Evidence::Whole,
    };
    let evidence: Vec<Evidence> = project.paths.iter().map(evidence).collect();
    let show = |unit: &super::super::Unit| {
        let state = match unit.state {
            UnitState::Closed => "closed",
            UnitState::Open => "open",
            UnitState::Fragment => "fragment",
        };
        let paths: Vec<&str> = unit.modules.iter().map(|module| project.paths[*module as usize]).collect();
        format!("{state}: {}", paths.join(" "))
    };
    project.linker.units(&targets, &evidence).iter().map(show).collect()
}

#[test]
fn imports_join() {
    let project = project("a.js b.js c.js d.js e.js f.js", &[]);
    assert_eq!(
        units(&project, &[("c.js", "a.js"), ("b.js", "?"), ("c.js", "e.js")], &["d.js"], &["f.js"]),
        ["closed: a.js c.js e.js", "open: b.js", "fragment: d.js", "open: f.js"]
    );
}

#[test]
fn an_application_is_one_program() {
    let manifests = [
        ("api/package.json", r#"{"name": "api", "scripts": {"start": "node ."}}"#),
        ("api/esm/package.json", r#"{"type": "module"}"#),
        ("lib/package.json", r#"{"name": "lib", "scripts": {"test": "node --test"}}"#),
    ];
    let project = project("api/a.js api/esm/b.js api/job.py lib/c.js lib/d.js", &manifests);
    // The application stands where its manifest is: what is used without a declaration is not understood.
    assert_eq!(
        units(&project, &[], &["api/a.js"], &[]),
        ["open: api/a.js api/esm/b.js", "closed: api/job.py", "closed: lib/c.js", "closed: lib/d.js"]
    );
}

#[test]
fn python_packages_and_start_scripts() {
    let project =
        project("site/manage.py site/shop/views.py pkg/__init__.py pkg/in/__init__.py pkg/in/x.py lone.py", &[]);
    assert_eq!(
        units(&project, &[], &[], &[]),
        [
            "closed: lone.py",
            "closed: pkg/__init__.py pkg/in/__init__.py pkg/in/x.py",
            "closed: site/manage.py site/shop/views.py"
        ]
    );
}
