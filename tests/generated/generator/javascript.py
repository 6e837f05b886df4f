"""What is particular to JavaScript: modules in two dialects, the handler, the sink's function."""

from pathlib import Path

from .features import read_folder
from .flow import Flow, Imported

FOLDER = Path(__file__).parent.parent / "javascript"


class JavaScript:
    name = "javascript"
    snake = False
    steps = (2, 6)
    main_name = "server"
    module_names = "helpers service util core shared lib tools model".split()

    def __init__(self):
        groups = read_folder(FOLDER)
        self.sinks = groups.pop("sinks")
        self.noise = groups.pop("noise")
        self.sources = groups.pop("sources")
        self.features = groups

    def begin(self, program):
        program.esm = program.rng.random() < 0.5

    def write_main(self, program):
        rng = program.rng
        source = rng.choice(self.sources)
        program.note(source, False)
        is_async = rng.random() < 0.7
        out = program.names.fresh("v")
        first = rng.choice(source.flow).body.replace("$out", out).replace("$m1", program.names.fresh("m"))
        flow = Flow(out, (), program.main, is_async)
        lines = [first, *program.body(flow), "res.end();"]
        keyword = "async " if is_async else ""
        verb = rng.choice(["get", "post"])
        router = rng.choice(["app", "router"])
        body = ["  " + it if it else it for line in lines for it in line.split("\n")]
        form = rng.choice(["arrow", "function", "named"])
        if form == "arrow":
            handler = [f'{router}.{verb}("/run", {keyword}(req, res) => {{', *body, "});"]
        elif form == "function":
            handler = [f'{router}.{verb}("/run", {keyword}function (req, res) {{', *body, "});"]
        else:
            handler = [f"{keyword}function run(req, res) {{", *body, "}", "", f'{router}.{verb}("/run", run);']
        head = ["const app = express();"]
        if router == "router":
            head.append("const router = express.Router();")
            handler.append('app.use("/", router);')
        program.main_lines = [*head, *(["", *handler, ""]), "app.listen(3000);"]

    # ---- modules ----

    def sink_name(self, program, module):
        if not module.sink:
            module.sink = program.rng.choice(["exec", "execSync", "child_process.exec", "cp.execSync"])
        return module.sink

    def reference(self, program, name, home, user):
        """The name by which one module calls what another one declares; notes the import."""
        if name not in home.exports:
            home.exports.append(name)
        if not home.style:
            home.style = program.rng.choice(["named", "named", "default"] if program.esm else ["object", "each", "assign"])
            home.is_folder = program.rng.random() < 0.2
        imported = user.imports.setdefault(home.name, Imported(home, program.rng))
        if imported.form == "namespace":
            imported.names[name] = name
            return f"{home.name}.{name}"
        if name not in imported.names:
            is_renamed = imported.form == "renamed"
            imported.names[name] = program.names.unique(name + "Other") if is_renamed else name
        return imported.names[name]

    def hoist(self, module, lines):
        return lines

    def files(self, program):
        kind = "module" if program.esm else "commonjs"
        files = {"package.json": f'{{ "name": "program", "type": "{kind}" }}\n'}
        for module in program.modules:
            lines = self.head(program, module)
            if module is program.main:
                lines += ['import express from "express";' if program.esm else 'const express = require("express");']
            for top in module.tops:
                lines += ["", top]
            if module is program.main:
                lines += ["", *program.main_lines]
            lines += self.exports(program, module)
            path = f"{module.name}/{module.name}.js" if module.is_folder else f"{module.name}.js"
            files[path] = "\n".join(lines) + "\n"
            if module.is_folder:
                files[f"{module.name}/index.js"] = self.index(program, module)
        return files

    def index(self, program, module):
        """A folder's file that hands on what stands beside it."""
        path = f"./{module.name}.js"
        if not program.esm:
            return f'module.exports = require("{path}");\n'
        if module.style == "default":
            return f'export {{ default }} from "{path}";\n'
        listed = ", ".join(module.exports)
        return program.rng.choice([f'export * from "{path}";\n', f'export {{ {listed} }} from "{path}";\n'])

    def head(self, program, module):
        lines = [self.sink_import(program, module.sink)] if module.sink else []
        above = "../" if module.is_folder else "./"
        for imported in module.imports.values():
            home, names = imported.home, imported.names
            path = above + home.name
            if program.esm:
                path += "/index.js" if home.is_folder else ".js"
            whole = imported.form == "namespace"
            pairs = ", ".join(it if it == local else f"{it}: {local}" for it, local in names.items())
            if not program.esm:
                lines.append(f'const {home.name if whole else f"{{ {pairs} }}"} = require("{path}");')
            elif home.style == "default":
                lines.append(f'import {home.name} from "{path}";')
                if not whole:
                    lines.append(f"const {{ {pairs} }} = {home.name};")
            elif whole:
                lines.append(f'import * as {home.name} from "{path}";')
            else:
                lines.append(f'import {{ {pairs.replace(":", " as")} }} from "{path}";')
        return lines

    def sink_import(self, program, sink):
        holder, _, name = sink.rpartition(".")
        if program.esm:
            return f'import {holder or f"{{ {name} }}"} from "node:child_process";'
        return f'const {holder or f"{{ {name} }}"} = require("child_process");'

    def exports(self, program, module):
        if not module.exports:
            return []
        listed = ", ".join(module.exports)
        if module.style in ("named", "default"):
            return ["", f"export {'default ' if module.style == 'default' else ''}{{ {listed} }};"]
        if module.style == "object":
            return ["", f"module.exports = {{ {listed} }};"]
        holder = "exports" if module.style == "each" else "module.exports"
        return ["", *[f"{holder}.{it} = {it};" for it in module.exports]]
