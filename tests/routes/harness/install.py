"""The frameworks, in pinned versions, made under `target` at the first run."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# Seconds after which another run that installs is taken for dead.
PATIENCE = 300


@dataclass
class Place:
    apps: Path
    command: list


def install(target, runtime):
    """Where apps of the runtime go and how its driver is started; nothing where it cannot be installed."""
    folder = target / runtime
    folder.mkdir(parents=True, exist_ok=True)
    lock = target / f"{runtime}.lock"
    take(lock)
    try:
        return node(folder) if runtime == "node" else python(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        # Without a network nothing can be known; the pipeline has one.
        print(f"{runtime}: the frameworks cannot be installed: {error}")
        if os.environ.get("CI"):
            raise
        return None
    finally:
        lock.rmdir()


def take(lock):
    """Tests run at the same time."""
    while True:
        try:
            return lock.mkdir()
        except FileExistsError:
            if time.time() - lock.stat().st_mtime > PATIENCE:
                lock.rmdir()
            time.sleep(0.2)


def node(folder):
    wanted = (HERE / "package-lock.json").read_text()
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        npm = shutil.which("npm") or "npm"
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "ci", *options], cwd=folder, check=True)
        stamp.write_text(wanted)
    drivers = folder / "drivers"
    drivers.mkdir(exist_ok=True)
    for name in (HERE / "drivers").glob("*.mjs"):
        replace(name, drivers / name.name)
    return Place(folder / "apps", ["node", str(drivers / "node.mjs")])


def python(folder):
    wanted = (HERE / "requirements.txt").read_text()
    environment, stamp = folder / "venv", folder / "installed.txt"
    binary = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
        subprocess.run([binary, "-m", "pip", "install", *options, "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return Place(folder / "apps", [str(binary), "-B", str(HERE / "drivers" / "python.py")])


def replace(source, target):
    """Another run may be reading the old one."""
    if not target.exists() or target.read_bytes() != source.read_bytes():
        fresh = target.with_suffix(f".{os.getpid()}")
        shutil.copy(source, fresh)
        os.replace(fresh, target)
