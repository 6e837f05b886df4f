from .dialects import FASTIFY
from .javascript import STYLES, JavaScript

ADD_ROUTE = """
function addRoute(instance, method, url, guards, handler) {
  instance.route({ method: method.toUpperCase(), url, preHandler: guards, handler });
}
"""


class Fastify(JavaScript):
    """Routers are plugins; guards are hooks of a scope or of a route, in one phase for each app."""

    name = "fastify"
    dialect = FASTIFY
    styles = [*STYLES, "declared"]
    shape_options = {"has_paths": False}
    add_route = ADD_ROUTE

    def __init__(self, rng):
        super().__init__(rng)
        self.phase = rng.choice(["preHandler", "preHandler", "onRequest"])
        self.add_route = ADD_ROUTE.replace("preHandler", self.phase)

    def dependencies(self):
        return '{ "fastify": "^5.0.0", "fastify-plugin": "^5.0.0", "jsonwebtoken": "^9.0.0" }'

    def framework_imports(self, text):
        head = self.importing_default("Fastify", "fastify") if "Fastify()" in text else ""
        return head + (self.importing_default("fp", "fastify-plugin") if "fp(" in text else "")

    def make_app(self):
        return "Fastify()"

    def router_lines(self, router):
        lines = [f"  {it}" for it in self.item_lines(router, "fastify")]
        return [f"async function {router.name}(fastify) {{", *lines, "}"]

    def use_lines(self, name, use):
        hook = f'addHook("{self.phase}", {self.guard_call(use.guard)});'
        if self.rng.random() < 0.25:
            # A plugin that breaks out of its scope.
            return [f"{name}.register(fp(async (inner) => {{ inner.{hook} }}));"]
        return [f"{name}.{hook}"]

    def mount_lines(self, name, mount, child):
        options = f', {{ prefix: "{mount.prefix}" }}' if mount.prefix else ""
        if not mount.guards:
            return [f"{name}.register({child}{options});"]
        hooks = [f'  scope.addHook("{self.phase}", {self.guard_call(it)});' for it in mount.guards]
        return [f"{name}.register(async (scope) => {{", *hooks, f"  scope.register({child}{options});", "});"]

    def arguments(self, path, guards, handler):
        if not guards:
            return f"{path}, {handler}"
        given = guards[0] if len(guards) == 1 and self.rng.random() < 0.5 else f"[{', '.join(guards)}]"
        return f"{path}, {{ {self.phase}: {given} }}, {handler}"

    def route_lines(self, router, route):
        if route.style != "declared":
            return super().route_lines(router, route)
        guards = ", ".join(self.guard_call(it) for it in route.guards)
        handler = self.handler(f'"{route.handler}"')
        return [
            f"{router}.route({{",
            f'  method: "{route.method}",',
            f'  url: "{self.spell(route.path)}",',
            *([f"  {self.phase}: [{guards}],"] if guards else []),
            f"  handler: {handler},",
            "});",
        ]
