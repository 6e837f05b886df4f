from .python import PythonApp
from .python_guards import check_text, indented

NAMES = {
    "header": "request.headers.get",
    "keep": "request.member",
    "path": "request.path",
    "almost401": 'JsonResponse({"error": "log in"}, status=401)',
}
DENIALS = [
    'return JsonResponse({"error": "log in"}, status=401)',
    'return HttpResponse("log in", status=401)',
    'raise PermissionDenied("log in")',
]

HEADING = """
import hmac
import os
from functools import wraps

import jwt
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse

import settings
from identity import read_user
from journal import note
"""

ROLE = """
def requireRole(*roles):
    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            note("requireRole")
            member = getattr(request, "member", None)
            if not member or member["role"] not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)
        return wrapper
    return decorate
"""

ADMIN = """
def requireAdmin(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        note("requireAdmin")
        if not hasattr(request, "member") or request.member["role"] != "admin":
            return HttpResponseForbidden("not for you")
        return view(request, *args, **kwargs)
    return wrapper
"""

IMPORTS = """
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_http_methods

"""


ROLES = ("role", "admin")


class Django(PythonApp):
    """Routers are lists of patterns; guards are decorators, classes to inherit from, and middleware."""

    name = "django"
    styles = ["plain", "plain", "plain", "inside", "loop", "table", "constant", "view", "inherited", "decorated", "wrapped"]
    shape_options = {"has_paths": False}

    def __init__(self, rng):
        super().__init__(rng)
        self.middleware = []

    def spell(self, path):
        return path.replace("{id}", "<int:id>")

    def heading(self):
        names = [it.name for it in self.shape.guards]
        names += [f"{it}_mixin" for it in names] + ["requireRole", "requireAdmin"]
        return IMPORTS.lstrip() + f"from guards import {', '.join(names)}\nfrom identity import read_user\nfrom journal import note\n"

    def write_guards(self):
        self.files.add("guards.py", HEADING)
        for guard in self.shape.guards:
            names = {**NAMES, "deny401": self.rng.choice(DENIALS), "open": self.open_path()}
            check, noted = check_text(self.rng, guard.kind, names), f'note("{guard.name}")'
            decorator = (
                f"def {guard.name}(view):\n    @wraps(view)\n    def wrapper(request, *args, **kwargs):\n"
                f"        {noted}\n{indented(check, 8)}\n        return view(request, *args, **kwargs)\n    return wrapper"
            )
            mixin = (
                f"class {guard.name}_mixin:\n    def dispatch(self, request, *args, **kwargs):\n"
                f"        {noted}\n{indented(check, 8)}\n        return super().dispatch(request, *args, **kwargs)"
            )
            self.files.add("guards.py", decorator, guard.name)
            self.files.add("guards.py", mixin, guard.name)
            self.files.add("guards.py", self.middleware_text(guard, noted, check), guard.name)
        self.files.add("guards.py", ROLE, "requireRole")
        self.files.add("guards.py", ADMIN, "requireAdmin")

    def middleware_text(self, guard, noted, check):
        if self.rng.random() < 0.5:
            return (
                f"def {guard.name}_middleware(get_response):\n    def middleware(request):\n"
                f"        {noted}\n{indented(check, 8)}\n        return get_response(request)\n    return middleware"
            )
        return (
            f"class {guard.name}_middleware:\n    def __init__(self, get_response):\n        self.get_response = get_response\n\n"
            f"    def __call__(self, request):\n        {noted}\n{indented(check, 8)}\n        return self.get_response(request)"
        )

    def write(self):
        files = super().write()
        files.texts["urls.py"] = files.texts.pop("app.py")
        listed = ", ".join(f'"guards.{it}_middleware"' for it in self.middleware)
        files.texts["settings.py"] += (
            f'\nSECRET_KEY = "of this test"\nDEBUG = False\nALLOWED_HOSTS = ["*"]\nROOT_URLCONF = "urls"\n'
            f"INSTALLED_APPS = []\nAPPEND_SLASH = False\nMIDDLEWARE = [{listed}]\n"
        )
        files.add("manage.py", MANAGE)
        return files

    def make_app(self, uses):
        self.middleware = [it.guard.name for it in uses[:1] if it.guard.kind not in ROLES]
        return ["urlpatterns = []"]

    def item_lines(self, router, name):
        return super().item_lines(router, "urlpatterns" if name == "app" else name)

    def make_router(self, router, _uses):
        return [f"{router.name} = []"]

    def mount_lines(self, name, mount, child):
        prefix = mount.prefix.lstrip("/") + "/" if mount.prefix else ""
        return [f'{name}.append(path("{prefix}", include({child})))']

    def route_lines(self, router, route):
        name, method = route.handler.replace("/", "_"), route.method.lower()
        where = self.spell(route.path).lstrip("/")
        where = self.constant(name, where) if route.style == "constant" else f'"{where}"'
        arguments = ["request", "id"] if "{id}" in route.path else ["request"]
        guards = [f"@{self.guard(it)}" for it in route.guards]
        body = [f'    note("{route.handler}")', '    return JsonResponse({"ok": True})']
        only = f'@require_http_methods(["{route.method}"])'
        if route.style in ("view", "inherited", "decorated"):
            return self.view_lines(router, route, where, method, arguments)
        if route.style in ("loop", "table"):
            return self.loop_lines(router, route, name, [only, *guards])
        if route.style == "inside":
            asks = ['    if not read_user(request.headers.get("Authorization")):', "        raise PermissionDenied"]
            body = [*asks, *body]
        if route.style == "wrapped":
            view = name
            for guard in reversed(route.guards):
                view = f"{self.guard(guard)}({view})"
            return [only, f"def {name}({', '.join(arguments)}):", *body, "", f"{router}.append(path({where}, {view}))"]
        head = [only, *guards] if self.rng.random() < 0.5 else [*guards, only]
        return [*head, f"def {name}({', '.join(arguments)}):", *body, "", f"{router}.append(path({where}, {name}))"]

    def view_lines(self, router, route, where, method, arguments):
        """A class: guards are classes before `View`, decorators of `dispatch`, or of the method."""
        name = "View" + route.handler.replace("/", "_")
        roles = [it for it in route.guards if it.kind in ROLES]
        own = [f"    def {method}(self, {', '.join(arguments)}):", f'        note("{route.handler}")', '        return JsonResponse({"ok": True})']
        decorators = [f"    @method_decorator({self.guard(it)})" for it in roles]
        mixins = [f"{it.name}_mixin" for it in route.guards if it.kind not in ROLES]
        mixins = list(dict.fromkeys(mixins))
        if route.style == "decorated":
            guards = [f'@method_decorator({self.guard(it)}, name="dispatch")' for it in route.guards]
            lines = [*guards, f"class {name}(View):", *own]
        elif route.style == "inherited":
            lines = [f"class Base{name}({', '.join([*mixins, 'View'])}):", "    pass", "", f"class {name}(Base{name}):", *decorators, *own]
        elif self.rng.random() < 0.3:
            # What comes behind `View` is never asked.
            lines = [f"class {name}({', '.join(['View', *mixins])}):", *decorators, *own]
        else:
            lines = [f"class {name}({', '.join([*mixins, 'View'])}):", *decorators, *own]
        return [*lines, "", f"{router}.append(path({where}, {name}.as_view()))"]

    def loop_lines(self, router, route, name, decorators):
        make = [
            f"def make_{name}(turn):",
            *[f"    {it}" for it in decorators],
            "    def view(request):",
            f'        note(f"{route.handler}-{{turn}}")',
            '        return JsonResponse({"ok": True})',
            "    return view",
            "",
        ]
        where = route.path.lstrip("/")
        turns = ", ".join(f'"{it}"' for it in route.turns)
        if route.style == "loop":
            return [*make, f"for turn in ({turns}):", f'    {router}.append(path(f"{where}/{{turn}}", make_{name}(turn)))']
        return [*make, f'{router} += [path("{where}/" + turn, make_{name}(turn)) for turn in [{turns}]]']


MANAGE = """
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

from django.core.management import execute_from_command_line

execute_from_command_line()
"""
