"""Reads features: small pieces of code through which a value goes, or in which it gets lost.

A file of features is text. `## name (words)` begins a feature, `--- section` a part of it; README.md says what
sections and words mean. Files are read in order of their names, so that a seed always gives the same programs.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

HEADING = re.compile(r"## (.+?)(?: \((.*)\))?$")

SECTIONS = {"top", "flow", "safe", "empty", "read", "misread"}


@dataclass(frozen=True)
class Variant:
    """One way of writing a feature: declarations at the top of some module, and statements."""

    body: str
    top: str = ""


@dataclass
class Feature:
    name: str
    group: str
    words: frozenset
    flow: list = field(default_factory=list)
    safe: list = field(default_factory=list)
    # Only of features that pack: a clean value of the same shape, and ways in and out.
    empty: str = ""
    read: list = field(default_factory=list)
    misread: list = field(default_factory=list)

    @property
    def packs(self):
        return bool(self.read)


def read_folder(folder: Path):
    """All features of a language, by group (the file's name)."""
    groups = {}
    for path in sorted(folder.glob("*.txt")):
        groups[path.stem] = list(read_file(path))
    return groups


def read_file(path: Path):
    feature, section, lines, top = None, None, [], ""

    def close():
        nonlocal top
        text = "\n".join(lines).strip("\n")
        if feature is None or section is None:
            return
        if section == "top":
            top = text
        elif section == "empty":
            feature.empty = text
        else:
            getattr(feature, section).append(Variant(text, top))

    for line in path.read_text().split("\n"):
        heading = HEADING.match(line)
        if heading:
            close()
            if feature:
                yield feature
            words = frozenset((heading[2] or "").replace(",", " ").split())
            feature, section, lines, top = Feature(heading[1], path.stem, words), None, [], ""
        elif line.startswith("--- "):
            close()
            section, lines = line[4:].strip(), []
            if section not in SECTIONS:
                raise ValueError(f"{path}: unknown section {section!r}")
        else:
            lines.append(line)
    close()
    if feature:
        yield feature
