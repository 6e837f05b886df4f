"""Compares what ran with what the matrix says."""

from collections import Counter

from .execute import COLUMNS

# Whose requests a guard must refuse, and whose it may let through.
STRANGERS = ("nobody", "forged")
FRIENDS = ("user", "editor", "admin")


class Comparison:
    def __init__(self, apps):
        self.count = Counter()
        self.wrong = []
        self.errors = []
        for app in apps:
            if app["error"]:
                self.errors.append(f"p{app['number']:03}: {app['error']}")
            else:
                self.compare(app)

    def compare(self, app):
        told = {}
        for row in app["matrix"]:
            told.setdefault((row["method"], trimmed(row["path"])), []).append(row)
        known = {(method, trimmed(path)) for method, path, _ in app["routes"]}
        listed = app["listed"]
        if listed is not None and {(method, trimmed(path)) for method, path in listed} != known:
            odd = sorted({(method, trimmed(path)) for method, path in listed} ^ known)
            self.errors.append(f"p{app['number']:03}: the framework's list of routes differs by {odd[:4]}")
        for method, path, handler in app["routes"]:
            self.count["routes"] += 1
            rows = told.get((method, trimmed(path)), [])
            faults = self.faults_of_route(app, app["noted"][method, path], handler, rows)
            if faults:
                self.wrong.append((app["number"], method, path, faults))
        for method, path in sorted(set(told) - known):
            self.count["invented"] += 1
            self.wrong.append((app["number"], method, path, ["invented"]))

    def faults_of_route(self, app, noted, handler, rows):
        truth = verdicts(noted, handler)
        if len(rows) != 1:
            return ["no such row" if not rows else "several rows"]
        self.count["found"] += 1
        if truth is None:
            self.count["unreached"] += 1
            return []
        row, faults = rows[0], []
        for column in COLUMNS:
            said = row["guards"][column]
            said = "absent" if said == "optional" else said
            self.count["cells"] += 1
            self.count[f"{column} {truth[column]}"] += 1
            if said == "unknown":
                self.count["unknown"] += 1
            elif said != truth[column]:
                self.count[f"wrongly {said}"] += 1
            if said != truth[column]:
                faults.append(f"{column} is {truth[column]}, not {said}")
        return faults or self.faults_of_evidence(app, noted, handler, row)

    def faults_of_evidence(self, app, noted, handler, row):
        """A proof that lies in a guard lies in one that refused somebody."""
        refused = {"auth": refusing(noted, STRANGERS, handler), "role": refusing(noted, FRIENDS, handler)}
        faults = []
        for evidence in row["evidence"]:
            if evidence["guard"] not in refused:
                continue
            for name, texts in app["guards"].items():
                stands_there = any(
                    evidence["file"] == file and first <= evidence["line"] <= last for file, first, last in texts
                )
                if stands_there and name not in refused[evidence["guard"]]:
                    self.count["wrong proof"] += 1
                    faults.append(f"{evidence['guard']} is not proven by {name}")
        return faults

    def share(self, name, of):
        return self.count[name] / max(1, self.count[of])

    def exact(self):
        missed = sum(1 for it in self.wrong if it[3] != ["invented"])
        return 1 - missed / max(1, self.count["routes"])

    def print(self, options):
        count = self.count
        print(
            f"{options.framework}: {count['routes']} routes, {self.exact():.1%} exact, found {self.share('found', 'routes'):.1%}, "
            f"unknown {self.share('unknown', 'cells'):.1%}, wrongly present {count['wrongly present']}, "
            f"wrongly absent {count['wrongly absent']}, wrong proof {count['wrong proof']}, invented {count['invented']}, "
            f"not reached {count['unreached']}"
        )
        print("  " + ", ".join(f"{name}: {count[name]}" for name in sorted(count) if name.split(" ")[0] in COLUMNS))
        for error in self.errors:
            print(f"  ERROR {error}")
        numbers = sorted({it[0] for it in self.wrong})
        for number in numbers:
            print(f"  wrong in p{number:03}: python3 tests/routes/run.py --checker {options.checker} "
                  f"--framework {options.framework} --seed {options.seed} --only {number} --verbose")
        for number, method, path, faults in self.wrong if options.verbose else ():
            print(f"    p{number:03} {method} {path}: {'; '.join(faults)}")

    def faults(self, floors):
        faults = list(self.errors)
        if self.exact() < floors["exact"] / 100:
            faults.append(f"less than {floors['exact']} % of the routes are exact")
        if self.share("unknown", "cells") > floors["unknown"] / 100:
            faults.append(f"more than {floors['unknown']} % are unknown")
        for name in ("wrongly present", "invented"):
            if self.count[name] > floors.get(name, 0):
                faults.append(f"{name}: {self.count[name]}")
        if self.share("unreached", "routes") > 0.2:
            faults.append("the generator makes too many routes that nobody can reach")
        return faults


def verdicts(noted, handler):
    """What held for the handler; nothing if nobody reached it."""
    ran = {who: handler in names for who, names in noted.items()}
    if not any(ran[it] for it in FRIENDS):
        return None
    is_open = any(ran[it] for it in STRANGERS)
    is_for_all = is_open or all(ran[it] for it in FRIENDS)
    return {"auth": "absent" if is_open else "present", "role": "absent" if is_for_all else "present"}


def refusing(noted, who, handler):
    """The guards that were the last to run for those who did not get to the handler, with what ran before them."""
    return {names[-1] for it in who for names in [noted[it]] if names and handler not in names}


def trimmed(path):
    return path.rstrip("/") or "/"
