from .dialects import KOA
from .javascript import STYLES, JavaScript, repr_js


class Koa(JavaScript):
    """The app holds middleware; routes are the ones of `@koa/router`."""

    name = "koa"
    dialect = KOA
    styles = [it for it in STYLES if it != "table"]

    def dependencies(self):
        return '{ "koa": "^3.0.0", "@koa/router": "^14.0.0", "jsonwebtoken": "^9.0.0" }'

    def framework_imports(self, text):
        head = self.importing_default("Koa", "koa") if "new Koa(" in text else ""
        return head + (self.importing_default("Router", "@koa/router") if "new Router(" in text else "")

    def app_lines(self):
        """Guards of the app stand on it if they come first, and otherwise on the first router, as the other routes do."""
        before = [f"app.use({self.guard_call(it.guard)});" for it in self.leading_uses()]
        rest = self.root.items[len(before) :]
        self.root.items = rest
        lines = self.item_lines(self.root, "main")
        return [
            "const app = new Koa();",
            "const main = new Router();",
            *before,
            *lines,
            "app.use(main.routes()).use(main.allowedMethods());",
        ]

    def leading_uses(self):
        found = []
        for item in self.root.items:
            if not hasattr(item, "guard") or item.path:
                break
            found.append(item)
        return found

    def make_router(self, router):
        return f'new Router({{ prefix: "{router.own_prefix}" }})' if router.own_prefix else "new Router()"

    def use_lines(self, name, use):
        path = f"{repr_js(use.path)}, " if use.path else ""
        return [f"{name}.use({path}{self.guard_call(use.guard)});"]

    def mount_lines(self, name, mount, child):
        given = [repr_js(mount.prefix)] if mount.prefix else []
        given += [self.guard_call(it) for it in mount.guards] + [f"{child}.routes()"]
        return [f"{name}.use({', '.join(given)});"]
