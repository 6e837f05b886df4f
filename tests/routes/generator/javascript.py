"""Writes an app of a framework with routers and middleware: Express, Koa, Hono."""

from .files import Files
from .javascript_guards import guard_text
from .tree import ADMIN, Guard, Mount, Shape, Use, expected

JOURNAL = """
// Tells the test what ran.
function note(name) {
  globalThis.journal.push(name);
}
"""

IDENTITY = """
function readUser(header) {
  if (!header) return null;
  try {
    return jwt.verify(header.replace("Bearer ", ""), process.env.JWT_SECRET, { algorithms: ["HS256"] });
  } catch {
    return null;
  }
}
"""

ADD_ROUTE = """
function addRoute(router, method, path, guards, handler) {
  router[method](path, ...guards, handler);
}
"""

STYLES = ["plain", "plain", "plain", "named", "controller", "inside", "loop", "table", "constant", "factory"]
PLACES = ["own", "own", "own", "same", "factory"]


class JavaScript:
    """One app. Subclasses say how routers are made, mounted and used, and which dialect they speak."""

    runtime = "node"
    dialect = {}
    styles = STYLES
    places = PLACES
    shape_options = {}
    add_route = ADD_ROUTE

    def __init__(self, rng):
        self.rng = rng
        self.files = Files()
        self.is_module = rng.random() < 0.5
        self.shape = Shape(rng, self.styles, self.places, **self.shape_options)
        self.root = self.shape.app()
        self.constants = {}
        self.controllers = {}

    def write(self):
        self.write_support()
        for router in self.root.routers():
            if router.place != "same":
                self.write_router_file(router)
        body = self.app_lines()
        self.files.put_first("app.js", self.module_text("app.js", body, self.exporting_default("app")))
        self.write_shared()
        return self.files

    def routes(self):
        return expected(self.root, "", self.spell)

    # ---- what all apps have

    def write_support(self):
        kind = "module" if self.is_module else "commonjs"
        self.files.add("package.json", f'{{ "name": "generated", "type": "{kind}", "dependencies": {self.dependencies()} }}')
        self.files.add("lib/journal.js", JOURNAL + self.exporting(["note"]))
        jwt = self.importing_default("jwt", "jsonwebtoken")
        self.files.add("lib/identity.js", jwt + IDENTITY + self.exporting(["readUser"]))
        settings = "const settings = { apiKey: process.env.API_KEY, port: 3000 };\n"
        self.files.add("lib/settings.js", settings + self.exporting(["settings"]))
        path = "lib/guards.js"
        lines = [jwt] + [self.importing([name], path, target) for name, target in SUPPORT.items()]
        self.files.add(path, "".join(lines))
        guards = [*self.shape.guards, Guard("role", "requireRole"), ADMIN]
        open_path = "/" + self.rng.choice(self.used_nouns() or ["status"])
        for guard in guards:
            text = guard_text(self.rng, self.dialect, guard, open_path)
            self.files.add(path, text, guard.name)
        self.files.add(path, self.exporting([it.name for it in guards]))

    def used_nouns(self):
        return sorted({path.strip("/").split("/")[-1] for _, path, _ in self.routes() if "}" not in path and ":" not in path})

    def write_shared(self):
        """Files that are asked for while routers are written."""
        note = self.importing(["note"], "lib/answers.js", "lib/journal.js")
        answer = f"""
const answer = (name) => ({self.dialect["handler_sig"]}) => {{
  note(name);
  {self.dialect["answer"]}
}};
"""
        self.files.add("lib/answers.js", note + answer + self.add_route + self.exporting(["answer", "addRoute"]))
        if self.constants:
            lines = "".join(f'  {name}: "{path}",\n' for name, path in self.constants.items())
            self.files.add("lib/paths.js", f"const PATHS = {{\n{lines}}};\n" + self.exporting(["PATHS"]))
        if self.controllers:
            note = self.importing(["note"], "lib/controllers.js", "lib/journal.js")
            self.files.add("lib/controllers.js", note + "\n" + "\n".join(self.controllers.values()))
            self.files.add("lib/controllers.js", self.exporting(self.controllers))

    # ---- modules

    def importing(self, names, path, target):
        relative = "../" * path.count("/") + target
        relative = relative if relative.startswith(".") else "./" + relative
        if self.is_module:
            return f'import {{ {", ".join(names)} }} from "{relative}";\n'
        return f'const {{ {", ".join(names)} }} = require("{relative.removesuffix(".js")}");\n'

    def importing_default(self, name, package):
        if self.is_module:
            return f'import {name} from "{package}";\n'
        return f'const {name} = require("{package}");\n'

    def exporting(self, names):
        return f"export {{ {', '.join(names)} }};\n" if self.is_module else f"module.exports = {{ {', '.join(names)} }};\n"

    def exporting_default(self, name):
        return f"export default {name};\n" if self.is_module else f"module.exports = {name};\n"

    def module_text(self, path, body, ending):
        """The lines with the imports of what they name."""
        text = "\n".join(body) + "\n\n" + ending
        head = self.framework_imports(text)
        for name, target in SUPPORT.items() | SHARED.items():
            if name + "(" in text or name + "." in text:
                head += self.importing([name], path, target)
        guards = [it.name for it in self.shape.guards] + ["requireRole", "requireAdmin"]
        for names, target in ((guards, "lib/guards.js"), (self.controllers, "lib/controllers.js")):
            used = [it for it in names if it in text]
            if used:
                head += self.importing(used, path, target)
        for router in self.root.routers():
            if router.place in ("own", "factory") and f"{self.imported_name(router)}" in text and path != self.path_of(router):
                target = "./" + "../" * path.count("/") + self.path_of(router)
                head += self.importing_default(self.imported_name(router), target.replace("./../", "../"))
        return head + "\n" + text

    def path_of(self, router):
        return f"routes/{router.name}.js"

    def imported_name(self, router):
        return f"make_{router.name}" if router.place == "factory" else router.name

    # ---- routers

    def write_router_file(self, router):
        path = self.path_of(router)
        lines = self.router_lines(router)
        if router.place == "factory":
            lines = [f"function make_{router.name}() {{", *[f"  {it}" for it in lines], f"  return {router.name};", "}"]
        ending = self.exporting_default(self.imported_name(router))
        self.files.add(path, self.module_text(path, lines, ending))

    def app_lines(self):
        return [f"const app = {self.make_app()};", *self.item_lines(self.root, "app")]

    def router_lines(self, router):
        return [f"const {router.name} = {self.make_router(router)};", *self.item_lines(router, router.name)]

    def item_lines(self, router, name):
        lines = []
        for item in router.items:
            if isinstance(item, Use):
                lines += self.use_lines(name, item)
            elif isinstance(item, Mount):
                if item.router.place == "same":
                    lines += self.router_lines(item.router)
                child = f"make_{item.router.name}()" if item.router.place == "factory" else item.router.name
                lines += self.mount_lines(name, item, child)
            else:
                lines += self.route_lines(name, item)
        return lines

    def guard_call(self, guard):
        return f'{guard.name}("{guard.argument}")' if guard.argument else guard.name

    def handler(self, name):
        return f'({self.dialect["handler_sig"]}) => {{ note({name}); {self.dialect["answer"]} }}'

    def route_lines(self, router, route):
        method, path = route.method.lower(), self.spell(route.path)
        guards = [self.guard_call(it) for it in route.guards]
        handler = self.handler(f'"{route.handler}"')
        given = lambda path, handler: self.arguments(path, guards, handler)
        if route.style == "named":
            return [
                f"function {route.handler}Handler({self.dialect['handler_sig']}) {{ note(\"{route.handler}\"); {self.dialect['answer']} }}",
                f"{router}.{method}({given(repr_js(path), route.handler + 'Handler')});",
            ]
        if route.style == "controller":
            name = f"{route.handler}Controller"
            self.controllers[name] = f"const {name} = {{\n  run: {handler},\n}};\n"
            return [f"{router}.{method}({given(repr_js(path), name + '.run')});"]
        if route.style == "inside":
            refuse = self.dialect["refuse401"].replace("\n", " ")
            body = f"if (!readUser({self.dialect['auth']})) {{ {refuse} }} note(\"{route.handler}\"); {self.dialect['answer']}"
            asking = f"({self.dialect['handler_sig']}) => {{ {body} }}"
            return [f"{router}.{method}({given(repr_js(path), asking)});"]
        if route.style == "loop":
            handler = f"answer(`{route.handler}-${{turn}}`)"
            inner = f"{router}.{method}({given(f'`{path}/${{turn}}`', handler)});"
            if self.rng.random() < 0.5:
                return [f"for (const turn of {list_js(route.turns)}) {{", f"  {inner}", "}"]
            return [f"{list_js(route.turns)}.forEach((turn) => {{", f"  {inner}", "});"]
        if route.style == "table":
            rows = ", ".join(f'{{ method: "{method}", path: "{path}/{it}", name: "{route.handler}-{it}" }}' for it in route.turns)
            return [
                f"for (const row of [{rows}]) {{",
                f"  {router}[row.method]({given('row.path', 'answer(row.name)')});",
                "}",
            ]
        if route.style == "constant":
            self.constants[route.handler] = path
            return [f"{router}.{method}({given(f'PATHS.{route.handler}', handler)});"]
        if route.style == "factory":
            return [f'addRoute({router}, "{method}", {repr_js(path)}, [{", ".join(guards)}], answer("{route.handler}"));']
        return [f"{router}.{method}({given(repr_js(path), handler)});"]

    def arguments(self, path, guards, handler):
        return ", ".join([path, *guards, handler])

    def spell(self, path):
        """`/notes/{id}` as the framework writes it."""
        return path.replace("{id}", ":id") or "/"


# Where the helpers are that a router's file may name.
SUPPORT = {"note": "lib/journal.js", "readUser": "lib/identity.js", "settings": "lib/settings.js"}
SHARED = {"answer": "lib/answers.js", "addRoute": "lib/answers.js", "PATHS": "lib/paths.js"}


def repr_js(text):
    return f'"{text}"'


def list_js(names):
    return "[" + ", ".join(repr_js(it) for it in names) + "]"
