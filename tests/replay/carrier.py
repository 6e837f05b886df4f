"""What has the data after a step: a value that an expression has, a name that got it, or an object that holds it."""

from modules import CALLS, LITERALS, arguments_of, base_of, callee_of, field_of, last_name, literal_text
from program import returned_by
from scopes import CLASSES, COMPREHENSIONS, FUNCTIONS, MEMBERS, NAMES, PATTERNS, function_of, reaches, site_of

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


def makes_generator(function):
    yields = ("yield", "yield_expression")
    return any(it.type in yields and function_of(it) is function for it in function.walk())


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


class Carrier:
    """What has the data after a step."""

    def __init__(self, project, kind, node, site):
        self.project, self.kind, self.node, self.site = project, kind, node, site
        self.binding = None
        # Functions whose `arguments` are being looked at: they may be handed on to the function itself.
        self.underway = set()
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
        return self.holders_around() + self.receiver() + self.made_by_functions()

    def made_by_functions(self):
        """What a library makes of the results of a function that it is given: `rows.map((row) => row.name)`."""
        if self.kind != "call" or self.node.type not in CALLS:
            return []
        given = [it for _, value in arguments_of(self.node) for it in self.project.objects(value)]
        if any(not isinstance(it, tuple) and it.type in FUNCTIONS for it in given):
            return [(frozenset([self.node]), None)]
        return []

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
        if self.is_given_to(node):
            return True
        if self.kind == "source" and self.node.type in MEMBERS and node.text == self.node.text and self.is_of_a_global(node):
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

    def is_given_to(self, node):
        """`arguments` in a function that a call runs with the data among what it is given."""
        function = self.project.arguments_function(node)
        if function is None or function in self.underway:
            return False
        self.underway.add(function)
        up = node.parent
        index = field_of(up) if up.type == "subscript_expression" and base_of(up) is node else None
        found = any(
            self.is_given(call, index) and self.project.may_call(call, function)
            for file in (self.node.file, node.file) for call in self.project.calls(file)
        )
        self.underway.discard(function)
        return found

    def is_given(self, call, index):
        """The data is among the arguments of the call, or is the one of that number."""
        given = arguments_of(call)
        moved = last_name(callee_of(call)) in ("call", "apply", "bind") or any(it.type == "spread_element" for _, it in given)
        return any(
            (index is None or moved or index == str(position)) and any(self.is_in(leaf) for leaf in leaves(value))
            for position, (_, value) in enumerate(given)
        )

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
        if wanted.type not in MEMBERS or wanted.file is not node.file and not self.is_of_a_global(wanted):
            return False
        while node is not None and node.type in MEMBERS:
            if node.text == wanted.text:
                a, b = root_of(node), root_of(wanted)
                same = a.type not in NAMES or self.project.binding(a) is self.project.binding(b)
                return a.type == b.type and (same or self.is_of_a_global(a) and self.is_of_a_global(b))
            if field_of(node) is not None and field_of(node) == field_of(wanted) and \
                    self.project.objects(base_of(node)) & self.project.objects(base_of(wanted)):
                return True
            node = base_of(node)
        return False

    def is_of_a_global(self, node):
        """`process.env`: a name that no file declares is the same in all of them."""
        root = root_of(node)
        binding = self.project.binding(root) if root.type in NAMES else None
        return root.type in NAMES and (binding is None or not binding.defs)

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
        gives = ("yield", "yield_expression", "return_statement") if inside is not None and makes_generator(inside) else ()
        if self.node.parent.type not in gives:
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
