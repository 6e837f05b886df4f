"""Makes one program: a source, a chain of features, a sink, spread over some modules.

A program is made either so that the value goes all the way, or so that it gets lost at exactly one feature of the
chain (the breaker). Which of both is true in the end is decided by running it, not here.
"""

from .flow import Flow, Module, Pack
from .names import Names
from .template import choose, fill, fill_rest, placeholders

HELPER_LETTERS = "fCv"


class Program:
    def __init__(self, language, rng, is_safe, steps=None):
        self.language = language
        self.rng = rng
        self.is_safe = is_safe
        self.names = Names(rng, language.snake)
        self.modules = []
        self.leaves = 0
        self.pinned = 0
        self.features = []
        self.breaker = None
        language.begin(self)
        self.steps = steps or rng.randint(*language.steps)
        self.break_at = rng.randrange(self.steps) if is_safe else None
        self.main = self.new_module(main=True)
        language.write_main(self)

    def files(self):
        return self.language.files(self)

    # ---- modules ----

    def new_module(self, main=False, leaf=False):
        name = self.language.main_name if main else self.names.unique(self.rng.choice(self.language.module_names))
        order = len(self.modules) + (1000 if leaf else 0)
        module = Module(name, order)
        self.modules.append(module)
        return module

    def home_for(self, flow, packs):
        """Where the declarations of a feature go: here, or in a module further down."""
        if self.pinned or self.rng.random() < 0.5:
            return flow.module
        if packs:
            return self.new_module(leaf=True)
        below = [it for it in self.modules if flow.module.order < it.order < 1000]
        if below and self.rng.random() < 0.4:
            return self.rng.choice(below)
        return self.new_module() if flow.module.order < 1000 else flow.module

    def reference(self, name, home, user):
        if home is None or home is user:
            return name
        return self.language.reference(self, name, home, user)

    # ---- the chain ----

    def body(self, flow):
        """The statements from the source's value to the sink."""
        return self.step(0, flow)

    def step(self, index, flow):
        if index >= self.steps:
            if flow.packs:
                return self.unpack(index, flow, misread=False)
            return self.sink(flow)
        breaks = index == self.break_at
        if flow.packs and self.rng.random() < 0.3:
            feature = flow.packs[-1].feature
            if not breaks:
                return self.unpack(index + 1, flow, misread=False)
            if feature.misread:
                return self.unpack(index + 1, flow, misread=True)
        feature = self.draw(flow, breaks)
        return self.apply(feature, index + 1, flow, breaks)

    def draw(self, flow, breaks):
        groups = {}
        for name, features in self.language.features.items():
            fitting = [it for it in features if self.fits(it, flow, breaks)]
            if fitting:
                groups[name] = fitting
        return self.rng.choice(groups[self.rng.choice(sorted(groups))])

    def fits(self, feature, flow, breaks):
        words = feature.words
        if ("text" in words and flow.packs) or ("async" in words and not flow.is_async):
            return False
        if feature.packs:
            return not breaks and len(flow.packs) < 3
        return bool(feature.safe if breaks else feature.flow)

    def apply(self, feature, after, flow, breaks):
        variant = self.rng.choice(feature.safe if breaks else feature.flow)
        self.note(feature, breaks)
        top, body = choose(variant.top, self.rng), choose(variant.body, self.rng)
        home = self.home_for(flow, feature.packs) if top else None
        helpers = {it for it in placeholders(top) if it[0] in HELPER_LETTERS}
        table = {"out": self.names.fresh("v")}
        out = flow.at(name=table["out"])
        if feature.packs:
            pack = Pack(feature, table, home, helpers)
            out.packs = flow.packs + (pack,)
            if home is flow.module:
                self.pinned += 1
        if "sync" in feature.words:
            out.is_async = False
        if "then-async" in feature.words:
            out.is_async = True

        rest_done = False

        def rest(module):
            nonlocal rest_done
            rest_done = True
            return self.step(after, out.at(module=module))

        if top:
            self.add_top(home, top, table, flow, helpers, rest)
        lines = self.render(body, table, flow, home, helpers, rest)
        if not rest_done:
            lines += rest(flow.module)
        return self.noise(flow.module) + lines

    def render(self, text, table, flow, home, helpers, rest):
        """Fills a template for the module in which the flow is."""
        lookup = self.lookup(table, flow, home, helpers, flow.module)
        filled = fill(text.replace("$rest", "\0rest"), lookup).replace("\0rest", "$rest")
        lines = fill_rest(filled, lambda: rest(flow.module)).split("\n")
        return self.language.hoist(flow.module, lines)

    def add_top(self, home, top, table, flow, helpers, rest):
        lookup = self.lookup(table, flow, home, helpers, home)
        filled = fill(top.replace("$rest", "\0rest"), lookup).replace("\0rest", "$rest")
        home.tops.append(fill_rest(filled, lambda: rest(home)))

    def lookup(self, table, flow, home, helpers, user):
        def find(key):
            if key == "in":
                return flow.name
            if key == "clean":
                return self.clean(flow.packs, user)
            if key == "run":
                return self.language.sink_name(self, user)
            if key[0] == "s":
                return self.names.fresh("s")
            if key not in table:
                table[key] = self.names.fresh(key[0])
            if key in helpers:
                return self.reference(table[key], home, user)
            return table[key]

        return find

    def clean(self, packs, user):
        """A value of the same shape, without the marker."""
        if not packs:
            return f'"{self.names.fresh("s")}"'
        *inner, pack = packs
        table = dict(pack.table)
        lookup = self.lookup(table, Flow("", tuple(inner), user, False), pack.home, pack.helpers, user)
        return fill(choose(pack.feature.empty, self.rng), lookup)

    def unpack(self, after, flow, misread):
        *inner, pack = flow.packs
        self.note(pack.feature, misread, "misread" if misread else "read")
        variant = self.rng.choice(pack.feature.misread if misread else pack.feature.read)
        table = {**pack.table, "out": self.names.fresh("v")}
        inner = tuple(inner)
        inside = flow.at(packs=inner)
        if pack.home is flow.module and self.pinned:
            self.pinned -= 1
        out = flow.at(name=table["out"], packs=inner)
        lookup = self.lookup(table, inside, pack.home, pack.helpers, flow.module)
        lines = fill(choose(variant.body, self.rng), lookup).split("\n")
        return lines + self.step(after, out)

    def sink(self, flow):
        feature = self.rng.choice(self.language.sinks)
        self.note(feature, False)
        variant = self.rng.choice(feature.flow)
        body, top = choose(variant.body, self.rng), choose(variant.top, self.rng)
        home = self.home_for(flow, False) if top else None
        helpers = {it for it in placeholders(top) if it[0] in HELPER_LETTERS}
        table = {}
        if top:
            self.add_top(home, top, table, flow, helpers, None)
        return self.render(body, table, flow, home, helpers, None)

    def noise(self, module):
        if self.rng.random() < 0.75:
            return []
        variant = self.rng.choice(self.rng.choice(self.language.noise).flow)
        table = {}
        lookup = self.lookup(table, Flow("", (), module, False), None, set(), module)
        return fill(choose(variant.body, self.rng), lookup).split("\n")

    def note(self, feature, breaks, way=""):
        name = f"{feature.group}: {feature.name}" + (f" ({way})" if way else "")
        self.features.append(name)
        if breaks:
            self.breaker = name


