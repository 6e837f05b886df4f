"""What the program is beyond names: modules, which call may run which function, and which objects an expression may be.

All of it is by name and place alone, without order or context: it may say too much, never that something else is there.
"""

import os

from scopes import CLASSES, COMPREHENSIONS, FUNCTIONS, MEMBERS, NAMES, Scopes, function_of, parameter_of, site_of
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


class Project:
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
        found = self.scopes(node.file).of_node.get(node)
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

    # ---- which functions, which objects ----

    def names_of(self, function):
        """The names under which a function may be called."""
        found = set()
        name = function.get("name")
        if name is not None:
            found.add(name.text)
            if name.text in ("constructor", "__init__", "__new__", "__call__", "__enter__", "__aenter__"):
                home = next((it for it in function.ancestors() if it.type in CLASSES), None)
                if home is not None and home.get("name") is not None:
                    found.add(home.get("name").text)
        up = function.parent
        while up is not None and up.type in TRANSPARENT:
            up = up.parent
        if up is not None and up.type in ("pair", "keyword_argument", "field_definition", "public_field_definition"):
            found.add(last_name(up.get("key") or up.get("name") or up.get("property")))
        if up is not None and up.type in ("assignment_expression", "assignment", "variable_declarator"):
            found.add(last_name(up.get("left") or up.get("name")))
        return found - {None}

    def may_call(self, call, function):
        """Whether a call may run the function itself, not only hand it on."""
        callee = callee_of(call)
        if callee is None:
            return False
        while callee.type in TRANSPARENT and callee.kids:
            callee = callee.kids[0]
        if callee is function or callee.holds(function) and callee.type in FUNCTIONS:
            return callee is function
        name = last_name(callee)
        if name in ("call", "apply", "bind") and callee.type in MEMBERS:
            inner = base_of(callee)
            return function in self.objects(inner) or last_name(inner) in self.names_of(function)
        if callee.type == "super":
            return function.get("name") is not None and function.get("name").text == "constructor"
        if function in self.objects(callee):
            return True
        if callee.type in MEMBERS:
            return name is not None and name in self.names_of(function)
        if callee.type in NAMES:
            binding = self.scopes(callee.file).of_node.get(callee)
            known = binding is not None and any(it[1].kind in ("function", "class") for it in binding.defs)
            classes = [it for it in self.objects(callee) if not isinstance(it, tuple) and it.type in CLASSES]
            if classes:
                return any(self.is_method_of(function, it) for it in classes)
            return not known and callee.text in self.names_of(function)
        return False

    def is_method_of(self, function, home, depth=0):
        inside = next((it for it in function.ancestors() if it.type in CLASSES), None)
        if inside is home:
            return True
        return depth < 6 and any(self.is_method_of(function, it, depth + 1) for it in self.bases(home))

    def bases(self, home):
        heads = [it for it in home.kids if it.type in ("class_heritage", "argument_list")]
        found = []
        for head in heads:
            for node in head.walk():
                if node.type in NAMES:
                    found += [it for it in self.objects(node) if not isinstance(it, tuple) and it.type in CLASSES]
        return [it for it in found if it is not home]

    def hands_on(self, call, function):
        """Whether a call is given the function, alone or inside an object, to be run by what it calls."""
        for _, value in arguments_of(call):
            if value.holds(function) and function_of_value(value, function):
                return True
            if function in self.objects(value):
                return True
        callee = callee_of(call)
        receiver = base_of(callee) if callee is not None and callee.type in MEMBERS else None
        return receiver is not None and function in self.objects(receiver)

    def objects(self, node):
        """The objects and functions that an expression may be: the places that make them, and the names that hold them.

        What leads back to itself is gone through again until nothing is added.
        """
        if node not in self.memo:
            before = {}
            for _ in range(ROUNDS_MAX):
                self.before, self.now = before, {}
                self.look(node)
                if all(before.get(it) == found for it, found in self.now.items()):
                    break
                before = self.now
            self.memo.update(self.now)
        return self.memo[node]

    def look(self, node):
        if node in self.memo:
            return self.memo[node]
        if node in self.now:
            return self.now[node]
        if node is None:
            return frozenset()
        self.now[node] = self.before.get(node, frozenset())
        self.now[node] = frozenset(self.find_objects(node))
        return self.now[node]

    def find_objects(self, node):
        kind = node.type
        if kind in TRANSPARENT:
            return self.look_all(node.kids)
        if kind in LITERALS or kind in FUNCTIONS or kind in CLASSES or kind == "class":
            return {node}
        if kind in NAMES or kind == "type_identifier":
            return self.look_name(node)
        if kind in ("this", "super"):
            return self.look_this(node)
        if kind in CALLS:
            return self.look_call(node)
        if kind in MEMBERS:
            return self.look_member(node)
        if kind in ("ternary_expression", "conditional_expression", "binary_expression", "boolean_operator",
                    "assignment_expression", "named_expression", "sequence_expression", "binary_operator"):
            return self.look_all(node.kids)
        return {node}

    def look_all(self, nodes):
        found = set()
        for it in nodes:
            found |= self.look(it)
        return found

    def look_name(self, node):
        binding = self.binding(node)
        if binding is None:
            return set()
        found = {("name", binding)}
        key = ("all", binding)
        if key in self.now:
            return self.now[key]
        self.now[key] = self.before.get(key, frozenset())
        for definition, site in binding.defs:
            if site.kind in ("function", "class"):
                found.add(site.construct)
            elif site.kind == "import":
                name, file = self.imported(definition)
                if file is not None:
                    found |= {("module", file)} if name is None else set()
                    found |= self.look_all(self.exports(file, name or "default"))
            elif site.kind == "param":
                found |= self.look_parameter(definition, site.construct)
            elif site.kind in ("declare", "assign", "with", "augment"):
                value = site.value
                if value is not None and value is not site.construct:
                    found |= self.look(value)
                if definition.parent.type in ("pair_pattern", "object_pattern", "object_assignment_pattern"):
                    found.add(("field", key_of_pattern(definition)))
                    found |= self.fields(value, key_of_pattern(definition))
            elif site.kind == "catch":
                throws = ("throw_statement", "raise_statement")
                found |= self.look_all([it.kids[0] for it in binding.file.root.walk() if it.type in throws and it.kids])
            elif site.kind == "each":
                found |= self.look(site.value) | self.fields(site.value, None)
        self.now[key] = frozenset(found)
        return found

    def look_parameter(self, node, function):
        """What calls in the files at hand give."""
        found = set()
        home = class_of_method(function)
        if home is not None and parameter_index(node, function) < 0:
            return self.class_objects(home)
        names = self.names_of(function)
        index = parameter_index(node, function)
        for file in list(self.files.values()):
            for call in self.calls_named(file, names, function):
                for position, (keyword, value) in enumerate(arguments_of(call)):
                    if position == index or keyword == node.text or value.type in ("spread_element", "list_splat"):
                        found |= self.look(value)
        return found

    def class_objects(self, home, depth=0):
        found = {home}
        if depth < 6:
            for base in self.bases(home):
                found |= self.class_objects(base, depth + 1)
        return found

    def look_this(self, node):
        function = function_of(node)
        while function is not None and function.type == "arrow_function":
            function = function_of(function)
        home = next((it for it in node.ancestors() if it.type in CLASSES), None)
        if home is not None:
            return self.class_objects(home)
        if function is None:
            return {("this", node.file)}
        found = {("this", function)}
        # `Thing.prototype.method = function () {…}`, `const thing = { method() {…} }`
        up = function.parent
        if up.type == "pair":
            up = up.parent
        if up.type == "object":
            found.add(up)
        if up.type == "assignment_expression":
            base = base_of(up.get("left")) if up.get("left").type in MEMBERS else up.get("left")
            if base is not None:
                name = last_name(base_of(base)) if last_name(base) == "prototype" else last_name(base)
                found.add(("thing", name))
                found |= self.objects(base)
        name = function.get("name") or (up.get("name") if up.type == "variable_declarator" else None)
        if name is not None:
            found.add(("thing", name.text))
        return found

    def look_call(self, node):
        """What the called function returns; what a library gives may be, or hold, what it is given."""
        found = {node}
        callee = callee_of(node)
        name = last_name(callee)
        if name == "require" and arguments_of(node):
            file = self.module(node.file, literal_text(arguments_of(node)[0][1]))
            if file is not None:
                return {("module", file)} | self.look_all(self.exports(file, None))
        called = self.look(callee)
        if node.type == "new_expression" and name is not None:
            found.add(("thing", name))
        known = False
        for function in called:
            if isinstance(function, tuple):
                continue
            if function.type in CLASSES:
                found |= self.class_objects(function)
                known = True
            elif function.type in FUNCTIONS:
                found |= self.look_all(returned_by(function))
                known = True
        if not known:
            if callee is not None and callee.type in MEMBERS:
                found |= self.look(base_of(callee))
            for _, value in arguments_of(node):
                found |= self.look(value)
        return found

    def look_member(self, node):
        name = field_of(node)
        found = {("field", name)} if name is not None else set()
        base = base_of(node)
        if name == "prototype":
            found |= self.look(base) | {("thing", last_name(base))}
        for it in self.look(base):
            if isinstance(it, tuple) and it[0] == "module" and name is not None:
                found |= self.look_all(self.exports(it[1], name))
                binding = self.scopes(it[1]).tables.get(it[1].root, {}).get(name)
                if binding is not None:
                    found |= {("name", binding)}
                    found |= {it[1].construct for it in binding.defs if it[1].kind in ("function", "class")}
                    found |= self.look_all([it[1].value for it in binding.defs if it[1].kind in ("declare", "assign")])
            elif not isinstance(it, tuple) and it.type in CLASSES and name is not None:
                for method in it.walk():
                    named = method.get("name") if method.type in FUNCTIONS else None
                    if named is not None and named.text == name:
                        found.add(method)
        return found | self.fields(base, name)

    def assigned_fields(self, file):
        """The values that members of each name are assigned in a file."""
        if file not in self.fields_of:
            table = self.fields_of[file] = {}
            for node in file.root.walk():
                site = site_of(node) if node.type in MEMBERS else None
                if site is not None and site.kind == "assign" and site.value is not None:
                    table.setdefault(field_of(node), []).append(site.value)
        return self.fields_of[file]

    def fields(self, base, name):
        """What is written into parts of that name, in literals that the base may be and by assignments in its file."""
        if base is None:
            return set()
        found = set()
        for it in self.look(base):
            if isinstance(it, tuple) or it.type not in LITERALS:
                continue
            for part in it.kids:
                key = part.get("key") if part.type == "pair" else None
                if part.type == "shorthand_property_identifier":
                    if name in (None, part.text):
                        found |= self.look(part)
                elif part.type in FUNCTIONS:
                    if part.get("name") is not None and name in (None, part.get("name").text):
                        found.add(part)
                elif key is not None:
                    if name is None or (last_name(key) or literal_text(key)) in (name, None):
                        found |= self.look(part.get("value"))
                elif name is None or it.type not in ("object", "dictionary"):
                    found |= self.look(part)
        if name is not None:
            for value in self.assigned_fields(base.file).get(name, []):
                found |= self.look(value)
        return found


def function_of_value(value, function):
    """The function is the value, or stands in it as a part, not inside another function."""
    return not any(it.type in FUNCTIONS and value.holds(it) for it in function.ancestors() if it is not value or it.type in FUNCTIONS)


def key_of_pattern(node):
    up = node.parent
    if up.type == "pair_pattern":
        return last_name(up.get("key")) or literal_text(up.get("key"))
    return node.text if node.type in NAMES else None


def parameter_index(node, function):
    """The position of a parameter among those that arguments are given to."""
    whole = parameter_of(node)
    if whole is None or whole.field == "parameter":
        return 0
    kids = [it for it in whole.parent.kids if it.type not in ("decorator",)]
    index = kids.index(whole)
    is_method = class_of_method(function) is not None and function.type == "function_definition"
    is_static = function.parent.type == "decorated_definition" and "staticmethod" in function.parent.text[:60]
    return index - 1 if is_method and not is_static else index


def class_of_method(function):
    """The class in whose body a function stands."""
    up = function.parent
    if up is not None and up.type == "decorated_definition":
        up = up.parent
    home = up.parent if up is not None and up.type in ("block", "class_body") else None
    return home if home is not None and home.type in CLASSES else None


def returned_by(function):
    """The expressions that a function gives back."""
    body = function.get("body")
    if body is None:
        return []
    if function.type == "lambda" or (function.type == "arrow_function" and body.type != "statement_block"):
        return [body]
    found = []
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type in FUNCTIONS or node.type in CLASSES:
            continue
        if node.type in ("return_statement", "yield_expression", "yield") and node.kids:
            found.append(node.kids[-1])
        stack.extend(node.kids)
    return found


def list_sources(root):
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(it for it in folders if it not in ("node_modules", ".git"))
        for name in names:
            if name.rsplit(".", 1)[-1].lower() in ENDINGS:
                found.append(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/"))
    return sorted(found)
