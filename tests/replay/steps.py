"""The step rules: why data that is at one place may be at the next.

A step tells one thing: a name gets the data, a parameter gets it, a call gives it back, an object holds it, an operator
or a library makes something of it. What stands between two steps must be plain: a use of the name that has it, an
expression whose value it is, a part of it.
"""

from carrier import SOURCES, Carrier, leaves, operands, stripped
from modules import CALLS, LITERALS, arguments_of, base_of, callee_of, field_of, last_name
from program import key_of_pattern, parameter_index
from scopes import MEMBERS, NAMES, PATTERNS, function_of, parameter_of, site_of


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
