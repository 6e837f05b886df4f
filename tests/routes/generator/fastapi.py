from .python import PythonApp
from .python_guards import check_text, indented
from .tree import Guard

NAMES = {
    "header": "request.headers.get",
    "keep": "request.state.user",
    "path": "request.url.path",
    "almost401": "HTTPException(status_code=401)",
    "deny401": 'raise HTTPException(status_code=401, detail="log in")',
}

HEADING = """
import hmac
import os

import jwt
from fastapi import Depends, Header, HTTPException, Request
from fastapi.responses import JSONResponse

import settings
from identity import read_user
from journal import note


def current_user(request: Request):
    note("current_user")
    user = read_user(request.headers.get("Authorization"))
    if user is None:
        raise HTTPException(status_code=401)
    return user
"""

ROLES = [
    """
def requireRole(*roles):
    def check(user: dict = Depends(current_user)):
        note("requireRole")
        if user["role"] not in roles:
            raise HTTPException(status_code=403)
        return user
    return check
""",
    """
class requireRole:
    def __init__(self, role):
        self.role = role

    def __call__(self, user: dict = Depends(current_user)):
        note("requireRole")
        if user["role"] != self.role:
            raise HTTPException(status_code=403, detail="not for you")
        return user
""",
]

ADMIN = """
def requireAdmin(user: dict = Depends(current_user)):
    note("requireAdmin")
    if user.get("role") != "admin":
        raise HTTPException(status_code=403)
    return user
"""

IMPORTS = """
import hmac
import os
from typing import Annotated

import jwt

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

import settings
"""


class FastAPI(PythonApp):
    name = "fastapi"
    styles = ["plain", "plain", "plain", "param", "annotated", "inside", "loop", "table", "constant", "factory"]
    shape_options = {"has_paths": False, "has_own_prefix": True}

    def spell(self, path):
        return path

    def heading(self):
        names = [it.name for it in self.shape.guards]
        return (
            IMPORTS.lstrip() + f"from guards import {', '.join([*names, 'requireRole', 'requireAdmin'])}\n"
            "from identity import read_user\nfrom journal import note\n"
        )

    def write_guards(self):
        self.files.add("guards.py", HEADING, "current_user")
        for guard in self.shape.guards:
            check = check_text(self.rng, guard.kind, {**NAMES, "open": self.open_path()})
            kind = "async def" if self.rng.random() < 0.5 else "def"
            text = f'{kind} {guard.name}(request: Request):\n    note("{guard.name}")\n{indented(check, 4)}'
            self.files.add("guards.py", text, guard.name)
        self.files.add("guards.py", self.rng.choice(ROLES), "requireRole")
        self.files.add("guards.py", ADMIN, "requireAdmin")

    def dependencies(self, guards):
        return "dependencies=[" + ", ".join(f"Depends({self.guard(it)})" for it in guards) + "]"

    def make_app(self, uses):
        # One that stands around all requests, or dependencies of all routes.
        if uses and self.rng.random() < 0.5:
            return ["app = FastAPI()", "", *self.middleware_lines(uses[0].guard)]
        return [f"app = FastAPI({self.dependencies([it.guard for it in uses])})" if uses else "app = FastAPI()"]

    def middleware_lines(self, guard: Guard):
        """The first guard, written once more as one around requests."""
        kind = guard.kind if guard.kind not in ("role", "admin") else "reader"
        names = {
            **NAMES,
            "deny401": 'return JSONResponse({"error": "log in"}, status_code=401)',
            "almost401": 'JSONResponse({"error": "log in"}, status_code=401)',
            "open": self.open_path(),
        }
        check = check_text(self.rng, kind, names)
        lines = ['@app.middleware("http")', "async def around(request: Request, call_next):", '    note("around")']
        return [*lines, *indented(check, 4).split("\n"), "    return await call_next(request)"]

    def make_router(self, router, uses):
        given = [f'prefix="{router.own_prefix}"'] if router.own_prefix else []
        given += [self.dependencies([it.guard for it in uses])] if uses else []
        return [f"{router.name} = APIRouter({', '.join(given)})"]

    def mount_lines(self, name, mount, child):
        given = [child]
        given += [f'prefix="{mount.prefix}"'] if mount.prefix else []
        given += [self.dependencies(mount.guards)] if mount.guards else []
        return [f"{name}.include_router({', '.join(given)})"]

    def route_lines(self, router, route):
        name = route.handler
        method, kind = route.method.lower(), self.rng.choice(["async def", "def"])
        arguments = ["id: int"] if "{id}" in route.path else []
        body = [f'    note("{route.handler}")', '    return {"ok": True}']
        path = f'"{route.path}"'
        given = []
        if route.style == "param":
            arguments += [f"guard{at}=Depends({self.guard(it)})" for at, it in enumerate(route.guards)]
        elif route.style == "annotated":
            arguments += [f"guard{at}: Annotated[object, Depends({self.guard(it)})]" for at, it in enumerate(route.guards)]
        elif route.guards:
            given = [self.dependencies(route.guards)]
        if route.style in ("loop", "table"):
            return self.loop_lines(router, route, given)
        if route.style == "constant":
            path = self.constant(name, route.path)
        decorator = f"@{router}.{method}({', '.join([path, *given])})"
        if route.style == "inside":
            arguments.insert(0, "request: Request")
            asks = ['    if not read_user(request.headers.get("Authorization")):', "        raise HTTPException(status_code=401)"]
            return [decorator, f"{kind} {name}({', '.join(arguments)}):", *asks, *body]
        function = [f"{kind} {name}({', '.join(arguments)}):", *body]
        if route.style == "factory":
            inner = ["    " + it for it in [f"{kind} endpoint({', '.join(arguments)}):", *body]]
            rule = ", ".join([path, f"{name}()", f'methods=["{route.method}"]', *given])
            return [f"def {name}():", *inner, "    return endpoint", "", f"{router}.add_api_route({rule})"]
        return [decorator, *function]

    def loop_lines(self, router, route, given):
        name = route.handler
        make = [
            f"def make_{name}(turn):",
            "    def endpoint():",
            f'        note(f"{route.handler}-{{turn}}")',
            '        return {"ok": True}',
            "    return endpoint",
            "",
        ]
        more = "".join(f", {it}" for it in given)
        if route.style == "loop":
            turns = ", ".join(f'"{it}"' for it in route.turns)
            rule = f'f"{route.path}/{{turn}}", make_{name}(turn), methods=["{route.method}"]{more}'
            return [*make, f"for turn in ({turns}):", f"    {router}.add_api_route({rule})"]
        rows = ", ".join(f'("{route.path}/{it}", make_{name}("{it}"))' for it in route.turns)
        rule = f'path, endpoint, methods=["{route.method}"]{more}'
        return [*make, f"for path, endpoint in [{rows}]:", f"    {router}.add_api_route({rule})"]

