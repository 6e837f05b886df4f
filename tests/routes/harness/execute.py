"""Runs the checker, and the apps with the real framework."""

import json
import re
import subprocess

# Keys of the matrix that a running app can confirm.
COLUMNS = ("auth", "role")


def matrix(checker, folder):
    command = [checker, "routes", "--root", folder, "--format", "json", "--allow-empty", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the checker failed on {folder}: {done.stderr}")
    return json.loads(done.stdout)["routes"]


def run_apps(place, framework, apps):
    """Puts into each app what its requests noted, by method and path; one process for all."""
    task = {"framework": framework, "apps": []}
    for app in apps:
        told = [(it["method"], it["path"]) for it in app["matrix"]]
        known = [(method, path) for method, path, _ in app["routes"]]
        app["asked"] = sorted(set(known + [it for it in told if "{?}" not in it[1]]))
        requests = [{"method": "GET" if it[0] == "ANY" else it[0], "path": concrete(it[1])} for it in app["asked"]]
        task["apps"].append({"folder": str(app["folder"]), "requests": requests})
    folder = place.apps / framework
    given, made = folder / "task.json", folder / "result.json"
    given.write_text(json.dumps(task))
    done = subprocess.run([*place.command, given, made], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{place.command[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    for app, result in zip(apps, json.loads(made.read_text())):
        app["error"] = result["error"]
        app["listed"] = result["listed"]
        app["noted"] = dict(zip(app["asked"], result["answers"]))


def concrete(path):
    """A path of a request: parameters get a value."""
    path = re.sub(r"<[^>]*>|\{[^}]*\}|:\w+", "7", path)
    return path if path.startswith("/") else f"/{path}"
