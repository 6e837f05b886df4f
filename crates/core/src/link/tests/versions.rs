//! Versions in use: lock files, else what manifests admit.

use super::project;

const API: &str = r#"{"name": "api", "dependencies": {"lodash": "^4.17.4", "redis": ">=3", "pg": "~8.1.0"}}"#;

#[test]
fn a_manifest_admits_its_oldest_version() {
    let seen = project("src/a.js other/b.js", &[("src/package.json", API)]);
    seen.versions(&[
        ("src/a.js", "lodash", "4.17.4"),
        ("src/a.js", "pg", "8.1.0"),
        ("src/a.js", "redis", "newest"),
        ("src/a.js", "express", "newest"),
        ("other/b.js", "lodash", "newest"),
    ]);
}

#[test]
fn lock_files_of_npm() {
    let newer = r#"{"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"lodash": "^4.17.4"}},
        "node_modules/lodash": {"version": "4.17.21"},
        "node_modules/other/node_modules/pg": {"version": "7.0.0"},
        "packages/web/node_modules/lodash": {"version": "4.17.10"}}}"#;
    let older = r#"{"lockfileVersion": 1, "dependencies": {"lodash": {"version": "4.17.15", "requires": {}}}}"#;
    let seen = project(
        "a.js packages/web/src/b.js old/c.js",
        &[("package.json", API), ("package-lock.json", newer), ("old/package-lock.json", older)],
    );
    seen.versions(&[
        ("a.js", "lodash", "4.17.21"),
        ("a.js", "pg", "8.1.0"),
        ("packages/web/src/b.js", "lodash", "4.17.10"),
        ("old/c.js", "lodash", "4.17.15"),
    ]);
}

#[test]
fn lock_files_of_yarn() {
    let classic = "# yarn lockfile v1\n\n\"@a/b@^1.0.0\":\n  version \"1.0.3\"\n\nlodash@^4.17.4, lodash@^4.17.5:\n  version \"4.17.20\"\n  resolved \"https://…\"\n\nlodash@^3:\n  version \"3.10.1\"\n";
    let berry =
        "__metadata:\n  version: 8\n\n\"lodash@npm:^4.17.4, lodash@npm:^4.17.5\":\n  version: 4.17.21\n  checksum: 1\n";
    for (text, version) in [(classic, "4.17.20"), (berry, "4.17.21")] {
        let seen = project("a.js", &[("package.json", API), ("yarn.lock", text)]);
        seen.versions(&[("a.js", "lodash", version), ("a.js", "redis", "newest")]);
    }
}

#[test]
fn lock_files_of_pnpm() {
    let newer = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      lodash:\n        specifier: ^4.17.4\n        version: 4.17.21\n\n  packages/web:\n    dependencies:\n      lodash:\n        specifier: 4.17.4\n        version: 4.17.4(react@18.0.0)\n\npackages:\n\n  pg@8.1.7:\n    resolution: {}\n";
    let older = "lockfileVersion: 5.3\n\nspecifiers:\n  lodash: ^4.17.4\n\ndependencies:\n  lodash: 4.17.19\n\npackages:\n\n  /pg/8.1.9:\n    resolution: {}\n";
    let files = "a.js packages/web/b.js";
    let seen = project(files, &[("package.json", API), ("pnpm-lock.yaml", newer)]);
    seen.versions(&[("a.js", "lodash", "4.17.21"), ("packages/web/b.js", "lodash", "4.17.4"), ("a.js", "pg", "8.1.7")]);
    let seen = project(files, &[("package.json", API), ("pnpm-lock.yaml", older)]);
    seen.versions(&[("a.js", "lodash", "4.17.19"), ("a.js", "pg", "8.1.9")]);
}

#[test]
fn lock_files_of_bun() {
    let text = "{\n  \"lockfileVersion\": 1,\n  \"packages\": {\n    \"lodash\": [\"lodash@4.17.21\", \"\", {}, \"sha\"],\n    \"x/pg\": [\"pg@7.0.0\", \"\", {}, \"sha\"],\n  },\n}\n";
    let seen = project("a.js", &[("package.json", API), ("bun.lock", text)]);
    seen.versions(&[("a.js", "lodash", "4.17.21"), ("a.js", "pg", "8.1.0")]);
}

#[test]
fn a_lock_file_of_somebody_else_above() {
    let lock = r#"{"packages": {"node_modules/lodash": {"version": "3.10.1"}}}"#;
    let seen = project("api/a.js", &[("package-lock.json", lock), ("api/package.json", API)]);
    seen.versions(&[("api/a.js", "lodash", "4.17.4")]);
}

#[test]
fn python_manifests_and_locks() {
    let poetry = "[tool.poetry.dependencies]\npython = \"^3.10\"\nPyJWT = \"^1.7\"\nlxml = { version = \"~4.9\" }\n";
    let lock = "[[package]]\nname = \"PyJWT\"\nversion = \"1.7.1\"\n\n[package.dependencies]\nversion = \"0.1\"\n";
    let project_toml = "[project]\nname = \"x\"\ndependencies = [\n  \"torch==2.5.1\",\n  \"sqlalchemy>=1.3,<2\",\n]\n";
    let pipfile = "[packages]\ntorch = \"*\"\nlxml = \"==4.6.1\"\n";
    let pipfile_lock = r#"{"_meta": {}, "default": {"torch": {"hashes": [], "version": "==2.4.0"}}, "develop": {}}"#;
    let setup = "[options]\ninstall_requires =\n    PyJWT<2\n    lxml==4.8 ; python_version > '3'\n";
    let seen = project(
        "a/x.py b/x.py c/x.py d/x.py e/f/x.py e/requirements.py",
        &[
            ("a/pyproject.toml", poetry),
            ("a/poetry.lock", lock),
            ("b/pyproject.toml", project_toml),
            ("c/Pipfile", pipfile),
            ("c/Pipfile.lock", pipfile_lock),
            ("d/setup.cfg", setup),
            ("e/requirements/base.txt", "# pinned\nPyJWT[crypto]==2.8.0 ; python_version > '3'\n-r other.txt\n"),
        ],
    );
    seen.versions(&[
        ("a/x.py", "pyjwt", "1.7.1"),
        ("a/x.py", "lxml", "4.9"),
        ("b/x.py", "torch", "2.5.1"),
        ("b/x.py", "sqlalchemy", "1.3"),
        ("c/x.py", "torch", "2.4.0"),
        ("c/x.py", "lxml", "4.6.1"),
        ("d/x.py", "lxml", "4.8"),
        ("e/f/x.py", "pyjwt", "2.8.0"),
    ]);
}
