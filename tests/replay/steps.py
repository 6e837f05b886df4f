"""The step rules: why data that is at one place may be at the next.

A step tells one thing: a name gets the data, a parameter gets it, a call gives it back, an object holds it, an operator
or a library makes something of it. What stands between two steps must be plain: a use of the name that has it, an
expression whose value it is, a part of it.
"""

from program import CALLS, LITERALS, arguments_of, base_of, callee_of, field_of, key_of_pattern, last_name, \
    literal_text, parameter_index, returned_by
from scopes import CLASSES, COMPREHENSIONS, FUNCTIONS, MEMBERS, NAMES, PATTERNS, function_of, parameter_of, reaches, \
    site_of

# Their value is, or holds, the value of these children.
ALL = {"parenthesized_expression", "await_expression", "await", "as_expression", "satisfies_expression",
       "non_null_expression", "type_assertion", "spread_element", "list_splat", "dictionary_splat", "object", "array",
       "dictionary", "list", "tuple", "set", "expression_list", "sequence_expression", "unary_expression",
       "unary_operator", "boolean_operator", "jsx_expression", "jsx_element", "jsx_self_closing_element",
       "jsx_opening_element", "jsx_fragment", "jsx_attribute", "parenthesized_list_splat", "expression_statement",
       "computed_property_name"}
# They stand between an expression and the literal or call that it is a part of.
AROUND = {"parenthesized_expression", "spread_element", "arguments", "argument_list", "list_splat", "dictionary_splat",
          "await_expression", "await", "ternary_expression", "conditional_expression", "boolean_operator",
          "computed_property_name", "as_expression", "non_null_expression"}
# What can be a source.
SOURCES = NAMES | MEMBERS | CALLS | PATTERNS | {"this", "yield", "yield_expression", "rest_pattern", "typed_parameter"}
# Methods of containers, by the names that they have in both languages.
KEEPERS = {"push", "unshift", "append", "add", "insert", "extend", "set", "setdefault", "update", "assign", "concat",
           "dict", "list", "from", "of", "put", "write"}
LOGIC = {"&&", "||", "??"}
ARITHMETIC = {"-", "*", "/", "**", "%", "|", "&", "^", "<<", ">>", ">>>", "//", "@"}
TEXTS = {"template_string", "string", "concatenated_string"}


def plain_parts(node):
    """Sub-expressions whose data is in the value of the expression without further ado."""
    kind = node.type
    if kind in ALL:
        return [it for it in node.kids if it.type not in ("type_annotation", "type_identifier")]
    if kind in ("ternary_expression",):
        return [node.get("consequence"), node.get("alternative")]
    if kind == "conditional_expression":
        return [node.kids[0], node.kids[2]]
    if kind == "binary_expression" or kind == "binary_operator":
        return node.kids if node.op in LOGIC or node.op in ARITHMETIC else []
    if kind in ("assignment_expression", "assignment"):
        return [node.get("right"), node.get("left")]
    if kind in ("pair", "named_expression", "keyword_argument"):
        return [it for it in (node.get("value"), node.get("key")) if it is not None]
    if kind in MEMBERS:
        return [base_of(node)]
    if kind in COMPREHENSIONS:
        return [node.get("body")]
    return []


def leaves(node):
    """The expression and everything plainly in its value."""
    stack = [node]
    while stack:
        it = stack.pop()
        if it is None:
            continue
        yield it
        stack.extend(plain_parts(it))


def operands(node):
    """What an operator or a call works on."""
    kind = node.type
    if kind in CALLS:
        found = [value for _, value in arguments_of(node)]
        callee = callee_of(node)
        if callee is not None:
            found.append(callee)
            if callee.type in MEMBERS and callee.type.startswith("subscript"):
                found.append(callee.get("index") or callee.get("subscript"))
        return found
    if kind in TEXTS:
        return pieces(node)
    if kind in ("binary_expression", "binary_operator", "augmented_assignment", "augmented_assignment_expression",
                "comparison_operator", "update_expression", "not_operator"):
        return list(node.kids)
    if kind in MEMBERS:
        return [base_of(node), node.get("index") or node.get("subscript")]
    if kind == "decorator":
        return list(node.kids)
    return plain_parts(node)


def root_of(node):
    while node.type in MEMBERS:
        node = stripped(base_of(node))
    return node


def pieces(text):
    found = []
    for it in text.kids:
        if it.type in ("template_substitution", "interpolation"):
            found.append(it.get("expression") or it.kids[0])
        elif it.type == "string":
            found.extend(pieces(it))
    return [it for it in found if it is not None]


def stripped(node):
    while node.type in ("parenthesized_expression", "await_expression", "await", "expression_statement", "as_expression",
                        "non_null_expression", "satisfies_expression") and node.kids:
        node = node.kids[0]
    return node


class Replay:
    """Data at one place: a value that an expression has, a name that got it, or an object that holds it."""

    def __init__(self, project):
        self.project = project

    # ---- where data is after a step ----

    def carrier(self, kind, node):
        node = stripped(node)
        site = site_of(node) if node.type in NAMES or node.type in PATTERNS or node.type in MEMBERS else None
        return Carrier(self.project, kind, node, site)

    # ---- rules ----

    def source(self, node):
        """A source is read, called or handed in: no operator or literal makes it, and no variable that has a value."""
        node = stripped(node)
        if node.type not in SOURCES:
            return "not a source"
        binding = self.project.binding(node) if node.type in NAMES else None
        if binding is None or site_of(node) is not None:
            return None
        made = [it for it in binding.defs if it[1].kind in ("declare", "assign", "augment") and it[1].value is not None]
        return "not a source" if made and len(made) == len(binding.defs) else None

    def step(self, before_kind, before, kind, after):
        """Nothing if the step holds, else why not."""
        rules = {
            "assign": [self.assign, self.read], "write": [self.write], "read": [self.read, self.assign],
            "parameter": [self.parameter], "return": [self.value, self.propagate, self.read], "call": [self.call],
            "item": [self.value, self.propagate, self.read, self.call], "propagate": [self.propagate],
            "sink": [self.value, self.propagate, self.call, self.read, self.assign, self.stored],
        }
        if kind not in rules:
            return f"no rule for a step of kind {kind}"
        if before is after:
            return "no step at all"
        carrier = self.carrier(before_kind, before)
        if any(rule(carrier, after) for rule in rules[kind]):
            return None
        return f"{kind}: not justified"

    def value(self, carrier, node):
        """The data is plainly in the value of the expression."""
        return any(carrier.is_in(it) for it in leaves(node))

    def assign(self, carrier, node):
        """The data is in the value that the name, or the pattern it stands in, is given."""
        if node.type in PATTERNS | NAMES and carrier.node.type in PATTERNS and carrier.node.holds(node):
            return True
        site = site_of(node)
        if site is None:
            return False
        if site.kind == "param":
            return self.default(carrier, node)
        if site.kind == "catch":
            return self.thrown(carrier, site.construct)
        if site.value is None:
            return False
        if site.kind == "augment":
            # The operator is a step of its own.
            return carrier.node is site.construct
        return self.value(carrier, site.value) or self.default(carrier, node)

    def default(self, carrier, node):
        """The value that a parameter or a part of a pattern has if nothing is given."""
        for it in [node, *node.ancestors()]:
            default = it.get("right") or it.get("value")
            if default is not None and not default.holds(node) and self.value(carrier, default):
                return True
            if it.type not in PATTERNS and it.type not in NAMES:
                return False
        return False

    def thrown(self, carrier, statement):
        """It is thrown in the body, or by a function that the body calls."""
        body = statement.get("body")
        throws = ("throw_statement", "raise_statement")
        for it in carrier.node.file.root.walk():
            if it.type in throws and it.kids and any(carrier.is_in(leaf) for leaf in leaves(it.kids[0])):
                inside = function_of(it)
                if body.holds(it) or inside is None or any(
                    self.project.may_call(call, inside) for call in self.project.calls(body.file) if body.holds(call)
                ):
                    return True
        return False

    def write(self, carrier, node):
        """A member is given it; or it becomes a part of a literal, or an argument that a container keeps."""
        if self.assign(carrier, node):
            return True
        if node.type in MEMBERS and site_of(node) is not None:
            # What the part is called.
            key = node.get("index") or node.get("subscript")
            return key is not None and self.value(carrier, key)
        if node.type in CALLS and self.propagate(carrier, node):
            return True
        inside = node.parent
        while inside is not None and inside.type in ("pair", "spread_element", "parenthesized_expression", "arguments",
                                                     "argument_list", "keyword_argument", "list_splat",
                                                     "dictionary_splat"):
            inside = inside.parent
        kept = inside is not None and (inside.type in LITERALS or inside.type in CALLS)
        return kept and (self.value(carrier, node) or self.propagate(carrier, node))

    def read(self, carrier, node):
        """A member or element of the object that holds it."""
        node = stripped(node)
        if node.type in MEMBERS:
            return carrier.is_in(node) or carrier.is_in(base_of(node)) or self.getter(carrier, node) \
                or carrier.is_same_path(node)
        if node.type in NAMES:
            site = site_of(node)
            if site is not None and site.value is not None:
                return any(carrier.is_read(it, key_of_pattern(node)) for it in leaves(site.value))
            return site is None and carrier.is_in(node)
        return node.type in CALLS and (self.propagate(carrier, node) or self.stored(carrier, node))

    def stored(self, carrier, node):
        """A file that was written under the path is read, or sent."""
        if carrier.kind != "write" or carrier.node.type not in CALLS:
            return False
        return bool(self.paths(carrier.node) & self.paths(node))

    def paths(self, node):
        """The names and texts in a call, and in the call that gave its object: one of them is the path."""
        found = set()
        for leaf in [node, *[it for part in operands(node) for it in leaves(part)]] if node.type in CALLS else leaves(node):
            if leaf.type in NAMES:
                binding = self.project.binding(leaf)
                found.add(binding)
                for definition, site in binding.defs if binding is not None else []:
                    if site.kind in ("with", "declare", "assign") and site.value is not None and site.value.type in CALLS:
                        found |= {self.project.binding(it) for _, it in arguments_of(site.value) if it.type in NAMES}
                        found |= {it.text for _, it in arguments_of(site.value) if it.type not in NAMES}
            elif leaf is not node:
                found.add(leaf.text)
                if leaf.type in CALLS:
                    found |= self.paths(leaf)
        return found - {None}

    def getter(self, carrier, node):
        inside = function_of(carrier.node)
        return inside is not None and inside.get("name") is not None and inside.get("name").text == field_of(node) \
            and carrier.is_returned_by(inside)

    def propagate(self, carrier, node):
        """An operand has it; a call of a function of the project is a step of its own."""
        node = stripped(node)
        if node.type in CALLS and self.is_surely_ours(node):
            return False
        if any(carrier.is_in(leaf) for it in operands(node) if it is not None for leaf in leaves(it)):
            return True
        # A part that a function which is handed on looks at and lets pass.
        if carrier.site is not None and carrier.site.kind == "param":
            return node.type in CALLS and self.project.hands_on(node, carrier.site.construct)
        # What a function that is handed on gives back is what the library makes its result of.
        inside = function_of(carrier.node)
        return node.type in CALLS and inside is not None and carrier.is_returned_by(inside) \
            and self.project.hands_on(node, inside)

    def is_surely_ours(self, call):
        """The called name is a function of the project and nothing else."""
        callee = callee_of(call)
        if callee is None or callee.type not in NAMES:
            return False
        binding = self.project.binding(callee)
        return binding is not None and bool(binding.defs) and all(
            it[1].kind == "function" for it in binding.defs
        )

    def parameter(self, carrier, node):
        """An argument of a call that may run the function, or what a function handed on is given."""
        site = site_of(node)
        if site is None or site.kind != "param":
            return False
        function = site.construct
        if self.default(carrier, node):
            return True
        index = parameter_index(node, function)
        files = {carrier.node.file, function.file}
        for call in [it for file in files for it in self.project.calls(file)]:
            given = self.given(carrier, call)
            if given is None:
                continue
            if self.fits(given, call, node, index) and self.project.may_call(call, function):
                return True
            if self.project.hands_on(call, function):
                return True
        return self.decorated(carrier, function)

    def decorated(self, carrier, function):
        up = function.parent
        return up is not None and up.type == "decorated_definition" and any(
            carrier.is_in(leaf) for it in up.kids if it.type == "decorator" for part in it.kids for leaf in leaves(part)
        )

    def given(self, carrier, call):
        """At which arguments of the call the data is; `receiver` for its object, `result` for the call itself."""
        found = []
        for position, (keyword, value) in enumerate(arguments_of(call)):
            if any(carrier.is_in(leaf) for leaf in leaves(value)):
                spread = value.type in ("spread_element", "list_splat", "dictionary_splat", "template_string")
                found.append("any" if spread else keyword or position)
        callee = callee_of(call)
        if callee is not None and any(carrier.is_in(leaf) for leaf in leaves(callee)):
            found.append("receiver")
        if carrier.node is call:
            found.append("result")
        return found or None

    def fits(self, given, call, node, index):
        callee = callee_of(call)
        name = last_name(callee) if callee is not None and callee.type in MEMBERS else None
        whole = parameter_of(node)
        rest = whole.type in ("rest_pattern", "list_splat_pattern", "dictionary_splat_pattern") or \
            any(it.type in ("rest_pattern", "list_splat_pattern", "dictionary_splat_pattern") for it in whole.kids)
        names = {it.text for it in whole.walk() if it.type in NAMES}
        spread = any(it[1].type in ("spread_element", "list_splat") for it in arguments_of(call))
        for it in given:
            if it == "any" or (it == "receiver" and index < 0):
                return True
            if isinstance(it, str):
                if it in names or whole.type == "dictionary_splat_pattern":
                    return True
                continue
            position = it - 1 if name == "call" else it
            if name == "apply" or position == index or (rest and position >= index) or (spread and index >= 0):
                return True
            if name in ("bind", "partial") or (callee is not None and callee.type in CALLS):
                return True
            # A method called through its class is given its object as well; a static or bound one is not.
            if abs(position - index) == 1 and call.file.language == "python":
                return True
        return False

    def call(self, carrier, node):
        """The data is what the function returned that the call runs, itself or through what it calls."""
        node = stripped(node)
        inside = function_of(carrier.node)
        if inside is None or not carrier.is_returned_by(inside):
            return False
        if node.type in CALLS:
            return self.project.may_call(node, inside) or self.project.hands_on(node, inside)
        return self.getter(carrier, node) or self.entered(node, inside)

    def entered(self, node, inside):
        name = inside.get("name")
        return name is not None and name.text in ("__enter__", "__aenter__", "__iter__", "__next__")


class Carrier:
    """What has the data after a step."""

    def __init__(self, project, kind, node, site):
        self.project, self.kind, self.node, self.site = project, kind, node, site
        self.binding = None
        if site is not None and node.type in NAMES:
            self.binding = project.binding(node)
        self.holders = [(self.around(held), part) for held, part in self.find_holders() if held]

    def around(self, held):
        """The objects, and those in the same file that they are put into."""
        for _ in range(2):
            more = set()
            for call in self.project.calls(self.node.file):
                callee = callee_of(call)
                if callee is not None and callee.type in MEMBERS and last_name(callee) in KEEPERS and any(
                    self.project.objects(value) & held for _, value in arguments_of(call)
                ):
                    more |= self.project.objects(base_of(callee))
            if more <= held:
                break
            held = held | more
        return held

    def find_holders(self):
        """Objects that the data was put into, each with the name of the part."""
        found = []
        node = self.node
        if self.site is not None and node.type in MEMBERS and self.site.kind in ("assign", "augment", "each", "with"):
            found.append((self.project.objects(base_of(node)), field_of(node)))
            return found
        if self.site is not None and self.site.construct.type in ("field_definition", "public_field_definition"):
            home = next(it for it in node.ancestors() if it.type in CLASSES)
            return [(frozenset([home]), node.text)]
        home = next((it for it in node.ancestors() if it.type in FUNCTIONS or it.type in CLASSES), None)
        if self.site is not None and home is not None and home.type in CLASSES and node.type in NAMES:
            return [(frozenset([home]), node.text)]
        if self.kind == "source" and self.site is not None and self.site.kind == "param" and self.binding is not None:
            # What comes in as an object is handed on as that object.
            return [(frozenset([("name", self.binding)]), None)]
        if self.site is not None and self.site.kind != "augment":
            return found
        return self.holders_around() + self.receiver()

    def holders_around(self):
        """The literals that the expression is a part of, and the container that is given it."""
        node = self.node
        name, objects = node.text if node.type == "shorthand_property_identifier" else None, set()
        child = node
        for up in node.ancestors():
            if up.type == "pair":
                name = name or last_name(up.get("key")) or literal_text(up.get("key"))
            elif up.type == "keyword_argument":
                name = name or up.get("name").text
            elif up.type in LITERALS:
                objects.add(up)
            elif up.type in CALLS:
                if child.field != "function":
                    return [(frozenset(objects | self.kept_by(up, child)), name)]
                break
            elif up.type not in AROUND:
                break
            child = up if up.type not in ("arguments", "argument_list") else child
        return [(frozenset(objects), name)] if objects else []

    def kept_by(self, call, argument):
        """What a call puts its argument into: its object, its first argument, what it gives."""
        callee = callee_of(call)
        resolved = self.promise_of(call)
        if resolved is not None:
            return {resolved}
        if self.kind != "write" and last_name(callee) not in KEEPERS:
            return set()
        kept = {call}
        if callee is not None and callee.type in MEMBERS:
            kept |= self.project.objects(base_of(callee))
        given = arguments_of(call)
        if given and not given[0][1].holds(argument):
            kept |= self.project.objects(given[0][1])
        return kept

    def promise_of(self, call):
        """The promise whose `resolve` is called."""
        callee = callee_of(call)
        binding = self.project.binding(callee) if callee is not None and callee.type in NAMES else None
        for _, site in binding.defs if binding is not None else []:
            if site.kind == "param" and site.construct.parent.type == "arguments":
                made = site.construct.parent.parent
                return made if made.type == "new_expression" else None
        return None

    def receiver(self):
        """The object of a library's call that has taken in what it was given: `text.write(data)`."""
        if self.kind != "propagate" or self.node.type not in CALLS:
            return []
        callee = callee_of(self.node)
        if callee is None or callee.type not in MEMBERS:
            return []
        base = stripped(base_of(callee))
        if base.type not in NAMES and base.type not in MEMBERS:
            return []
        return [(self.path_of(base), None)]

    def path_of(self, node):
        """The name or path itself, whatever else it may be."""
        if node.type in NAMES:
            binding = self.project.binding(node)
            return frozenset([("name", binding)] if binding is not None else [])
        return frozenset([("field", field_of(node))] if field_of(node) is not None else [])

    def is_in(self, node):
        """Whether the expression is, names or holds the data."""
        if node is self.node or stripped(node) is self.node:
            return True
        if self.binding is not None and node.type in NAMES and self.names(node):
            return True
        if self.binding is not None and self.is_export(node):
            return True
        if self.holders:
            if node.type in MEMBERS and self.is_read(base_of(node), field_of(node)):
                return True
            return self.is_holder(node)
        return self.is_generator(node)

    def names(self, node):
        if self.project.binding(node) is not self.binding:
            return False
        site = site_of(node)
        if site is not None and site.kind != "augment":
            return False
        return reaches(self.binding, self.node, self.site, node)

    def is_export(self, node):
        """`module.name` of a name at the top of another file."""
        if node.type not in MEMBERS or self.binding.scope is not self.binding.file.root:
            return False
        if field_of(node) != self.binding.name:
            return False
        return ("module", self.binding.file) in self.project.objects(base_of(node))

    def is_read(self, base, name):
        """A part of one of the objects, by the same name or by one that is not written there."""
        if not self.holders:
            return False
        objects = self.project.objects(base)
        return any((part is None or name is None or part == name) and held & objects for held, part in self.holders)

    def is_same_path(self, node):
        """The same path read once more, or a part of it: `req.query.a` behind a test of `req.query.a`."""
        wanted = self.node
        if wanted.type not in MEMBERS or wanted.file is not node.file:
            return False
        while node is not None and node.type in MEMBERS:
            if node.text == wanted.text:
                a, b = root_of(node), root_of(wanted)
                return a.type == b.type and (a.type not in NAMES or self.project.binding(a) is self.project.binding(b))
            if field_of(node) is not None and field_of(node) == field_of(wanted) and \
                    self.project.objects(base_of(node)) & self.project.objects(base_of(wanted)):
                return True
            node = base_of(node)
        return False

    def is_holder(self, node):
        if self.kind == "propagate" and self.receiver():
            # Only what bears the name of the object that was written to.
            return (node.type in NAMES or node.type in MEMBERS) and bool(self.path_of(node) & self.receiver()[0][0]) \
                and node.start >= self.node.end or any(held & self.project.objects(node) for held, _ in self.holders_around())
        objects = None
        for held, _ in self.holders:
            if objects is None:
                objects = self.project.objects(node)
            if held & objects:
                return True
        return False

    def is_generator(self, node):
        inside = function_of(self.node)
        if inside is None or self.node.parent.type not in ("yield", "yield_expression"):
            return False
        return any(
            not isinstance(it, tuple) and it.type in CALLS and self.project.may_call(it, inside)
            for it in self.project.objects(node)
        )

    def is_returned_by(self, function):
        """The expression itself is what the function gives back, or holds as a part of it."""
        return any(
            leaf is self.node or (self.holders and self.is_holder(leaf)) for it in returned_by(function) for leaf in leaves(it)
        )
