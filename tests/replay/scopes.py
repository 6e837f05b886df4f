"""Names: where each is defined, which use means which definition, and whether a definition reaches a use."""

from dataclasses import dataclass, field

FUNCTIONS = {"function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function",
             "generator_function_declaration", "function_definition", "lambda"}
CLASSES = {"class_declaration", "class", "class_definition", "abstract_class_declaration"}
COMPREHENSIONS = {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
LOOPS = {"for_statement", "for_in_statement", "while_statement", "do_statement"} | COMPREHENSIONS
BLOCKS = {"statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body", "class_static_block"}
PATTERNS = {"object_pattern", "array_pattern", "pair_pattern", "rest_pattern", "object_assignment_pattern",
            "assignment_pattern", "pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern",
            "dictionary_splat_pattern", "as_pattern_target"}
NAMES = {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
MEMBERS = {"member_expression", "attribute", "subscript_expression", "subscript"}
PARAMETERS = {"formal_parameters", "parameters", "lambda_parameters"}
TYPED_PARAMETERS = {"required_parameter", "optional_parameter", "typed_parameter", "default_parameter",
                    "typed_default_parameter"}
IMPORTS = {"import_specifier", "namespace_import", "import_clause", "import_from_statement", "import_statement",
           "aliased_import", "import_require_clause"}


@dataclass
class Site:
    """What gives a name or place its value."""

    kind: str  # declare, assign, augment, each, param, catch, with, function, class, import
    construct: object
    value: object = None


@dataclass(eq=False)
class Binding:
    name: str
    scope: object
    file: object
    defs: list = field(default_factory=list)
    uses: list = field(default_factory=list)


def function_of(node):
    return next((it for it in node.ancestors() if it.type in FUNCTIONS), None)


def parameter_of(node):
    """The whole parameter that a node is, or is a part of; never for what is in its default."""
    at = node
    while at.parent is not None:
        up = at.parent
        if up.type in PARAMETERS or (up.type == "arrow_function" and at.field == "parameter"):
            return at
        if up.type in TYPED_PARAMETERS:
            if at.field in ("value", "type") or at.type in ("type", "type_annotation", "decorator"):
                return None
        elif up.type in PATTERNS:
            if at.field == "right" or at.field == "key":
                return None
        else:
            return None
        at = up
    return None


def site_of(node):
    """The construct that defines what the node (a name, a pattern, a member as a target) stands for, if one does."""
    parameter = parameter_of(node)
    if parameter is not None:
        return Site("param", parameter.parent if parameter.field == "parameter" else parameter.parent.parent, None)
    at = node
    while at.parent is not None and (at.parent.type in PATTERNS or (at.parent.type == "tuple" and at.type != "tuple")):
        if at.field in ("right", "key"):
            return None
        at = at.parent
    up = at.parent
    if up is None:
        return None
    kind = up.type
    if kind == "variable_declarator" and at.field == "name":
        return Site("declare", up, up.get("value"))
    if kind in ("assignment_expression", "assignment") and at.field == "left":
        return Site("assign", up, up.get("right"))
    if kind in ("augmented_assignment_expression", "augmented_assignment") and at.field == "left":
        return Site("augment", up, up)
    if kind in ("for_in_statement", "for_statement", "for_in_clause") and at.field == "left":
        return Site("each", up, up.get("right"))
    if kind == "named_expression" and at.field == "name":
        return Site("assign", up, up.get("value"))
    if kind == "update_expression":
        return Site("augment", up, up)
    if kind == "catch_clause" and at.field == "parameter":
        return Site("catch", up.parent)
    if kind == "as_pattern" and at.field == "alias":
        is_error = up.parent.type in ("except_clause", "except_group_clause")
        return Site("catch", up.parent.parent) if is_error else Site("with", up, up.kids[0])
    if kind in FUNCTIONS and at.field == "name" and node.type in NAMES:
        return Site("function", up, up)
    if kind in CLASSES and at.field == "name":
        return Site("class", up, up)
    if kind in ("field_definition", "public_field_definition") and at.field in ("property", "name"):
        return Site("assign", up, up.get("value"))
    return import_site(node)


def import_site(node):
    up = node.parent
    if up.type == "dotted_name":
        node, up = up, up.parent
    if up.type not in IMPORTS or node.field in ("module_name", "source"):
        return None
    if up.type in ("import_specifier", "aliased_import") and node.field == "name" and up.get("alias") is not None:
        return None
    return Site("import", up, None)


class Scopes:
    """The bindings of one file."""

    def __init__(self, file):
        self.file = file
        self.python = file.language == "python"
        self.tables = {}
        self.of_node = {}
        pending = []
        self.outer = self.outer_names()
        for node in file.root.walk():
            if node.type not in NAMES and node.type != "type_identifier":
                continue
            site = site_of(node)
            if node.type == "type_identifier" and (site is None or site.kind != "class"):
                continue
            if site is None or (site.kind in ("assign", "augment") and not self.python):
                if not is_label(node):
                    pending.append((node, site))
                continue
            self.add(self.scope_for(node, site), node, site)
        for node, site in pending:
            binding = self.lookup(node)
            if binding is None:
                binding = self.table(file.root).setdefault(node.text, Binding(node.text, file.root, file))
            self.of_node[node] = binding
            if site is not None:
                binding.defs.append((node, site))
            if site is None or site.kind == "augment":
                binding.uses.append(node)

    def outer_names(self):
        """What `global` and `nonlocal` say of the names of a function."""
        found = {}
        for node in self.file.root.walk():
            if node.type in ("global_statement", "nonlocal_statement"):
                for name in node.kids:
                    found[(function_of(node), name.text)] = node.type == "global_statement"
        return found

    def table(self, scope):
        return self.tables.setdefault(scope, {})

    def add(self, scope, node, site):
        table = self.table(scope)
        binding = table.get(node.text)
        if binding is None:
            binding = table[node.text] = Binding(node.text, scope, self.file)
        binding.defs.append((node, site))
        if site.kind == "augment":
            binding.uses.append(node)
        self.of_node[node] = binding

    def scope_for(self, node, site):
        if site.kind == "param":
            return site.construct
        start = site.construct if site.kind in ("function", "class") else node
        around = list(start.ancestors())
        if self.python:
            if site.construct.type == "for_in_clause":
                return site.construct.parent
            for scope in around:
                if scope.type in FUNCTIONS or scope.type in CLASSES or scope is self.file.root:
                    outer = self.outer.get((scope, node.text))
                    if outer is None:
                        return scope
                    return self.file.root if outer else self.nonlocal_scope(scope, node.text)
        if site.construct.type in ("function_expression", "class") and site.kind in ("function", "class"):
            return site.construct
        blocks = self.is_block_scoped(site)
        return next(it for it in around if it.type in FUNCTIONS or it is self.file.root or (blocks and it.type in BLOCKS))

    def nonlocal_scope(self, scope, name):
        for outer in scope.ancestors():
            if outer.type in FUNCTIONS and name in self.tables.get(outer, {}):
                return outer
        return self.file.root

    def is_block_scoped(self, site):
        if site.kind == "declare":
            return site.construct.parent.type == "lexical_declaration"
        if site.kind == "each":
            head = self.file.bytes[site.construct.start:site.construct.get("left").start]
            return b"let" in head or b"const" in head
        return True

    def lookup(self, node):
        name, inside = node.text, True
        for scope in node.ancestors():
            table = self.tables.get(scope)
            if table and name in table and (inside or scope.type not in CLASSES):
                return table[name]
            if scope.type in FUNCTIONS:
                inside = False
        return None


def is_label(node):
    """A name that is no value: a property, a keyword, a type."""
    up = node.parent
    if up.type in ("attribute", "keyword_argument") and node.field in ("attribute", "name"):
        return True
    return up.type in ("dotted_name", "type", "type_annotation", "global_statement", "nonlocal_statement", "jsx_attribute")


def common(a, b):
    """The innermost node around both, and the children of it in which they are."""
    above = {it: child for it, child in chain(a)}
    for it, child in chain(b):
        if it in above:
            return it, above[it], child
    return None, None, None


def chain(node):
    yield node, None
    child = node
    for it in node.ancestors():
        yield it, child
        child = it


def reaches(binding, definition, site, use):
    """Whether a definition may reach a use: nothing surely overwrites it in between."""
    if definition.file is not use.file or site.kind in ("function", "class", "import"):
        return True
    home = site.construct if site.kind == "param" else function_of(definition)
    if function_of(use) is not home:
        # A closure runs at any time.
        return True
    around, first, second = common(definition, use)
    in_loop = around is not None and any(it.type in LOOPS for it, _ in chain(around))
    if around is not None and around.type in ("if_statement", "ternary_expression", "conditional_expression"):
        sides = {first.field, second.field}
        if "condition" not in sides and first is not second and not in_loop:
            return False
    if definition.start > use.start:
        return in_loop
    return not any(
        definition.start < other.start and other.end <= use.start and overwrites(other, other_site, use)
        for other, other_site in binding.defs
        if other is not definition and function_of(other) is home
    )


def overwrites(node, site, use):
    """The statement of the assignment stands before the use in a block that holds both."""
    if site.kind not in ("declare", "assign", "augment", "with") or site.value is None:
        return False
    if site.construct.holds(use):
        return False
    statement = site.construct
    while statement.parent is not None and statement.parent.type in (
        "expression_statement", "lexical_declaration", "variable_declaration", "with_item", "with_clause"
    ):
        statement = statement.parent
    block = statement.parent
    return block is not None and block.type in ("statement_block", "program", "block", "module") and block.holds(use)
