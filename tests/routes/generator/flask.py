from .python import PythonApp
from .python_guards import check_text, indented

NAMES = {
    "header": "request.headers.get",
    "keep": "g.user",
    "path": "request.path",
    "almost401": 'jsonify(error="log in"), 401',
}
DENIALS = ['return jsonify(error="log in"), 401', "abort(401)", 'return {"error": "log in"}, 401']

HEADING = """
import hmac
import os
from functools import wraps

import jwt
from flask import abort, g, jsonify, request

import settings
from identity import read_user
from journal import note
"""

ROLE = """
def requireRole(*roles):
    def decorate(view):
        @wraps(view)
        def wrapper(*args, **kwargs):
            note("requireRole")
            user = getattr(g, "user", None)
            if not user or user["role"] not in roles:
                abort(403)
            return view(*args, **kwargs)
        return wrapper
    return decorate


def requireRole_hook(*roles):
    def check():
        note("requireRole")
        user = g.get("user")
        if user is None or user["role"] not in roles:
            return jsonify(error="not for you"), 403
    return check
"""

ADMIN = """
def requireAdmin(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        note("requireAdmin")
        if not g.get("user") or g.user["role"] != "admin":
            abort(403)
        return view(*args, **kwargs)
    return wrapper


def requireAdmin_hook():
    note("requireAdmin")
    user = g.get("user")
    if not user or user.get("role") != "admin":
        abort(403)
"""


class Flask(PythonApp):
    name = "flask"
    styles = [
        "plain", "plain", "plain", "outside", "inside", "loop", "table", "constant", "factory", "view", "inherited", "wrapped",
    ]
    shape_options = {"has_paths": False, "has_own_prefix": True}
    own_prefix_yields = True

    def spell(self, path):
        return path.replace("{id}", "<int:id>")

    def heading(self):
        return (
            "from flask import Blueprint, Flask, g, jsonify, request\nfrom flask.views import MethodView\n\n"
            "import guards\nfrom guards import *\nfrom identity import read_user\nfrom journal import note\n"
            if self.rng.random() < 0.3
            else "from flask import Blueprint, Flask, g, jsonify, request\nfrom flask.views import MethodView\n\n"
            f"from guards import {', '.join(self.guard_names())}\nfrom identity import read_user\nfrom journal import note\n"
        )

    def guard_names(self):
        names = [it.name for it in self.shape.guards] + ["requireRole", "requireAdmin"]
        return names + [f"{it}_hook" for it in names]

    def write_guards(self):
        self.files.add("guards.py", HEADING)
        for guard in self.shape.guards:
            names = {**NAMES, "deny401": self.rng.choice(DENIALS), "open": self.open_path()}
            check = check_text(self.rng, guard.kind, names)
            decorator = (
                f"def {guard.name}(view):\n    @wraps(view)\n    def wrapper(*args, **kwargs):\n"
                f'        note("{guard.name}")\n{indented(check, 8)}\n'
                "        return view(*args, **kwargs)\n    return wrapper"
            )
            hook = f'def {guard.name}_hook():\n    note("{guard.name}")\n{indented(check, 4)}'
            self.files.add("guards.py", decorator, guard.name)
            self.files.add("guards.py", hook, guard.name)
        self.files.add("guards.py", ROLE, "requireRole")
        self.files.add("guards.py", ADMIN, "requireAdmin")

    def make_app(self, _uses):
        return ["app = Flask(__name__)"]

    def make_router(self, router, _uses):
        prefix = f', url_prefix="{router.own_prefix}"' if router.own_prefix else ""
        return [f'{router.name} = Blueprint("{router.name}", __name__{prefix})']

    def use_lines(self, name, use):
        hook = f'{use.guard.name}_hook("{use.guard.argument}")' if use.guard.argument else f"{use.guard.name}_hook"
        if self.rng.random() < 0.5:
            return [f"{name}.before_request({hook})"]
        self.shape.count += 1
        function = f"before_{self.shape.count}"
        return [f"@{name}.before_request", f"def {function}():", f"    return {hook}()"]

    def mount_lines(self, name, mount, child):
        self.shape.count += 1
        prefix = f', url_prefix="{mount.prefix}"' if mount.prefix else ""
        return [f'{name}.register_blueprint({child}{prefix}, name="{mount.router.name}{self.shape.count}")']

    def decorator(self, router, route, path):
        if self.rng.random() < 0.5:
            return f"@{router}.{route.method.lower()}({path})"
        return f'@{router}.route({path}, methods=["{route.method}"])'

    def route_lines(self, router, route):
        path, name = self.spell(route.path), route.handler.replace("/", "_")
        arguments = "id" if "{id}" in route.path else ""
        guards = [f"@{self.guard(it)}" for it in route.guards]
        body = [f'    note("{route.handler}")', "    return jsonify(ok=True)"]
        function = [f"def {name}({arguments}):", *body]
        if route.style in ("view", "inherited"):
            return self.view_lines(router, route, path, name, arguments)
        if route.style in ("loop", "table"):
            return self.loop_lines(router, route, path, name)
        if route.style == "wrapped":
            view = name
            for guard in reversed(route.guards):
                view = f"{self.guard(guard)}({view})"
            rule = f'"{path}", "{name}", {view}, methods=["{route.method}"]'
            return [*function, "", f"{router}.add_url_rule({rule})"]
        if route.style == "factory":
            inner = ["    " + it for it in [*guards, f"def view({arguments}):", *body]]
            rule = f'"{path}", "{name}", {name}(), methods=["{route.method}"]'
            return [f"def {name}():", *inner, "    return view", "", f"{router}.add_url_rule({rule})"]
        decorator = self.decorator(router, route, self.constant(name, path) if route.style == "constant" else f'"{path}"')
        if route.style == "outside":
            return [*guards, decorator, *function]
        if route.style == "inside":
            asks = ['    if not read_user(request.headers.get("Authorization")):', '        return jsonify(error="log in"), 401']
            return [decorator, *guards, function[0], *asks, *body]
        return [decorator, *guards, *function]

    def view_lines(self, router, route, path, name, arguments):
        """A class; its guards may stand in the class that it inherits from."""
        method = route.method.lower()
        given = ["self", arguments] if arguments else ["self"]
        decorators = "[" + ", ".join(self.guard(it) for it in reversed(route.guards)) + "]"
        own = [f"    def {method}({', '.join(given)}):", f'        note("{route.handler}")', "        return jsonify(ok=True)"]
        base = []
        if route.style == "inherited":
            base = [f"class Base{name}(MethodView):", f"    decorators = {decorators}", ""]
            lines = [f"class View{name}(Base{name}):", *own]
        elif self.rng.random() < 0.5:
            lines = [f"class View{name}(MethodView):", f"    decorators = {decorators}", "", *own]
        else:
            guards = [f"    @{self.guard(it)}" for it in route.guards]
            lines = [f"class View{name}(MethodView):", *guards, *own]
        return [*base, *lines, "", f'{router}.add_url_rule("{path}", view_func=View{name}.as_view("{name}"))']

    def loop_lines(self, router, route, path, name):
        guards = [f"    @{self.guard(it)}" for it in route.guards]
        make = [
            f"def make_{name}(turn):",
            *guards,
            "    def view():",
            f'        note(f"{route.handler}-{{turn}}")',
            "        return jsonify(ok=True)",
            "    return view",
            "",
        ]
        if route.style == "loop":
            turns = ", ".join(f'"{it}"' for it in route.turns)
            rule = f'f"{path}/{{turn}}", f"{name}_{{turn}}", make_{name}(turn), methods=["{route.method}"]'
            return [*make, f"for turn in ({turns}):", f"    {router}.add_url_rule({rule})"]
        rows = ", ".join(f'("{path}/{it}", "{it}")' for it in route.turns)
        rule = f'rule, endpoint="{name}_" + turn, view_func=make_{name}(turn), methods=["{route.method}"]'
        return [*make, f"TABLE_{name} = [{rows}]", f"for rule, turn in TABLE_{name}:", f"    {router}.add_url_rule({rule})"]
