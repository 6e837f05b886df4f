"""What is particular to Python: modules and packages, the handler, the sink's function."""

from pathlib import Path

from .features import read_folder
from .flow import Flow, Imported

FOLDER = Path(__file__).parent.parent / "python"

IMPORTS = ("import ", "from ")

SINKS = {
    "os.system": "import os",
    "os.popen": "import os",
    "system": "from os import system",
    "operating.system": "import os as operating",
    "subprocess.getoutput": "import subprocess",
    "getoutput": "from subprocess import getoutput",
}


class Python:
    name = "python"
    snake = True
    steps = (2, 6)
    main_name = "server"
    module_names = "helpers service util shared tools model jobs reports".split()

    def __init__(self):
        groups = read_folder(FOLDER)
        self.sinks = groups.pop("sinks")
        self.noise = groups.pop("noise")
        self.sources = groups.pop("sources")
        self.features = groups

    def begin(self, program):
        pass

    def write_main(self, program):
        rng = program.rng
        source = rng.choice(self.sources)
        program.note(source, False)
        is_async = rng.random() < 0.4
        out = program.names.fresh("v")
        first = rng.choice(source.flow).body.replace("$out", out).replace("$m1", program.names.fresh("m"))
        lines = [first, *program.body(Flow(out, (), program.main, is_async)), 'return "done"']
        body = ["    " + it if it else it for line in lines for it in line.split("\n")]
        keyword = "async " if is_async else ""
        if "path" in source.words:
            head = ['@app.route("/run/<given>")', f"{keyword}def run(given):"]
        else:
            head = [rng.choice(['@app.route("/run", methods=["GET", "POST"])', '@app.get("/run")', '@app.post("/run")'])]
            head.append(f"{keyword}def run():")
        program.main_lines = ["app = Flask(__name__)", "", "", *head, *body]

    # ---- modules ----

    def sink_name(self, program, module):
        if not module.sink:
            module.sink = program.rng.choice(sorted(SINKS))
        return module.sink

    def reference(self, program, name, home, user):
        """The name by which one module calls what another one declares; notes the import."""
        if name not in home.exports:
            home.exports.append(name)
        if not home.style:
            home.style = "module"
            home.is_folder = program.rng.random() < 0.25
        imported = user.imports.setdefault(home.name, Imported(home, program.rng))
        if imported.form == "namespace":
            imported.names[name] = name
            return f"{home.name}.{name}"
        if name not in imported.names:
            is_renamed = imported.form == "renamed"
            imported.names[name] = program.names.unique(name + "_other") if is_renamed else name
        return imported.names[name]

    def hoist(self, module, lines):
        """Imports that a feature's statements need go to the head of the file."""
        module.hoisted += [it for it in lines if it.startswith(IMPORTS)]
        return [it for it in lines if not it.startswith(IMPORTS)]

    def files(self, program):
        files = {}
        for module in program.modules:
            imports, tops = self.head(program, module), []
            for top in module.tops:
                lines = top.split("\n")
                imports += [it for it in lines if it.startswith(IMPORTS)]
                tops += ["", "", *[it for it in lines if not it.startswith(IMPORTS)]]
            if module is program.main:
                tops += ["", "", *program.main_lines]
            text = "\n".join([*dict.fromkeys(imports), *tops]) + "\n"
            files[f"{module.name}/inner.py" if module.is_folder else f"{module.name}.py"] = text
            if module.is_folder:
                listed = ", ".join(module.exports)
                files[f"{module.name}/__init__.py"] = program.rng.choice(
                    [f"from .inner import {listed}\n", "from .inner import *\n", f"from {module.name}.inner import {listed}\n"]
                )
        return files

    def head(self, program, module):
        lines = ["from flask import Flask, request"] if module is program.main else []
        lines += module.hoisted
        if module.sink:
            lines.append(SINKS[module.sink])
        for imported in module.imports.values():
            name = imported.home.name
            # Inside a package its siblings are found from the top, as everywhere.
            if imported.form == "namespace":
                lines.append(f"import {name}")
            else:
                listed = ", ".join(
                    it if it == local else f"{it} as {local}" for it, local in imported.names.items()
                )
                lines.append(f"from {name} import {listed}")
        return lines
