"""What an app consists of, before any framework spells it: routers in routers, guards and routes in an order."""

from dataclasses import dataclass, field

NOUNS = (
    "orders invoices users teams reports files notes tags carts prices labels tickets drafts events rooms badges "
    "grants offers items letters photos plans quotes stores tasks votes wallets zones alerts books cities deals"
).split()
PREFIXES = "api v1 v2 admin public internal account shop staff portal area hub desk core".split()
METHODS = ["GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE"]

# Guards that look for a credential, guards that only look as if they did, and those that want more than a credential.
STRICT = ["verify", "verify", "reader", "key"]
LOOSE = ["loose", "decode", "swallow", "tag"]
PARTIAL = ["writes", "skips"]


@dataclass
class Guard:
    """`kind` is the name of a text of the framework; a guard of a factory is asked for with `argument`."""

    kind: str
    name: str
    argument: str = ""


# Asks for one role, without arguments.
ADMIN = Guard("admin", "requireAdmin")


@dataclass
class Use:
    guard: Guard
    # Below which path; everywhere if empty.
    path: str = ""


@dataclass
class Route:
    method: str
    path: str
    guards: list
    # plain, inside (the handler asks by itself), loop, table, constant, chain, factory
    style: str = "plain"
    handler: str = ""
    # Paths of a loop.
    turns: list = field(default_factory=list)

    def paths(self):
        return [f"{self.path}/{it}" for it in self.turns] if self.turns else [self.path]


@dataclass
class Mount:
    router: "Router"
    prefix: str
    guards: list


@dataclass
class Router:
    name: str
    items: list = field(default_factory=list)
    # own (a file of its own), same (the file of its parent), factory (a function in a file of its own)
    place: str = "own"
    # What the router itself puts before its paths, where the framework has that.
    own_prefix: str = ""

    def routers(self):
        """All below it, each once, inner ones first."""
        found = []
        for item in self.items:
            if isinstance(item, Mount) and item.router not in found:
                found += [it for it in item.router.routers() if it not in found]
                found.append(item.router)
        return found


class Shape:
    """Draws an app. What a framework lacks is left out: `uses` (guards in an order), `late` (guards below a path)."""

    def __init__(self, rng, styles, places, has_uses=True, has_paths=True, has_own_prefix=False, twice=True):
        self.rng = rng
        self.styles = styles
        self.places = places
        self.has_uses = has_uses
        self.has_paths = has_paths
        self.has_own_prefix = has_own_prefix
        self.twice = twice
        self.nouns = rng.sample(NOUNS, len(NOUNS))
        self.prefixes = rng.sample(PREFIXES, len(PREFIXES))
        self.count = 0
        self.guards = self.draw_guards()

    def draw_guards(self):
        rng = self.rng
        kinds = [rng.choice(STRICT), rng.choice(STRICT), rng.choice(LOOSE), rng.choice(LOOSE + PARTIAL)]
        names = rng.sample(
            ["requireUser", "authenticate", "checkAccess", "ensureSession", "protect", "withIdentity", "gate", "readToken"],
            len(kinds),
        )
        return [Guard(kind, name) for kind, name in zip(kinds, names)]

    def app(self):
        root = Router("app", place="app")
        self.fill(root, 0)
        if not any(isinstance(it, Mount) for it in root.items):
            root.items.append(self.mount(1))
        return root

    def fill(self, router, depth):
        for _ in range(self.rng.randint(2, 4)):
            drawn = self.rng.random()
            if drawn < 0.22 and self.has_uses:
                path = ""
                if self.has_paths and self.rng.random() < 0.4:
                    path = "/" + self.noun()
                    # Guarded, one beside it whose name begins the same, and another one.
                    router.items.append(Use(self.strict_or_any(), path))
                    router.items.append(self.route(path))
                    router.items.append(self.route(path + "s"))
                    continue
                router.items.extend(Use(it, path) for it in self.some_guards(1))
            elif drawn < 0.55 and depth < 2:
                mount = self.mount(depth + 1)
                router.items.append(mount)
                if self.twice and mount.router.place in ("own", "factory") and self.rng.random() < 0.15:
                    router.items.append(Mount(mount.router, "/" + self.prefix(), self.some_guards()))
            else:
                router.items.append(self.route())

    def strict_or_any(self):
        return self.guards[0] if self.rng.random() < 0.6 else self.rng.choice(self.guards)

    def some_guards(self, least=0):
        """In a row; one that asks for a role mostly stands behind one that finds out who asks."""
        rng = self.rng
        found = [self.strict_or_any() for _ in range(max(least, rng.choice([0, 0, 1, 1, 1, 2])))]
        if found and rng.random() < 0.25:
            role = Guard("role", "requireRole", rng.choice(["admin", "admin", "editor"]))
            if rng.random() < 0.4:
                role = ADMIN
            found.insert(len(found) if rng.random() < 0.85 else 0, role)
        return found

    def mount(self, depth):
        router = Router(f"{self.noun()}Router", place=self.rng.choice(self.places))
        self.fill(router, depth)
        if not any(isinstance(it, Route) for it in router.items):
            router.items.append(self.route())
        prefix = "/" + self.prefix() if self.rng.random() < 0.85 else ""
        if self.has_own_prefix and self.rng.random() < 0.4:
            router.own_prefix, prefix = prefix, ""
        guards = self.some_guards() if self.rng.random() < 0.4 else []
        return Mount(router, prefix, guards)

    def route(self, path=None):
        rng = self.rng
        style = rng.choice(self.styles)
        path = path or "/" + self.noun()
        self.count += 1
        route = Route(rng.choice(METHODS), path, self.some_guards(), style, f"{path.strip('/')}{self.count}")
        if style in ("loop", "table"):
            route.turns = rng.sample(["daily", "weekly", "yearly", "latest", "oldest"], rng.randint(2, 3))
        elif rng.random() < 0.3:
            route.path += "/{id}"
        elif rng.random() < 0.1:
            route.path += "/{id}/" + self.noun()
        return route

    def noun(self):
        self.count += 1
        return self.nouns.pop() if self.nouns else f"kind{self.count}"

    def prefix(self):
        self.count += 1
        return self.prefixes.pop() if self.prefixes else f"part{self.count}"


def expected(router, prefix="", spell=str, yields=False):
    """Method, path as the framework spells it, and the name of the handler, for each route of the tree.

    `yields`: a router's own prefix does not count where it is mounted under another one.
    """
    found = []
    for item in router.items:
        if isinstance(item, Route):
            for path, name in zip(item.paths(), item.turns or [""]):
                handler = f"{item.handler}-{name}" if name else item.handler
                found.append((item.method, spell(prefix + path), handler))
        elif isinstance(item, Mount):
            own = "" if yields and item.prefix else item.router.own_prefix
            found += expected(item.router, prefix + item.prefix + own, spell, yields)
    return found
