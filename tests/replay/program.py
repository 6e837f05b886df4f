"""What the program is beyond names: which call may run which function, and which objects an expression may be.

All of it is by name and place alone, without order or context: it may say too much, never that something else is there.
"""

from modules import CALLS, LITERALS, ROUNDS_MAX, TRANSPARENT, Modules, arguments_of, base_of, callee_of, field_of, \
    last_name, literal_text
from scopes import CLASSES, FUNCTIONS, MEMBERS, NAMES, function_of, parameter_of, site_of


class Project(Modules):
    """The calls, functions and objects of a project."""

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

    def arguments_function(self, node):
        """The function whose arguments all together the name is."""
        if node.type not in NAMES or node.text != "arguments" or node.file.language == "python":
            return None
        binding = self.binding(node)
        if binding is not None and binding.defs:
            return None
        return next((it for it in node.ancestors() if it.type in FUNCTIONS and it.type != "arrow_function"), None)

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
        # What its type or what provides it names: an instance is given.
        given = [it for it in (parameter_of(node).get("type"), parameter_of(node).get("value")) if it is not None]
        for named in [it for part in given for it in part.walk() if it.type in NAMES or it.type == "type_identifier"]:
            for home in self.look(named):
                if not isinstance(home, tuple) and home.type in CLASSES:
                    found |= self.class_objects(home)
        names = self.names_of(function)
        index = parameter_index(node, function)
        found |= {("handed", index, it) for it in self.registered_on(function)}
        for file in list(self.files.values()):
            for call in self.calls_named(file, names, function):
                for position, (keyword, value) in enumerate(arguments_of(call)):
                    if position == index or keyword == node.text or value.type in ("spread_element", "list_splat"):
                        found |= self.look(value)
        return found

    def registered_on(self, function):
        """The objects whose method is given the function itself: it may hand all such functions the same arguments."""
        up = function.parent
        call = up.parent if up.type == "arguments" else None
        callee = callee_of(call) if call is not None else None
        if callee is None or callee.type not in MEMBERS:
            return set()
        return {it for it in self.look(base_of(callee)) if not isinstance(it, tuple) and it.type in CALLS}

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
            found |= {("thing", name)} | self.look_all(self.prototypes(node.file, name))
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

    def prototypes(self, file, name):
        """What `name.prototype` is assigned in a file."""
        values = self.assigned_fields(file).get("prototype", [])
        return [it for it in values if last_name(base_of(it.parent.get("left"))) == name]

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
