"""How each framework is sent a request, and what it says its routes are."""

import importlib

UNASKED = {"HEAD", "OPTIONS"}


def flask(_folder):
    app = importlib.import_module("app").app
    app.testing = False
    client = app.test_client()
    listed = [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - UNASKED)
        if rule.endpoint != "static"
    ]
    return (lambda method, path, headers: client.open(path, method=method, headers=headers)), listed


def fastapi(_folder):
    from fastapi.routing import APIRoute
    from fastapi.testclient import TestClient

    app = importlib.import_module("app").app
    client = TestClient(app, raise_server_exceptions=False)
    listed = [(method, it.path) for it in app.routes if isinstance(it, APIRoute) for method in sorted(it.methods)]
    return (lambda method, path, headers: client.request(method, path, headers=headers)), listed


ADAPTERS = {"flask": flask, "fastapi": fastapi}
