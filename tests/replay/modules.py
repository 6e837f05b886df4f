"""The files of a project: their imports and exports, and the parts of a tree that everything else asks for."""

import os

from scopes import COMPREHENSIONS, NAMES, Scopes
from source import ENDINGS, File

CALLS = {"call_expression", "call", "new_expression"}
LITERALS = {"object", "array", "dictionary", "list", "tuple", "set", "expression_list", "object_pattern"} | COMPREHENSIONS
TRANSPARENT = {"parenthesized_expression", "await_expression", "await", "as_expression", "satisfies_expression",
               "non_null_expression", "spread_element", "list_splat", "dictionary_splat", "template_substitution",
               "interpolation", "expression_statement", "jsx_expression", "type_assertion"}
# How often what leads back to itself is gone through.
ROUNDS_MAX = 6


def last_name(node):
    """The name by which something is called."""
    while node is not None and node.type in TRANSPARENT and node.kids:
        node = node.kids[-1] if node.type == "type_assertion" else node.kids[0]
    if node is None:
        return None
    if node.type in NAMES or node.type in ("property_identifier", "private_property_identifier", "type_identifier"):
        return node.text
    if node.type in ("member_expression", "attribute"):
        return (node.get("property") or node.get("attribute")).text
    return literal_text(node) if node.type == "string" else None


def literal_text(node):
    if node is None:
        return None
    if node.type == "string":
        return "".join(it.text for it in node.kids if it.type in ("string_fragment", "string_content"))
    if node.type in ("number", "integer"):
        return node.text
    return None


def field_of(member):
    """The name of the part that a member or subscript reads, if it is written there."""
    if member.type in ("subscript_expression", "subscript"):
        index = member.get("index") or member.get("subscript")
        return literal_text(index)
    return last_name(member)


def base_of(member):
    return member.get("object") or member.get("value")


def callee_of(call):
    return call.get("function") or call.get("constructor")


def arguments_of(call):
    """The values of the arguments, each with its keyword."""
    given = call.get("arguments")
    if given is None:
        return []
    if given.type in ("template_string", "generator_expression"):
        return [(None, given)]
    found = []
    for it in given.kids:
        if it.type == "keyword_argument":
            found.append((it.get("name").text, it.get("value")))
        else:
            found.append((None, it))
    return found


class Modules:
    """Files, and names across them."""

    def __init__(self, root):
        self.root = root
        self.memo, self.now, self.before, self.named_calls = {}, {}, {}, {}
        self.files, self.scopes_of, self.calls_of, self.fields_of, self.exports_of = {}, {}, {}, {}, {}
        self.paths = list_sources(root)
        self.paths_set = set(self.paths)

    def file(self, path):
        if path not in self.files:
            full = os.path.join(self.root, path)
            if not os.path.isfile(full):
                return None
            with open(full, "rb") as it:
                self.files[path] = File(path, it.read())
        return self.files[path]

    def scopes(self, file):
        if file not in self.scopes_of:
            self.scopes_of[file] = Scopes(file)
        return self.scopes_of[file]

    def calls(self, file):
        if file not in self.calls_of:
            self.calls_of[file] = [it for it in file.root.walk() if it.type in CALLS]
        return self.calls_of[file]

    def calls_named(self, file, names, function):
        """Calls by one of the names, and those of a function where it stands."""
        if file not in self.named_calls:
            table = self.named_calls[file] = {}
            for call in self.calls(file):
                table.setdefault(last_name(callee_of(call)), []).append(call)
        table = self.named_calls[file]
        found = [call for name in sorted(names) for call in table.get(name, [])]
        return found + [call for call in table.get(None, []) if callee_of(call) is not None and callee_of(call).holds(function)]

    # ---- names across files ----

    def binding(self, node):
        """What a name means, through imports."""
        scopes = self.scopes(node.file)
        found = scopes.of_node.get(node)
        if found is None and (node.type == "type_identifier" or node.parent.type == "type"):
            found = scopes.lookup(node)
        for _ in range(8):
            if found is None:
                return None
            imported = next((it for it in found.defs if it[1].kind == "import"), None)
            if imported is None:
                return found
            target = self.imported_binding(imported[0])
            if target is None:
                return found
            found = target
        return found

    def imported_binding(self, node):
        name, file = self.imported(node)
        if file is None or name is None:
            return None
        table = self.scopes(file).tables.get(file.root, {})
        exported = self.exported_name(file, name)
        return table.get(exported)

    def imported(self, node):
        """The name that an import means, and the file it is of."""
        up = node.parent if node.parent.type != "dotted_name" else node.parent.parent
        statement = up
        while statement.type not in ("import_statement", "import_from_statement"):
            statement = statement.parent
            if statement is None:
                return None, None
        source = statement.get("source")
        if source is not None:
            file = self.module(node.file, literal_text(source))
            if up.type == "import_specifier":
                return up.get("name").text, file
            return ("default" if up.type == "import_clause" else None), file
        module = statement.get("module_name")
        name = up.get("name").text if up.type == "aliased_import" else node.text
        if module is None:
            return None, self.module(node.file, name)
        inside = self.module(node.file, module.text.rstrip(".") + "." + name if module.text.strip(".") else module.text + name)
        file = self.module(node.file, module.text)
        if inside is not None:
            return None, inside
        return name, file

    def module(self, file, specifier):
        """The file that a specifier names: near the importing one, else the one whose path ends so."""
        if not specifier:
            return None
        if file.language == "python":
            level = len(specifier) - len(specifier.lstrip("."))
            wanted = specifier.lstrip(".").replace(".", "/")
            folder = os.path.dirname(file.path)
            for _ in range(max(level - 1, 0)):
                folder = os.path.dirname(folder)
            near = os.path.normpath(os.path.join(folder, wanted)).replace(os.sep, "/")
            tails = [".py", "/__init__.py"]
        else:
            wanted = specifier.removeprefix("@/").removeprefix("~/")
            near = os.path.normpath(os.path.join(os.path.dirname(file.path), wanted)).replace(os.sep, "/")
            tails = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", "/index.ts", "/index.js"]
            if near.endswith((".js", ".mjs")):
                near_typed = near.rsplit(".", 1)[0]
                tails = [""] + [it for it in tails if it]
                for tail in (".ts", ".tsx", ".mts"):
                    if near_typed + tail in self.paths_set:
                        return self.file(near_typed + tail)
        for tail in tails:
            if near + tail in self.paths_set:
                return self.file(near + tail)
        if specifier.startswith(".") and file.language != "python":
            return None
        ends = [it for it in self.paths if any(("/" + it).endswith("/" + wanted + tail) for tail in tails)]
        return self.file(min(ends, key=lambda it: (len(it), it))) if ends and wanted.strip("./") else None

    def exported_name(self, file, name):
        """The name at the top of a file behind an exported one."""
        if file.language == "python":
            return name
        for node in file.root.walk():
            if node.type == "export_specifier" and (node.get("alias") or node.get("name")).text == name:
                return node.get("name").text
            if node.type == "export_statement" and name == "default":
                given = node.get("value") or node.get("declaration")
                if given is not None and "default" in node.text[:30]:
                    named = given if given.type in NAMES else given.get("name")
                    if named is not None:
                        return named.text
        return name

    def exports(self, file, name):
        """The expressions behind an exported name; of a whole module with no name."""
        if (file, name) not in self.exports_of:
            self.exports_of[(file, name)] = self.find_exports(file, name)
        return self.exports_of[(file, name)]

    def find_exports(self, file, name):
        found = []
        for node in file.root.walk():
            if node.type == "assignment_expression":
                left = node.get("left").text.replace(" ", "")
                right = node.get("right")
                if name is not None and left in (f"exports.{name}", f"module.exports.{name}"):
                    found.append(right)
                elif left == "module.exports":
                    found.extend([right] if name in (None, "default") else self.parts_named(right, name))
            elif node.type == "export_statement" and name == "default" and node.get("value") is not None:
                found.append(node.get("value"))
        return found

    def parts_named(self, literal, name):
        """What an object literal holds under a name."""
        found = []
        for it in literal.kids if literal is not None else []:
            if it.type == "pair" and (last_name(it.get("key")) or literal_text(it.get("key"))) == name:
                found.append(it.get("value"))
            elif it.type == "shorthand_property_identifier" and it.text == name:
                found.append(it)
            elif it.type == "method_definition" and it.get("name").text == name:
                found.append(it)
            elif it.type == "keyword_argument" and it.get("name").text == name:
                found.append(it.get("value"))
        return found


def list_sources(root):
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(it for it in folders if it not in ("node_modules", ".git"))
        for name in names:
            if name.rsplit(".", 1)[-1].lower() in ENDINGS:
                found.append(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/"))
    return sorted(found)
