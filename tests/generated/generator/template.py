"""Fills in templates: `$in`, `$out`, fresh names, and choices written `«this|that»`."""

import re

PLACEHOLDER = re.compile(r"\$(in|out|clean|rest|run|[fCvksnm]\d)")
CHOICE = re.compile(r"«(.*?)»", re.DOTALL)


def choose(text, rng):
    return CHOICE.sub(lambda it: rng.choice(it[1].split("|")), text)


def placeholders(text):
    return {it[1] for it in PLACEHOLDER.finditer(text)}


def fill(text, lookup):
    return PLACEHOLDER.sub(lambda it: lookup(it[1]), text)


def fill_rest(text, rest_lines):
    """Puts lines where `$rest` stands, as deep as it stands."""
    lines = []
    for line in text.split("\n"):
        if line.strip() == "$rest":
            indent = line[: len(line) - len(line.lstrip())]
            lines.extend(indent + it if it else it for it in rest_lines())
        else:
            lines.append(line)
    return "\n".join(lines)
