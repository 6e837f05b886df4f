"""Runs the apps of one framework and tells what ran for each request. As `node.mjs` does."""

import importlib
import json
import logging
import os
import sys
import traceback
import warnings

import jwt
from adapters import ADAPTERS

os.environ["JWT_SECRET"] = "a secret of this test, long enough to sign with"
os.environ["API_KEY"] = "key-of-this-test"


def headers(role, secret, key):
    token = jwt.encode({"sub": "7", "id": 7, "role": role}, secret, algorithm="HS256")
    return {"Authorization": f"Bearer {token}", "X-Api-Key": key}


FRIENDS = [os.environ["JWT_SECRET"], os.environ["API_KEY"]]
VARIANTS = {
    "nobody": {},
    "forged": headers("admin", "another secret that nobody should trust", "another-key"),
    "user": headers("user", *FRIENDS),
    "editor": headers("editor", *FRIENDS),
    "admin": headers("admin", *FRIENDS),
}


def main(task, result):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with open(task, encoding="utf-8") as file:
        given = json.load(file)
    with open(result, "w", encoding="utf-8") as file:
        json.dump([run(ADAPTERS[given["framework"]], it) for it in given["apps"]], file)


def run(adapter, app):
    before = set(sys.modules)
    sys.path.insert(0, app["folder"])
    importlib.invalidate_caches()
    try:
        send, listed = adapter(app["folder"])
        entries = importlib.import_module("journal").ENTRIES
        answers = []
        for request in app["requests"]:
            noted = {}
            for variant, sent in VARIANTS.items():
                entries.clear()
                send(request["method"], request["path"], sent)
                noted[variant] = list(entries)
            answers.append(noted)
        return {"listed": listed, "answers": answers, "error": ""}
    except Exception:
        return {"listed": None, "answers": [], "error": f"{app['folder']}: {traceback.format_exc()}"}
    finally:
        sys.path.remove(app["folder"])
        for name in set(sys.modules) - before:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(app["folder"]):
                del sys.modules[name]


if __name__ == "__main__":
    main(*sys.argv[1:])
