"""Generates programs, runs them, lets the checker read them, and compares.

python3 tests/generated/run.py --checker target/debug/backend-specialist --language javascript

Exit code 0: the figures hold; 1: they do not; README.md says which.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from generator.compare import Comparison
from generator.execute import check, run_programs, write_programs
from generator.javascript import JavaScript
from generator.python import Python

LANGUAGES = {"javascript": JavaScript, "python": Python}

# Of the programs in which the marker reaches the sink, how many are reported at least; of those made so that it
# cannot, how many at most.
REPORTED_MIN = 0.98
SPURIOUS_MAX = 0.02
# Programs made so that the marker arrives, and it does not: a fault of the generator.
LOST_MAX = 0.02


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checker", required=True, help="the program to test")
    parser.add_argument("--language", choices=sorted(LANGUAGES), required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, help="features in a row (by default two to six)")
    parser.add_argument("--folder", type=Path, help="where to leave the programs")
    parser.add_argument("--verbose", action="store_true", help="name the programs that fail")
    options = parser.parse_args()
    if options.folder:
        return test(options, options.folder)
    with tempfile.TemporaryDirectory() as folder:
        return test(options, Path(folder))


def test(options, folder):
    language = LANGUAGES[options.language]()
    folder = folder.resolve()
    programs = write_programs(language, options.count, options.seed, options.steps, folder)
    results = run_programs(language, folder)
    reported = check(options.checker, folder / "programs")
    comparison = Comparison(programs, results, reported)
    comparison.print(options.verbose)
    faults = comparison.faults(REPORTED_MIN, SPURIOUS_MAX, LOST_MAX)
    faults += alone_differs(options, folder / "programs", reported)
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


def alone_differs(options, folder, reported):
    """Programs do not influence each other: some of them, checked alone."""
    faults = []
    for program in sorted(folder.iterdir())[:: max(1, options.count // 8)]:
        alone = bool(check(options.checker, program))
        if alone != (program.name in reported):
            faults.append(f"{program.name} alone is {'' if alone else 'not '}reported, among others it is the opposite")
    return faults


if __name__ == "__main__":
    sys.exit(main())
