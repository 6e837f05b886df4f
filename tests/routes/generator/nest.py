"""NestJS: modules in modules, controllers with guards, versions and bases, middleware."""

from dataclasses import dataclass, field

from .files import Files
from .nest_guards import PUBLIC, ROLES_GUARD, SUPPORT, guard_text, middleware_text
from .tree import LOOSE, METHODS, NOUNS, PARTIAL, PREFIXES, STRICT, Guard

DECORATORS = {"GET": "Get", "POST": "Post", "PUT": "Put", "PATCH": "Patch", "DELETE": "Delete"}


@dataclass
class Method:
    verb: str
    paths: list
    guards: list
    handler: str
    role: str = ""
    is_public: bool = False
    version: str = ""


@dataclass
class Controller:
    name: str
    paths: list
    guards: list
    methods: list
    version: str = ""
    role: str = ""
    # A class that it extends, in the same file, and what of it is redefined.
    base: "Controller" = None


@dataclass
class Middleware:
    guard: Guard
    # Spelled as the argument of `forRoutes`, and of `exclude`.
    routes: str
    exclude: str = ""


@dataclass
class Module:
    name: str
    controllers: list
    modules: list
    middleware: list = field(default_factory=list)
    # Below which path `RouterModule` puts it.
    path: str = ""


class Nest:
    """One app."""

    name = "nest"
    runtime = "node"

    def __init__(self, rng):
        self.rng = rng
        self.files = Files()
        self.nouns = rng.sample(NOUNS, len(NOUNS))
        self.count = 0
        kinds = [rng.choice(STRICT), rng.choice(STRICT), rng.choice(LOOSE), rng.choice(LOOSE + PARTIAL)]
        names = rng.sample(["LoginGuard", "TokenGuard", "AccessGuard", "SessionGuard", "GateGuard", "MemberGuard"], 4)
        self.guards = [Guard(kind, name) for kind, name in zip(kinds, names)]
        self.prefix = rng.choice(["", "", "api", "/srv"])
        self.is_versioned = rng.random() < 0.35
        self.of_app = self.strict_or_any() if rng.random() < 0.3 else None
        self.of_main = self.strict_or_any() if rng.random() < 0.15 else None
        self.root = self.module("App", 0)
        self.excluded = self.excludable() if self.prefix and rng.random() < 0.5 else ""

    # ---- drawing

    def strict_or_any(self):
        return self.guards[0] if self.rng.random() < 0.6 else self.rng.choice(self.guards)

    def some_guards(self, most=2):
        return [self.strict_or_any() for _ in range(self.rng.choice([0, 0, 1, 1, most]))]

    def noun(self):
        self.count += 1
        return self.nouns.pop() if self.nouns else f"kind{self.count}"

    def module(self, name, depth):
        rng = self.rng
        inner = [] if depth == 2 else [self.module(self.noun().capitalize(), depth + 1) for _ in range(rng.choice([0, 1, 2]))]
        least = 1 if depth or not inner else 0
        module = Module(name, [self.controller() for _ in range(rng.randint(least, 2))], inner)
        if depth and rng.random() < 0.2:
            module.path = rng.choice(PREFIXES) + str(self.count)
        if module.controllers and rng.random() < 0.35:
            module.middleware.append(self.middleware(module))
        return module

    def controller(self):
        rng, noun = self.rng, self.noun()
        paths = rng.choice([[noun], [noun], [f"/{noun}"], [f"{noun}/:id/parts"], [noun, f"more-{noun}"]])
        base = None
        if rng.random() < 0.25:
            base = Controller(f"Base{noun.capitalize()}", [], self.some_guards(1) if rng.random() < 0.5 else [], [self.method()])
        version = rng.choice(["", "1", "2"]) if self.is_versioned else ""
        role = rng.choice(["admin", "editor"]) if rng.random() < 0.15 else ""
        methods = [self.method() for _ in range(rng.randint(1, 4))]
        return Controller(f"{noun.capitalize()}Controller", paths, self.some_guards(), methods, version, role, base)

    def method(self):
        rng = self.rng
        noun = self.noun()
        paths = rng.choice([[noun], [f"/{noun}"], [f"{noun}/:id"], [noun, f"{noun}-again"]])
        method = Method(rng.choice(METHODS), paths, self.some_guards(), f"{noun}{self.count}")
        if rng.random() < 0.2:
            method.role = rng.choice(["admin", "admin", "editor"])
        method.is_public = rng.random() < 0.15
        if self.is_versioned and rng.random() < 0.15:
            method.version = "3"
        return method

    def middleware(self, module):
        rng, controller = self.rng, self.rng.choice(module.controllers)
        guard, exclude = self.strict_or_any(), ""
        drawn = rng.random()
        if drawn < 0.5 or module.path or self.is_versioned or self.prefix:
            # Versions and prefixes of paths that are texts differ between releases.
            return Middleware(guard, controller.name)
        method = rng.choice(controller.methods)
        path = f"{controller.paths[0].strip('/')}/{method.paths[0].strip('/')}"
        if drawn < 0.75:
            return Middleware(guard, f'"{path}"')
        if drawn < 0.9:
            return Middleware(guard, f'{{ path: "{path}", method: RequestMethod.{method.verb} }}')
        return Middleware(guard, controller.name, f'"{path}"')

    def excludable(self):
        for module in self.modules():
            for controller in module.controllers:
                for method in controller.methods:
                    path = f"{controller.paths[0].strip('/')}/{method.paths[0].strip('/')}"
                    if not module.path and not controller.version and not method.version and ":" not in path:
                        return path
        return ""

    def modules(self, module=None):
        module = module or self.root
        return [module, *(found for it in module.modules for found in self.modules(it))]

    # ---- what is true

    def routes(self):
        found = []
        for module in self.modules():
            for controller in module.controllers:
                methods = controller.methods + (controller.base.methods if controller.base else [])
                for method in methods:
                    for path in self.full_paths(module, controller, method):
                        found.append((method.verb, path, f"{controller.name}.{method.handler}"))
        return found

    def full_paths(self, module, controller, method):
        version = method.version or controller.version
        for outer in controller.paths:
            for inner in method.paths:
                own = "/".join(it.strip("/") for it in (module.path, outer, inner) if it.strip("/"))
                prefix = "" if own == self.excluded else self.prefix.strip("/")
                parts = [prefix, f"v{version}" if version else "", own]
                yield "/" + "/".join(it for it in parts if it)

    # ---- writing

    def write(self):
        self.files.add("package.json", '{ "name": "generated", "dependencies": { "@nestjs/common": "^11.0.0", "@nestjs/core": "^11.0.0", "jsonwebtoken": "^9.0.0" } }')
        for path, text in SUPPORT.items():
            self.files.add(path, text)
        open_path = self.rng.choice(sorted(path for _, path, _ in self.routes() if ":" not in path) or ["/status"])
        head = guard_head()
        self.files.add("src/guards.ts", head)
        for guard in self.guards:
            self.files.add("src/guards.ts", guard_text(self.rng, guard, open_path), guard.name)
        self.files.add("src/guards.ts", ROLES_GUARD, "RolesGuard")
        self.files.add("src/middleware.ts", middleware_head())
        for guard in self.guards:
            self.files.add("src/middleware.ts", middleware_text(self.rng, guard, open_path), guard.name)
        for module in self.modules():
            self.write_module(module)
        self.files.add("src/main.ts", self.main_text())
        return self.files

    def main_text(self):
        lines = [
            'import { VersioningType } from "@nestjs/common";',
            'import { NestFactory } from "@nestjs/core";',
            'import { AppModule } from "./app.module";',
            *([f'import {{ {self.of_main.name} }} from "./guards";'] if self.of_main else []),
            "",
            "async function bootstrap() {",
            "  const app = await NestFactory.create(AppModule, { logger: false });",
        ]
        if self.prefix:
            exclude = f', {{ exclude: ["{self.excluded}"] }}' if self.excluded else ""
            lines.append(f'  app.setGlobalPrefix("{self.prefix}"{exclude});')
        if self.is_versioned:
            lines.append("  app.enableVersioning({ type: VersioningType.URI });")
        if self.of_main:
            lines.append(f"  app.useGlobalGuards(new {self.of_main.name}());")
        # The test listens by itself.
        lines += ["  return app;", "}", "", "export const started = bootstrap();"]
        return "\n".join(lines)

    def write_module(self, module):
        file = module.name.lower()
        imports = []
        for controller in module.controllers:
            name = controller.name.removesuffix("Controller").lower()
            self.files.add(f"src/{name}.controller.ts", self.controller_text(controller))
            imports.append(f'import {{ {controller.name} }} from "./{name}.controller";')
        imports += [f'import {{ {it.name}Module }} from "./{it.name.lower()}.module";' for it in module.modules]
        placed = [it for it in self.modules() if it.path] if module is self.root else []
        imports += [f'import {{ {it.name}Module }} from "./{it.name.lower()}.module";' for it in placed if it not in module.modules]
        lines = [f"  controllers: [{', '.join(it.name for it in module.controllers)}],"]
        listed = [f"{it.name}Module" for it in module.modules]
        if placed:
            rows = ", ".join(f'{{ path: "{it.path}", module: {it.name}Module }}' for it in placed)
            listed.append(f"RouterModule.register([{rows}])")
        lines.append(f"  imports: [{', '.join(listed)}],")
        if module is self.root and self.of_app:
            imports.append(f'import {{ {self.of_app.name} }} from "./guards";')
            lines.append(f"  providers: [{{ provide: APP_GUARD, useClass: {self.of_app.name} }}],")
        body = []
        for it in module.middleware:
            imports.append(f'import {{ {it.guard.name} as Middleware }} from "./middleware";')
            exclude = f".exclude({it.exclude})" if it.exclude else ""
            body = ["  configure(consumer: MiddlewareConsumer) {", f"    consumer.apply(Middleware){exclude}.forRoutes({it.routes});", "  }"]
        head = 'import { MiddlewareConsumer, Module, RequestMethod } from "@nestjs/common";\nimport { APP_GUARD, RouterModule } from "@nestjs/core";'
        text = "\n".join([head, *imports, "", "@Module({", *lines, "})", f"export class {module.name}Module {{", *body, "}"])
        self.files.add(f"src/{file}.module.ts", text)

    def controller_text(self, controller):
        names = ", ".join([it.name for it in self.guards] + ["RolesGuard", "Roles", "Public"])
        lines = [
            'import { Controller, Delete, Get, Patch, Post, Put, UseGuards, Version } from "@nestjs/common";',
            'import { note } from "./journal";',
            f'import {{ {names} }} from "./guards";',
            "",
        ]
        extends = ""
        if controller.base:
            extends = f" extends {controller.base.name}"
            lines += [*self.guard_lines(controller.base), f"abstract class {controller.base.name} {{"]
            lines += [it for method in controller.base.methods for it in self.method_lines(method)]
            lines += ["}", ""]
        path = f'"{controller.paths[0]}"' if len(controller.paths) == 1 else "[" + ", ".join(f'"{it}"' for it in controller.paths) + "]"
        given = f'{{ path: {path}, version: "{controller.version}" }}' if controller.version else path
        lines += [f"@Controller({given})", *self.guard_lines(controller), f"export class {controller.name}{extends} {{"]
        lines += [it for method in controller.methods for it in self.method_lines(method)]
        return "\n".join([*lines, "}"])

    def guard_lines(self, controller):
        names = [it.name for it in controller.guards] + (["RolesGuard"] if controller.role else [])
        roles = [f'@Roles("{controller.role}")'] if controller.role else []
        if len(names) > 1 and self.rng.random() < 0.5:
            # Decorators run from the last to the first.
            return [*roles, *[f"@UseGuards({it})" for it in reversed(names)]]
        return [*roles, f"@UseGuards({', '.join(names)})"] if names else roles

    def method_lines(self, method):
        path = f'"{method.paths[0]}"' if len(method.paths) == 1 else "[" + ", ".join(f'"{it}"' for it in method.paths) + "]"
        names = [it.name for it in method.guards] + (["RolesGuard"] if method.role else [])
        lines = [f"  @{DECORATORS[method.verb]}({path})"]
        lines += [f"  @UseGuards({', '.join(names)})"] if names else []
        lines += [f'  @Roles("{method.role}")'] if method.role else []
        lines += ["  @Public()"] if method.is_public else []
        lines += [f'  @Version("{method.version}")'] if method.version else []
        return [*lines, f"  {method.handler}() {{", f'    note(this.constructor.name + ".{method.handler}");', "    return { ok: true };", "  }", ""]


def guard_head():
    return (
        'import { CanActivate, ExecutionContext, ForbiddenException, Injectable, SetMetadata, UnauthorizedException } from "@nestjs/common";\n'
        'import { Reflector } from "@nestjs/core";\n'
        'import * as jwt from "jsonwebtoken";\nimport { readUser } from "./identity";\nimport { note } from "./journal";\n'
        'import { settings } from "./settings";\n' + PUBLIC
    )


def middleware_head():
    return (
        'import { Injectable, NestMiddleware, UnauthorizedException } from "@nestjs/common";\n'
        'import * as jwt from "jsonwebtoken";\nimport { readUser } from "./identity";\nimport { note } from "./journal";\n'
        'import { settings } from "./settings";\n'
    )
