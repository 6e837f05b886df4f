use super::project;

#[test]
fn relative_modules() {
    project("app/__init__.py app/main.py app/api/__init__.py app/api/users.py app/db.py plain/a.py plain/b.py", &[])
        .python(&[
            ("app/main.py", ".db", "app/db.py"),
            ("app/main.py", ".", "app/__init__.py"),
            ("app/api/users.py", "..db", "app/db.py"),
            ("app/api/users.py", "..", "app/__init__.py"),
            ("app/api/__init__.py", ".users", "app/api/users.py"),
            ("app/api/__init__.py", "..api.users", "app/api/users.py"),
            ("app/main.py", ".absent", "missing"),
            ("app/main.py", "....x", "missing"),
            ("plain/a.py", ".b", "plain/b.py"),
            ("plain/a.py", ".", "plain/"),
        ]);
}

#[test]
fn absolute_modules() {
    project(
        "app/__init__.py app/main.py app/api/users.py app/types.pyi config.py src/tool/__init__.py src/tool/cli.py \
         tests/test_users.py",
        &[("requirements.txt", "fastapi\n")],
    )
    .python(&[
        ("app/main.py", "app", "app/__init__.py"),
        ("app/main.py", "app.api", "app/api/"),
        ("app/main.py", "app.api.users", "app/api/users.py"),
        ("app/api/users.py", "app.main", "app/main.py"),
        ("app/api/users.py", "config", "config.py"),
        ("app/main.py", "app.types", "missing"),
        ("app/main.py", "app.absent", "missing"),
        ("tests/test_users.py", "app.main", "app/main.py"),
        ("tests/test_users.py", "tool.cli", "src/tool/cli.py"),
        ("app/main.py", "fastapi.security", "package fastapi.security"),
    ]);
}

#[test]
fn what_an_import_binds() {
    let project = project("a/__init__.py a/b/__init__.py a/b/c.py main.py n/m.py", &[]);
    for (dotted, expected) in [
        ("a.b.c", "a/__init__.py"),
        ("a.b.absent", "a/__init__.py"),
        ("n.m", "n/"),
        ("os.path", "package os"),
        ("x.y.z", "package x"),
    ] {
        let target = project.linker.python_first_part(project.module("main.py"), dotted);
        assert_eq!(project.show(&target), expected, "{dotted}");
    }
}

#[test]
fn members_that_are_modules() {
    let project = project("a/__init__.py a/b.py a/c/d.py main.py", &[]);
    let package = project.linker.python(project.module("main.py"), 0, "a");
    for (name, expected) in [("b", Some("a/b.py")), ("c", Some("a/c/")), ("d", None), ("", None)] {
        let found = project.linker.submodule(&package, name).map(|target| project.show(&target));
        assert_eq!(found.as_deref(), expected, "{name}");
    }
    let module = project.linker.python(project.module("main.py"), 0, "a.b");
    assert_eq!(project.linker.submodule(&module, "c"), None);
}

#[test]
fn scripts_beside_each_other() {
    project("tools/run.py tools/helpers.py tools/deep/job.py tools/pkg/__init__.py tools/pkg/x.py tools/pkg/y.py", &[])
        .python(&[
            ("tools/run.py", "helpers", "tools/helpers.py"),
            ("tools/deep/job.py", "helpers", "tools/helpers.py"),
            ("tools/run.py", "pkg.x", "tools/pkg/x.py"),
            // Started from inside the package.
            ("tools/pkg/x.py", "y", "tools/pkg/y.py"),
            ("tools/pkg/x.py", "pkg.y", "tools/pkg/y.py"),
        ]);
}

#[test]
fn libraries_called_like_files() {
    project(
        "app/redis.py app/cache.py app/jwt.py app/logging.py shop/__init__.py shop/celery.py alembic/env.py \
         alembic/versions/one.py secrets.py main.py",
        &[(
            "pyproject.toml",
            "[project]\ndependencies = [\n  \"redis>=5\", # cache\n  'PyJWT[crypto]~=2.8',\n \"alembic\"]\n",
        )],
    )
    .python(&[
        ("app/redis.py", "redis", "package redis"),
        ("app/cache.py", "redis", "package redis"),
        ("app/cache.py", "redis.asyncio", "package redis.asyncio"),
        ("app/cache.py", "app.redis", "app/redis.py"),
        ("app/cache.py", "jwt", "package jwt"),
        ("app/cache.py", "logging", "package logging"),
        ("shop/celery.py", "celery", "package celery"),
        ("alembic/versions/one.py", "alembic", "package alembic"),
        ("alembic/env.py", "alembic.config", "package alembic.config"),
        // A script's own folder comes before the standard library.
        ("main.py", "secrets", "secrets.py"),
    ]);
}

#[test]
fn programs_side_by_side_do_not_meet() {
    project(
        "one/app.py one/utils.py two/app.py three/app.py three/utils.py four/utils/__init__.py",
        &[("one/requirements.txt", ""), ("two/requirements.txt", ""), ("four/requirements.txt", "")],
    )
    .python(&[
        ("one/app.py", "utils", "one/utils.py"),
        ("three/app.py", "utils", "three/utils.py"),
        ("two/app.py", "utils", "package utils"),
    ]);
}

#[test]
fn a_backend_in_a_folder_of_its_own() {
    project(
        "backend/app/__init__.py backend/app/main.py tests/test_main.py tests/app/test_x.py",
        &[("backend/pyproject.toml", "")],
    )
    .python(&[
        ("tests/test_main.py", "app.main", "backend/app/main.py"),
        ("tests/test_main.py", "app", "backend/app/__init__.py"),
    ]);
}

#[test]
fn projects_that_depend_on_each_other() {
    project(
        "services/api/main.py libs/common/src/common/__init__.py libs/common/src/common/db.py libs/x/secret.py",
        &[
            (
                "services/api/pyproject.toml",
                "[tool.poetry.dependencies]\nacme_common = { path = \"../../libs/common\" }\n",
            ),
            ("libs/common/pyproject.toml", "[project]\nname = \"acme-common\"\n"),
            ("libs/x/pyproject.toml", "[project]\nname = \"x\"\n"),
        ],
    )
    .python(&[
        ("services/api/main.py", "common.db", "libs/common/src/common/db.py"),
        ("services/api/main.py", "secret", "package secret"),
    ]);
}

#[test]
fn roots_that_manifests_name() {
    project(
        "lib/shop/__init__.py tests/test_shop.py",
        &[("setup.cfg", "[metadata]\nname = shop\n[options.packages.find]\nwhere = lib\n")],
    )
    .python(&[("tests/test_shop.py", "shop", "lib/shop/__init__.py")]);
}

#[test]
fn declared_dependencies() {
    let project = project(
        "a/x.py b/x.py c/x.py d/x.py e/x.js",
        &[
            (
                "a/requirements.txt",
                "-r base.txt\nFlask==2.0.1  # web\nflask_cors [x] >=1,<2 ; python_version > '3'\ngit+https://x/y\n",
            ),
            ("a/requirements/base.txt", "SQLAlchemy\n"),
            (
                "b/pyproject.toml",
                "[tool.poetry.dependencies]\npython = \"^3.11\"\nfastapi = {extras = [\"all\"], version = \"^0.110\"}\n\
             [tool.poetry.group.dev.dependencies]\npytest = \"*\"\n[project.optional-dependencies]\ndb = [\"psycopg[binary]>=3\"]\n",
            ),
            ("c/setup.py", "setup(name='c', install_requires=['django>=4,<5', \"celery\"])"),
            (
                "d/setup.cfg",
                "[options]\ninstall_requires =\n    aiohttp>=3\n    yarl\n[options.extras_require]\nx = y\n",
            ),
            ("e/package.json", r#"{"dependencies": {"express": "^4.18.0"}, "devDependencies": {"jest": "29"}}"#),
        ],
    );
    for (path, expected) in [
        ("a/x.py", "flask ==2.0.1, flask-cors >=1,<2, sqlalchemy "),
        ("b/x.py", "python ^3.11, fastapi ^0.110, pytest *, psycopg >=3"),
        ("c/x.py", "django >=4,<5, celery "),
        ("d/x.py", "aiohttp >=3, yarl "),
        ("e/x.js", "express ^4.18.0, jest 29"),
    ] {
        let dependencies = project.linker.dependencies(project.module(path));
        let shown: Vec<String> = dependencies.iter().map(|it| format!("{} {}", it.name, it.range)).collect();
        assert_eq!(shown.join(", "), expected, "{path}");
    }
}
