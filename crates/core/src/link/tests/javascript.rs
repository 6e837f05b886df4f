use super::project;

#[test]
fn relative_files_and_folders() {
    project(
        "app.ts routes/index.ts routes/users.ts lib/db.js lib/db.d.ts lib/only.d.ts lib/user.service.ts \
         lib/esm.mjs views/page.tsx both.ts both/index.ts",
        &[("lib/pkg/package.json", "{}")],
    )
    .javascript(&[
        ("app.ts", "./routes", "routes/index.ts"),
        ("app.ts", "./routes/", "routes/index.ts"),
        ("app.ts", "./routes/index", "routes/index.ts"),
        ("app.ts", "./routes/users", "routes/users.ts"),
        ("app.ts", "./routes/users.js", "routes/users.ts"),
        ("app.ts", "./routes/users.ts", "routes/users.ts"),
        ("app.ts", "./views/page.js", "views/page.tsx"),
        ("app.ts", "./lib/db", "lib/db.js"),
        ("app.ts", "./lib/only", "lib/only.d.ts"),
        ("app.ts", "./lib/user.service", "lib/user.service.ts"),
        ("app.ts", "./lib/esm", "lib/esm.mjs"),
        ("app.ts", "./both", "both.ts"),
        ("app.ts", "./both/", "both/index.ts"),
        ("routes/users.ts", ".", "routes/index.ts"),
        ("routes/users.ts", "./", "routes/index.ts"),
        ("routes/users.ts", "../lib/db.js", "lib/db.js"),
        ("routes/users.ts", "./nothing", "missing"),
        ("routes/users.ts", "../../app", "missing"),
        ("app.ts", "./lib/pkg", "missing"),
        ("app.ts", "./config.json", "data config.json"),
        ("app.ts", "./views/page?raw", "views/page.tsx"),
        ("app.ts", "/routes/users", "routes/users.ts"),
    ]);
}

#[test]
fn the_source_beside_its_output() {
    project("a.js a.ts main.js main.ts", &[]).javascript(&[
        ("main.ts", "./a.js", "a.ts"),
        ("main.ts", "./a", "a.ts"),
        ("main.js", "./a.js", "a.js"),
        ("main.js", "./a", "a.js"),
    ]);
}

#[test]
fn libraries() {
    project("app.js fs.js", &[]).javascript(&[
        ("app.js", "express", "package express"),
        ("app.js", "@nestjs/common", "package @nestjs/common"),
        ("app.js", "node:fs/promises", "package fs/promises"),
        ("app.js", "fs", "package fs"),
        ("app.js", "npm:hono@4.1/cors", "package hono/cors"),
        ("app.js", "npm:@hono/zod@1", "package @hono/zod"),
        ("app.js", "https://deno.land/x/oak/mod.ts", "package https://deno.land/x/oak/mod.ts"),
        ("app.js", "", "package "),
    ]);
}

#[test]
fn compiler_paths() {
    let tsconfig = r#"{
        // the names we use
        "compilerOptions": {
            "baseUrl": "./src", /* everything below */
            "paths": { "@app/*": ["app/*", "shared/*"], "@config": ["config/index.ts"], "react": ["../types/react.d.ts"], },
        },
    }"#;
    project(
        "src/app/users.ts src/shared/log.ts src/config/index.ts src/db/pool.ts test/users.ts",
        &[("tsconfig.json", tsconfig)],
    )
    .javascript(&[
        ("src/db/pool.ts", "@app/users", "src/app/users.ts"),
        ("src/db/pool.ts", "@app/log", "src/shared/log.ts"),
        ("src/db/pool.ts", "@app/users.js", "src/app/users.ts"),
        ("src/db/pool.ts", "@app/absent", "missing"),
        ("src/db/pool.ts", "@config", "src/config/index.ts"),
        ("src/app/users.ts", "db/pool", "src/db/pool.ts"),
        ("src/app/users.ts", "react", "package react"),
        ("src/app/users.ts", "pg", "package pg"),
        ("test/users.ts", "@app/users", "src/app/users.ts"),
    ]);
}

#[test]
fn compiler_paths_are_inherited() {
    project(
        "apps/api/src/main.ts apps/web/src/main.ts libs/auth/src/index.ts apps/api/src/x.ts",
        &[
            (
                "tsconfig.base.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@acme/auth": ["libs/auth/src/index.ts"]}}}"#,
            ),
            ("apps/api/tsconfig.json", r#"{"extends": "./tsconfig.app.json"}"#),
            ("apps/api/tsconfig.app.json", r#"{"extends": "../../tsconfig.base"}"#),
            (
                "apps/web/tsconfig.json",
                r#"{"extends": "../../tsconfig.base.json", "compilerOptions": {"paths": {"~/*": ["apps/web/src/*"]}}}"#,
            ),
            ("loop/tsconfig.json", r#"{"extends": "./tsconfig.json"}"#),
        ],
    )
    .javascript(&[
        ("apps/api/src/main.ts", "@acme/auth", "libs/auth/src/index.ts"),
        ("apps/web/src/main.ts", "~/main", "apps/web/src/main.ts"),
        // The root's configuration is above both.
        ("apps/web/src/main.ts", "@acme/auth", "libs/auth/src/index.ts"),
    ]);
}

#[test]
fn configuration_folder_in_a_shared_configuration() {
    project(
        "api/src/main.ts api/src/db.ts",
        &[
            ("base.json", r#"{"compilerOptions": {"paths": {"@/*": ["${configDir}/src/*"]}}}"#),
            ("api/tsconfig.json", r#"{"extends": ["../base.json"]}"#),
        ],
    )
    .javascript(&[("api/src/main.ts", "@/db", "api/src/db.ts")]);
}

#[test]
fn a_pattern_may_cover_libraries() {
    project(
        "src/main.ts",
        &[
            ("tsconfig.json", r#"{"compilerOptions": {"paths": {"@acme/*": ["./src/*"], "*": ["./types/*"]}}}"#),
            ("package.json", r#"{"dependencies": {"@acme/sdk": "^1"}}"#),
        ],
    )
    .javascript(&[
        ("src/main.ts", "@acme/sdk", "package @acme/sdk"),
        ("src/main.ts", "@acme/sdk/client", "package @acme/sdk/client"),
        ("src/main.ts", "@acme/other", "missing"),
        ("src/main.ts", "express", "package express"),
    ]);
}

#[test]
fn workspaces() {
    project(
        "packages/db/src/index.ts packages/db/src/pool.ts packages/log/index.js packages/log/deep/x.js \
         services/api/src/main.ts other/main.ts services/old/lib/main.js",
        &[
            ("package.json", r#"{"workspaces": {"packages": ["packages/*", "!packages/d"]}}"#),
            ("pnpm-workspace.yaml", "packages:\n  - 'services/**' # all\n  - \"packages/log\"\nother:\n  - other\n"),
            (
                "packages/db/package.json",
                r#"{"name": "@acme/db", "exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"},
                    "./*": {"require": "./dist/cjs/*.js"}}}"#,
            ),
            ("packages/log/package.json", r#"{"name": "log"}"#),
            ("services/api/package.json", r#"{"name": "api", "main": "dist/src/main.js"}"#),
            ("services/old/package.json", r#"{"name": "old", "main": "./lib/main"}"#),
            ("other/package.json", r#"{"name": "other", "dependencies": {"shared": "file:../packages/db"}}"#),
        ],
    )
    .javascript(&[
        ("services/api/src/main.ts", "@acme/db", "packages/db/src/index.ts"),
        ("services/api/src/main.ts", "@acme/db/pool", "packages/db/src/pool.ts"),
        ("services/api/src/main.ts", "@acme/dbx", "package @acme/dbx"),
        ("services/api/src/main.ts", "log/deep/x", "packages/log/deep/x.js"),
        ("packages/db/src/pool.ts", "@acme/db", "packages/db/src/index.ts"),
        ("packages/db/src/pool.ts", "api", "services/api/src/main.ts"),
        ("packages/db/src/pool.ts", "old", "services/old/lib/main.js"),
        ("other/main.ts", "shared", "packages/db/src/index.ts"),
        ("packages/db/src/pool.ts", "other", "package other"),
    ]);
}

#[test]
fn names_inside_a_package() {
    project("src/db.ts src/main.ts src/util/hash.ts lib/mail.js", &[(
        "package.json",
        r##"{"name": "shop", "exports": "./build/main.js",
             "imports": {"#db": {"development": "./src/db.ts", "default": "./dist/db.js"}, "#util/*": "./dist/util/*.js",
                         "#uuid": "uuid", "#gone": "./src/gone.js"},
             "_moduleAliases": {"@lib": "lib"}}"##,
    )])
    .javascript(&[
        ("src/main.ts", "#db", "src/db.ts"),
        ("src/main.ts", "#util/hash", "src/util/hash.ts"),
        ("src/main.ts", "#uuid", "package uuid"),
        ("src/main.ts", "#gone", "missing"),
        ("src/main.ts", "#other", "missing"),
        ("src/db.ts", "shop", "src/main.ts"),
        ("src/db.ts", "@lib/mail", "lib/mail.js"),
        ("src/db.ts", "@library/mail", "package @library/mail"),
    ]);
}

#[test]
fn custom_prefixes_without_configuration() {
    project(
        "api/src/db.ts api/src/main.ts api/twice.ts api/src/twice.ts api/lib/x.ts db.ts",
        &[("api/package.json", "{}")],
    )
    .javascript(&[
        ("api/src/main.ts", "@/db", "api/src/db.ts"),
        ("api/src/main.ts", "~/lib/x", "api/lib/x.ts"),
        ("api/src/main.ts", "src/db", "api/src/db.ts"),
        ("api/src/main.ts", "@/twice", "missing"),
        ("api/src/main.ts", "@/absent", "missing"),
        ("api/src/main.ts", "db", "package db"),
    ]);
}

#[test]
fn built_files_are_read_as_their_sources() {
    project("bin/run.js src/cli.ts src/web/index.ts", &[("package.json", r#"{"main": "dist/cli.js"}"#)]).javascript(&[
        ("bin/run.js", "../dist/cli", "src/cli.ts"),
        ("bin/run.js", "../dist/web/index.js", "src/web/index.ts"),
        ("bin/run.js", "..", "src/cli.ts"),
        ("bin/run.js", "../dist/nothing", "missing"),
    ]);
}

#[test]
fn programs_side_by_side_do_not_meet() {
    project(
        "one/app.js one/db.js two/app.js three/src/app.js three/src/db.js",
        &[
            ("one/package.json", r#"{"name": "same"}"#),
            ("two/package.json", r#"{"name": "two"}"#),
            ("three/package.json", r#"{"name": "same"}"#),
        ],
    )
    .javascript(&[
        ("two/app.js", "./db", "missing"),
        ("two/app.js", "same", "package same"),
        ("two/app.js", "@/db", "missing"),
        ("three/src/app.js", "@/db", "three/src/db.js"),
    ]);
}

#[test]
fn unreadable_manifests_say_nothing() {
    project(
        "app.js db.js",
        &[
            ("package.json", "{\"name\": \"x\", // and so on"),
            ("tsconfig.json", "[[[\"é"),
            ("pnpm-workspace.yaml", "- \n-  \npackages:[\n"),
        ],
    )
    .javascript(&[("app.js", "./db", "db.js"), ("app.js", "x", "package x")]);
}

#[test]
fn odd_specifiers() {
    project(
        "src/index.ts src/é/ü.ts",
        &[("tsconfig.json", r#"{"compilerOptions": {"paths": {"**": ["*"], "": [""]}}}"#)],
    )
    .javascript(&[
        ("src/é/ü.ts", "@", "package @"),
        ("src/é/ü.ts", "@/", "src/index.ts"),
        ("src/é/ü.ts", "#", "src/index.ts"),
        ("src/é/ü.ts", "npm:", "package "),
        ("src/é/ü.ts", "npm:@", "package @"),
        ("src/é/ü.ts", "npm:é@1", "package é"),
        ("src/é/ü.ts", "node:", "package "),
        ("src/é/ü.ts", "@é", "package @é"),
        ("src/é/ü.ts", "../é/ü", "src/é/ü.ts"),
        ("src/é/ü.ts", "../../../x", "missing"),
        ("src/é/ü.ts", "..", "src/index.ts"),
        ("src/é/ü.ts", "/", "missing"),
        ("src/é/ü.ts", "....", "package ...."),
    ]);
}

#[test]
fn a_folder_called_like_a_library() {
    let files = "redis/index.ts redis/keys.ts app.ts src/redis/index.ts src/db.ts";
    let manifest = ("package.json", r#"{"name": "app", "dependencies": {"redis": "^4.6.0"}}"#);
    let base = ("tsconfig.json", r#"{"compilerOptions": {"baseUrl": "."}}"#);
    for manifests in [&[manifest][..], &[manifest, base]] {
        project(files, manifests).javascript(&[
            ("app.ts", "redis", "package redis"),
            ("app.ts", "./redis", "redis/index.ts"),
            ("src/db.ts", "redis", "package redis"),
        ]);
    }
    project(files, &[base]).javascript(&[("app.ts", "redis/keys", "redis/keys.ts")]);
    project(files, &[]).javascript(&[("app.ts", "redis", "package redis")]);
}
