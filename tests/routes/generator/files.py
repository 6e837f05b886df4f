"""The files of one app, and which lines of them belong to which guard."""

import textwrap


class Files:
    def __init__(self):
        self.texts = {}
        # Name of a guard: file, first and last line of each of its texts.
        self.guards = {}

    def add(self, path, text, guard=None):
        """Puts text at the end of a file; a guard's lines are remembered."""
        text = textwrap.dedent(text).strip("\n") + "\n\n"
        before = self.texts.get(path, "")
        self.texts[path] = before + text
        if guard:
            first = before.count("\n") + 1
            self.guards.setdefault(guard, []).append((path, first, first + text.count("\n") - 2))

    def put_first(self, path, text):
        """For files without guards: lines that were found necessary later."""
        self.texts[path] = text + self.texts.get(path, "")

    def write(self, folder):
        for path, text in self.texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.rstrip("\n") + "\n", newline="\n")
