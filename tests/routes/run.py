"""Writes small apps, lets the checker tell their routes and guards, runs them with the real framework, and compares.

python3 tests/routes/run.py --checker target/debug/backend-specialist --framework express

Exit code 0: the figures hold; 1: they do not; README.md says which.
"""

import argparse
import json
import random
import shutil
import sys
from pathlib import Path

from generator import FRAMEWORKS
from harness.compare import Comparison
from harness.execute import matrix, run_apps
from harness.install import install

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "target" / "routes"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checker", required=True, help="the program to test")
    parser.add_argument("--framework", choices=sorted(FRAMEWORKS), required=True)
    parser.add_argument("--count", type=int, default=10, help="how many apps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one app of them, by its number")
    parser.add_argument("--verbose", action="store_true", help="tell each route that is wrong")
    options = parser.parse_args()

    place = install(TARGET, FRAMEWORKS[options.framework].runtime)
    if place is None:
        return 0
    numbers = range(options.count) if options.only is None else [options.only]
    apps = write_apps(options.framework, options.seed, numbers, place.apps / options.framework)
    for app in apps:
        app["matrix"] = matrix(options.checker, app["folder"])
    run_apps(place, options.framework, apps)
    comparison = Comparison(apps)
    comparison.print(options)
    floors = json.loads((HERE / "floors.json").read_text())[options.framework]
    faults = comparison.faults(floors)
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


def write_apps(framework, seed, numbers, folder):
    """Each app is the same for the same seed and number, whatever others are written."""
    apps = []
    for number in numbers:
        app = FRAMEWORKS[framework](random.Random(f"{framework} {seed} {number}"))
        path = folder / f"p{number:03}"
        shutil.rmtree(path, ignore_errors=True)
        files = app.write()
        files.write(path)
        apps.append({"number": number, "folder": path, "routes": app.routes(), "guards": files.guards})
    return apps


if __name__ == "__main__":
    sys.exit(main())
