from .dialects import EXPRESS
from .javascript import STYLES, JavaScript, repr_js


class Express(JavaScript):
    name = "express"
    dialect = EXPRESS
    styles = [*STYLES, "chain"]

    def dependencies(self):
        return '{ "express": "^5.0.0", "jsonwebtoken": "^9.0.0" }'

    def framework_imports(self, text):
        return self.importing_default("express", "express") if "express" in text else ""

    def make_app(self):
        return "express()"

    def make_router(self, router):
        return "express.Router()"

    def use_lines(self, name, use):
        path = f"{repr_js(use.path)}, " if use.path else ""
        return [f"{name}.use({path}{self.guard_call(use.guard)});"]

    def mount_lines(self, name, mount, child):
        given = [repr_js(mount.prefix)] if mount.prefix else []
        given += [self.guard_call(it) for it in mount.guards] + [child]
        return [f"{name}.use({', '.join(given)});"]

    def route_lines(self, router, route):
        if route.style != "chain":
            return super().route_lines(router, route)
        guards = [self.guard_call(it) for it in route.guards]
        handler = self.handler(f'"{route.handler}"')
        start = f"{router}.route({repr_js(self.spell(route.path))})"
        if guards and self.rng.random() < 0.5:
            return [f"{start}.all({', '.join(guards)}).{route.method.lower()}({handler});"]
        return [f"{start}.{route.method.lower()}({', '.join([*guards, handler])});"]
