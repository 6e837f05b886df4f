"""Replays the flows of a report: `replay.py [--list] REPORT.json ROOT [REPORT.json ROOT …]`.

Each step of each flow must follow from the one before by a rule of `steps.py`. Prints how many flows hold, and why the
others do not; ends with 1 if one does not.
"""

import argparse
import collections
import json
import sys
import threading

from program import Project
from steps import Replay

sys.setrecursionlimit(100_000)
threading.stack_size(256 * 1024 * 1024)


def check(replay, finding):
    """Why the flow does not hold: a pair of the step's number and the reason. Nothing if it holds."""
    flow, nodes = finding["flow"], []
    for number, step in enumerate(flow):
        file = replay.project.file(step["file"])
        if file is None:
            return number, "no such file"
        start, end = step["range"]["start"], step["range"]["end"]
        written = " ".join(file.bytes[file.offset(start["offset"]):file.offset(end["offset"])].decode("utf-8", "replace").split())
        shown = step["text"].removesuffix("…")
        if not written.startswith(shown.strip()) or not shown:
            return number, "the text is another one"
        if file.line(file.offset(start["offset"])) != start["line"]:
            return number, "the line is another one"
        node = file.node_at(start["offset"], end["offset"])
        if node is None:
            return number, "no expression stands there"
        nodes.append(node)
    if flow[-1]["kind"] != "sink" or (len(flow) > 1 and flow[0]["kind"] != "source"):
        return 0, "it does not lead from a source to a sink"
    if all((it["file"], it["range"]) != (finding["file"], finding["range"]) for it in flow):
        return len(flow) - 1, "the finding is not on its way"
    why = replay.source(nodes[0])
    if why is not None:
        return 0, why
    for number in range(1, len(flow)):
        why = replay.step(flow[number - 1]["kind"], nodes[number - 1], flow[number]["kind"], nodes[number])
        if why is not None:
            return number, why
    return None


def flows(report):
    for finding in report["findings"]:
        if finding["flow"]:
            yield finding


def main():
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--list", action="store_true", help="print each flow that does not hold")
    parser.add_argument("pairs", nargs="+", metavar="REPORT ROOT")
    args = parser.parse_args()
    held, reasons = 0, collections.Counter()
    for path, root in zip(args.pairs[::2], args.pairs[1::2], strict=True):
        with open(path, encoding="utf-8") as it:
            report = json.load(it)
        replay = Replay(Project(root))
        for finding in flows(report):
            fault = check(replay, finding)
            if fault is None:
                held += 1
                continue
            reasons[fault[1]] += 1
            if args.list:
                show(path, finding, *fault)
    print(f"{held} flows hold, {sum(reasons.values())} do not")
    for reason, count in reasons.most_common():
        print(f"{count:6} {reason}")
    return 1 if reasons else 0


def show(path, finding, number, reason):
    print(f"{path}: {finding['rule']} {finding['file']}:{finding['range']['start']['line']}: step {number}: {reason}")
    for index, step in enumerate(finding["flow"]):
        mark = ">" if index == number else " "
        start = step["range"]["start"]
        print(f"   {mark} {step['kind']:9} {step['file']}:{start['line']}:{start['column']} {step['text'][:100]}")


def run(main):
    """Runs it with room for deep trees, and ends with what it gives."""
    result = []
    thread = threading.Thread(target=lambda: result.append(main()))
    thread.start()
    thread.join()
    sys.exit(result[0] if result else 2)


if __name__ == "__main__":
    run(main)
