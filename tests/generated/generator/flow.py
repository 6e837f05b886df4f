"""What a program is made of: modules, and the value on its way through them."""

from dataclasses import dataclass, field, replace


@dataclass
class Module:
    name: str
    # Modules import only from modules of a higher order, so that no two wait for each other.
    order: int
    tops: list = field(default_factory=list)
    exports: list = field(default_factory=list)
    # By the name of the module imported from.
    imports: dict = field(default_factory=dict)
    sink: str = ""
    # Lines that statements need at the head of the file.
    hoisted: list = field(default_factory=list)
    # How it exports, and whether it stands in a folder of its own: decided when first imported from.
    style: str = ""
    is_folder: bool = False


class Imported:
    """What one module takes from another, and how: every name with its local one."""

    def __init__(self, home, rng):
        self.home = home
        self.form = rng.choice(["names", "names", "namespace", "renamed"])
        self.names = {}


@dataclass
class Pack:
    """A value that was put into something: how to get at it, and which names that takes."""

    feature: object
    table: dict
    home: Module | None
    helpers: set


@dataclass
class Flow:
    """The value on its way: the expression that holds it, what it is packed into, and where we are."""

    name: str
    packs: tuple
    module: Module
    is_async: bool

    def at(self, **changes):
        return replace(self, **changes)
