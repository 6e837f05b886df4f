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


def django(_folder):
    import django
    from django.conf import settings
    from django.test import Client, override_settings

    own = importlib.import_module("settings")
    known = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    if not settings.configured:
        settings.configure(**known)
        django.setup()
    # For as long as the next app does not say otherwise.
    override_settings(**known).enable()
    client = Client(raise_request_exception=False)

    def send(method, path, headers):
        return client.generic(method, path, headers=headers)

    return send, None


ADAPTERS = {"django": django, "fastapi": fastapi, "flask": flask}
