"""Writes programs, runs them, and runs the checker over them."""

import json
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .program import Program

RUNTIME = Path(__file__).parent.parent / "runtime"

# No character of it may be lost on the way: what is left without `;$(|&` would be harmless.
MARKER = ";zq'$(id)|&`zq"

# Several, where the input could decide which way a program goes.
INPUTS = [MARKER, f"12{MARKER}", f"alpha{MARKER}omega", f" /safe/{MARKER} "]

RULE = "command-injection"


def write_programs(language, count, seed, steps, folder):
    """One folder for each program; every second one is made so that the marker cannot arrive."""
    root = folder / "programs"
    shutil.rmtree(root, ignore_errors=True)
    programs = {}
    for number in range(count):
        rng = random.Random(f"{language.name} {seed} {number}")
        program = Program(language, rng, is_safe=number % 2 == 1, steps=steps)
        name = f"p{number:04}"
        programs[name] = program
        for path, text in program.files().items():
            path = root / name / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return programs


def run_programs(language, folder):
    """By program: whether the marker arrived with any input, and the first error."""
    if language.name == "javascript":
        stub = folder / "node_modules" / "express"
        stub.mkdir(parents=True, exist_ok=True)
        shutil.copy(RUNTIME / "express.cjs", stub / "index.js")
        command = ["node", RUNTIME / "run.cjs"]
    else:
        command = [sys.executable, RUNTIME / "run.py"]

    def run(given):
        done = subprocess.run([*command, folder / "programs", given], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stderr}")
        return json.loads(done.stdout)

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(run, INPUTS))
    return {
        name: {
            "reached": any(MARKER in command.lower() for it in runs for command in it[name]["commands"]),
            "error": next((it[name]["error"] for it in runs if it[name]["error"]), ""),
        }
        for name in runs[0]
    }


def check(checker, folder):
    """The programs in which the rule reports something."""
    command = [checker, "check", "--root", folder, "--format", "jsonl", "--exit-zero", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the checker failed: {done.stderr}")
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    return {it["file"].split("/")[0] for it in findings if it["rule"] == RULE}
