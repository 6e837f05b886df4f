"""Source files as trees of plain nodes, and the places of a report in them.

The parsers are tree-sitter's: nothing of the checker is used here, so that a fault of its parsers, of its places or of
its flow shows as a step that cannot be replayed.
"""

import re

import tree_sitter
import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript

LANGUAGES = {
    "javascript": tree_sitter.Language(tree_sitter_javascript.language()),
    "python": tree_sitter.Language(tree_sitter_python.language()),
    "typescript": tree_sitter.Language(tree_sitter_typescript.language_typescript()),
    "tsx": tree_sitter.Language(tree_sitter_typescript.language_tsx()),
}
ENDINGS = {
    "py": "python", "pyi": "python",
    "js": "javascript", "jsx": "javascript", "mjs": "javascript", "cjs": "javascript",
    "ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx",
}
# What stands around an expression without changing it.
WRAPPERS = {"parenthesized_expression", "expression_statement", "as_expression", "satisfies_expression",
            "non_null_expression", "template_substitution", "interpolation", "type_assertion", "block", "statement_block",
            "module", "program", "with_item", "with_clause", "required_parameter", "optional_parameter",
            "as_pattern_target", "formal_parameters", "lambda_parameters", "dotted_name", "pair"}


class Node:
    """One node of a tree: its type, its range in bytes, its children and its name in its parent."""

    __slots__ = ("type", "start", "end", "parent", "kids", "field", "op", "file", "order")

    def __init__(self, type_, start, end, parent, field, file):
        self.type, self.start, self.end, self.parent, self.field, self.file = type_, start, end, parent, field, file
        self.kids, self.op = [], None

    def get(self, field):
        return next((it for it in self.kids if it.field == field), None)

    def all(self, field):
        return [it for it in self.kids if it.field == field]

    @property
    def text(self):
        return self.file.bytes[self.start:self.end].decode("utf-8", "replace")

    def ancestors(self):
        at = self.parent
        while at is not None:
            yield at
            at = at.parent

    def holds(self, other):
        return self.file is other.file and self.start <= other.start and other.end <= self.end

    def walk(self):
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.kids))

    def __repr__(self):
        return f"{self.type} {self.file.path}:{self.file.line(self.start)} {self.text[:50]!r}"


class File:
    """A source file: its text, its tree, and its nodes by range."""

    def __init__(self, path, data):
        self.path = path
        self.language = ENDINGS.get(path.rsplit(".", 1)[-1].lower(), "javascript")
        self.text = decode(data, self.language)
        self.bytes = self.text.encode("utf-8", "replace")
        self.units = self.text.encode("utf-16-le", "replace")
        self.is_ascii = len(self.bytes) * 2 == len(self.units)
        self.root = self.parse(self.language)
        self.by_range = {}
        for node in self.root.walk():
            self.by_range.setdefault((node.start, node.end), []).append(node)

    def parse(self, language):
        tree = tree_sitter.Parser(LANGUAGES[language]).parse(self.bytes)
        if language == "javascript" and tree.root_node.has_error:
            # Types and decorators in a file that says it is JavaScript.
            typed = tree_sitter.Parser(LANGUAGES["tsx"]).parse(self.bytes)
            tree = tree if typed.root_node.has_error else typed
        return convert(tree, self)

    def line(self, offset):
        return self.bytes.count(b"\n", 0, offset) + 1

    def offset(self, units):
        """A place of the report, in UTF-16 units, as an offset into the bytes."""
        return units if self.is_ascii else len(self.units[:units * 2].decode("utf-16-le", "replace").encode("utf-8"))

    def node_at(self, start, end):
        """The outermost node of a range that is neither a statement around it nor a bracket."""
        start, end = self.offset(start), self.offset(end)
        while True:
            found = self.by_range.get((start, end))
            if found:
                return max(found, key=lambda it: (it.type not in WRAPPERS, -depth(it)))
            inner = self.bytes[start:end]
            if inner[:1] in b" \t\r\n" and inner:
                start += 1
            elif inner[-1:] in b" \t\r\n;," and inner:
                end -= 1
            elif inner[:1] == b"(" and inner[-1:] == b")":
                start, end = start + 1, end - 1
            else:
                return self.several_at(start, end)

    def several_at(self, start, end):
        """Neighbors without a node of their own: what an f-string or an implicit tuple is made of."""
        around = [it for it in self.root.walk() if it.start <= start and end <= it.end]
        innermost = min(around, key=lambda it: it.end - it.start, default=None)
        if innermost is None or innermost.end - innermost.start > 2 * (end - start) + 80:
            return None
        inside = [it for it in innermost.kids if it.start >= start and it.end <= end]
        return innermost if inside and inside[0].start == start and inside[-1].end == end else None


def depth(node):
    return sum(1 for _ in node.ancestors())


def decode(data, language):
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if language == "python":
        cookie = re.search(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", b"\n".join(data.split(b"\n", 2)[:2]), re.M)
        if cookie and cookie[1].lower().replace(b"_", b"-") in (b"latin-1", b"iso-8859-1", b"latin1"):
            return data.decode("latin-1")
    return data.decode("utf-8", "replace")


def convert(tree, file):
    """The named nodes of a tree as `Node`s; of the others only operators are kept, by name."""
    cursor = tree.walk()
    root = Node(tree.root_node.type, tree.root_node.start_byte, tree.root_node.end_byte, None, None, file)
    order = 0
    root.order = 0
    if not cursor.goto_first_child():
        return root
    path = [root]
    while True:
        it, parent = cursor.node, path[-1]
        made = None
        if it.is_named and it.type != "comment":
            order += 1
            made = Node(it.type, it.start_byte, it.end_byte, parent, cursor.field_name, file)
            made.order = order
            parent.kids.append(made)
        elif cursor.field_name == "operator" or it.type in ("async", "static", "get", "set", "*"):
            parent.op = parent.op or it.type
        if made is not None and cursor.goto_first_child():
            path.append(made)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return root
            path.pop()
            if not path:
                return root
