from .dialects import HONO
from .javascript import STYLES, JavaScript, repr_js


class Hono(JavaScript):
    """Middleware has patterns; an app is mounted in another one as it is at that moment."""

    name = "hono"
    dialect = HONO
    styles = STYLES

    def dependencies(self):
        return '{ "hono": "^4.0.0", "jsonwebtoken": "^9.0.0" }'

    def framework_imports(self, text):
        if "new Hono(" not in text:
            return ""
        return 'import { Hono } from "hono";\n' if self.is_module else 'const { Hono } = require("hono");\n'

    def make_app(self):
        return "new Hono()"

    def make_router(self, router):
        return "new Hono()"

    def use_lines(self, name, use):
        if use.path:
            return [f'{name}.use("{use.path}/*", {self.guard_call(use.guard)});']
        pattern = self.rng.choice(['"*", ', ""])
        return [f"{name}.use({pattern}{self.guard_call(use.guard)});"]

    def mount_lines(self, name, mount, child):
        prefix = mount.prefix or "/"
        guards = [f'{name}.use("{prefix.rstrip("/")}/*", {self.guard_call(it)});' for it in mount.guards]
        return [*guards, f"{name}.route({repr_js(prefix)}, {child});"]
