"""Proves that the replay can fail: `mutate.py [--seed N] [--list] REPORT.json ROOT [REPORT.json ROOT …]`.

Flows that hold are changed, one step at a time, and replayed: a step is left out, is moved to a line next to it, to
another expression of the same file, or to another file. The text of a changed step is always what stands there, so that
only the step rules can refuse it. Prints how many of each sort were refused.
"""

import argparse
import collections
import copy
import json
import random

from program import Project
from replay import check, flows, run, show
from scopes import MEMBERS, NAMES
from steps import Replay

EXPRESSIONS = NAMES | MEMBERS | {"call_expression", "call", "binary_expression", "binary_operator", "string",
                                 "template_string", "object", "dictionary"}
# Each step is changed this often in each way that is chosen by chance.
TRIES = 2


def place(file, node):
    """A step's place as the report writes it, of a node."""
    def position(offset):
        before = file.bytes[:offset].decode("utf-8", "replace")
        units = len(before.encode("utf-16-le")) // 2
        last = before.rfind("\n") + 1
        column = len(before[last:].encode("utf-16-le")) // 2 + 1
        return {"line": before.count("\n") + 1, "column": column, "offset": units}
    return {"range": {"start": position(node.start), "end": position(node.end)}, "file": file.path,
            "text": " ".join(node.text.split())}


def expressions(replay, file):
    return [it for it in file.root.walk() if it.type in EXPRESSIONS]


def mutations(replay, flow, chance):
    """Pairs of what was changed and the changed flow."""
    files = sorted({it["file"] for it in flow} | set(chance.sample(replay.project.paths, min(2, len(replay.project.paths)))))
    for number, step in enumerate(flow):
        if len(flow) > 1:
            yield "left out", number, flow[:number] + flow[number + 1:]
        file = replay.project.file(step["file"])
        others = [it for it in expressions(replay, file)]
        line = step["range"]["start"]["line"]
        near = [it for it in others if file.line(it.start) in (line - 1, line + 1)]
        elsewhere = [(it, node) for it in (replay.project.file(path) for path in files if path != step["file"])
                     if it is not None for node in expressions(replay, it)[:200]]
        for sort, nodes in (("next line", [(file, it) for it in near]), ("another expression", [(file, it) for it in others]),
                            ("another file", elsewhere)):
            for where, node in chance.sample(nodes, min(TRIES, len(nodes))):
                changed = copy.deepcopy(flow)
                changed[number].update(place(where, node))
                if changed[number]["range"] != step["range"] or changed[number]["file"] != step["file"]:
                    yield sort, number, changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=0, help="percent of each sort that must be refused")
    parser.add_argument("--list", action="store_true", help="print the changed flows that hold")
    parser.add_argument("pairs", nargs="+", metavar="REPORT ROOT")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    refused, held = collections.Counter(), collections.Counter()
    for path, root in zip(args.pairs[::2], args.pairs[1::2], strict=True):
        with open(path, encoding="utf-8") as it:
            report = json.load(it)
        replay = Replay(Project(root))
        for finding in flows(report):
            if check(replay, finding) is not None:
                continue
            for sort, number, changed in mutations(replay, finding["flow"], chance):
                if check(replay, {**finding, "flow": changed}) is not None:
                    refused[sort] += 1
                    continue
                held[sort] += 1
                if args.list:
                    show(path, {**finding, "flow": changed}, number, sort + " after " + finding["flow"][number]["text"])
    weak = False
    for sort in sorted(refused | held):
        total = refused[sort] + held[sort]
        share = 100 * refused[sort] / total
        weak |= share < args.least
        print(f"{refused[sort]:6} of {total:6} refused ({share:.1f} %): {sort}")
    return 1 if weak or not refused else 0


if __name__ == "__main__":
    run(main)
