"""What apps of Flask and FastAPI have in common: modules, routers in routers, constants."""

from .files import Files
from .python_guards import IDENTITY, JOURNAL
from .tree import Mount, Shape, Use, expected

SETTINGS = 'import os\n\nAPI_KEY = os.environ["API_KEY"]\n'


class PythonApp:
    """Subclasses write guards, routers and routes."""

    runtime = "python"
    styles = ["plain"]
    places = ["own", "own", "same", "factory"]
    shape_options = {}
    own_prefix_yields = False

    def __init__(self, rng):
        self.rng = rng
        self.files = Files()
        self.shape = Shape(rng, self.styles, self.places, **self.shape_options)
        self.root = self.shape.app()
        self.constants = {}

    def routes(self):
        return expected(self.root, "", self.spell, self.own_prefix_yields)

    def write(self):
        self.files.add("journal.py", JOURNAL)
        self.files.add("identity.py", IDENTITY)
        self.files.add("settings.py", SETTINGS)
        self.files.add("routers/__init__.py", "")
        self.write_guards()
        for router in self.root.routers():
            if router.place != "same":
                self.write_router_file(router)
        self.files.put_first("app.py", self.module_text("app", self.app_lines()))
        if self.constants:
            lines = "".join(f'{name.upper()} = "{path}"\n' for name, path in self.constants.items())
            self.files.add("paths.py", lines)
        return self.files

    def open_path(self):
        fixed = sorted({path for _, path, _ in self.routes() if "<" not in path and "{" not in path})
        return self.rng.choice(fixed or ["/status"])

    def write_router_file(self, router):
        lines = self.router_lines(router)
        if router.place == "factory":
            lines = [f"def make_{router.name}():", *[f"    {it}" if it else "" for it in lines], f"    return {router.name}"]
        self.files.add(f"routers/{router.name}.py", self.module_text(router.name, lines))

    def module_text(self, own_name, lines):
        text = "\n".join(lines)
        head = self.heading()
        for router in self.root.routers():
            name = f"make_{router.name}" if router.place == "factory" else router.name
            if router.place != "same" and router.name != own_name and name in text:
                head += f"from routers.{router.name} import {name}\n"
        if "paths." in text:
            head += "import paths\n"
        return head + "\n\n" + text

    def app_lines(self):
        uses = [it for it in self.root.items if isinstance(it, Use)]
        return [*self.make_app(uses), "", *self.item_lines(self.root, "app")]

    def router_lines(self, router):
        uses = [it for it in router.items if isinstance(it, Use)]
        return [*self.make_router(router, uses), "", *self.item_lines(router, router.name)]

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
            lines.append("")
        return lines

    def guard(self, guard):
        """The guard as it is named: of a factory, a call."""
        return f'{guard.name}("{guard.argument}")' if guard.argument else guard.name

    def constant(self, name, path):
        self.constants[name] = path
        return f"paths.{name.upper()}"

    def use_lines(self, _name, _use):
        return []
