"""Runs every program below a folder with one input, and says which commands reached a shell in which program.

python3 run.py FOLDER INPUT → {program: {"commands": […], "error": "…"}}
"""

import asyncio
import importlib
import inspect
import io
import json
import os
import subprocess
import sys
import traceback
import types

folder, given = sys.argv[1:3]
handlers, commands = [], []
sys.dont_write_bytecode = True


def record(command, *others, **options):
    commands.append(str(command))
    return ""


os.system = record
os.popen = lambda command: record(command) or io.StringIO()
subprocess.getoutput = record


class Anything(dict):
    """Whatever is asked for is the input."""

    def __getitem__(self, key):
        return given

    def get(self, key, default=None):
        return given


class Flask:
    """Stands in for the web framework: remembers the handlers of the program that is being loaded."""

    def __init__(self, name):
        self.get = self.post = self.route

    def route(self, path, methods=None):
        def keep(function):
            handlers.append(function)
            return function

        return keep


flask = types.ModuleType("flask")
flask.Flask = Flask
flask.request = types.SimpleNamespace(
    args=Anything(), form=Anything(), values=Anything(), headers=Anything(), cookies=Anything(), json=Anything()
)
flask.request.get_json = Anything
sys.modules["flask"] = flask


def run(program):
    handlers.clear()
    commands.clear()
    sys.path.insert(0, os.path.join(folder, program))
    error = ""
    try:
        importlib.import_module("server")
        handler = handlers[0]
        result = handler(given) if inspect.signature(handler).parameters else handler()
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except Exception:
        error = traceback.format_exc()
    sys.path.pop(0)
    own = [name for name, it in sys.modules.items() if (getattr(it, "__file__", None) or "").startswith(folder)]
    for name in own:
        del sys.modules[name]
    return {"commands": list(commands), "error": error}


output, sys.stdout = sys.stdout, io.StringIO()
json.dump({name: run(name) for name in sorted(os.listdir(folder))}, output)
