"""Runs one step of an exported pipeline where there is no Slipway.

Standard library only, and whole in one file: exports carry its text. Values
lie as pickles in files, one a name; with cloudpickle and IPython where they
are installed, so that functions can be handed on and magics are understood.

    python standalone.py SPEC.json
    python standalone.py --cells JSON [--param NAME JSON]… [--input NAME PATH]…
        [--output NAME PATH]… [--each JSON] [--executor_input JSON --names JSON]

The spec: ``cells`` (``[[text or {"param": name, "float": bool}, …], …]``),
``params`` (by name), ``inputs`` and ``outputs`` (paths by variable), ``env``,
``folder`` (where the cells run), ``item`` (``{"over": path, "as": name,
"index": number}``), ``collect`` (lists of paths by variable), ``spread``
(``{"over": variable, "path": path}``: where to write how many items there are),
``each`` (``{"over": variable, "as": name}``: run the cells for each item of the
list, and collect what they give).
"""

import json
import os
import pickle
import sys
import types

try:
    import cloudpickle as pickler
except ImportError:
    pickler = pickle


def run(spec):
    """Bind the inputs, run the cells, keep the outputs."""
    os.environ.update(spec.get("env") or {})
    if spec.get("folder"):
        os.chdir(spec["folder"])
        sys.path.insert(0, spec["folder"])
    space = {name: load(path) for name, path in (spec.get("inputs") or {}).items()}
    for name, paths in (spec.get("collect") or {}).items():
        space[name] = [load(path) for path in paths if os.path.exists(path)]
    item = spec.get("item")
    if item:
        space[item["as"]] = list(load(item["over"]))[int(item["index"])]
    sources = [source_of(cell, spec.get("params") or {}) for cell in spec["cells"]]
    outputs = spec.get("outputs") or {}
    each = spec.get("each")
    if each:
        items = list(space.pop(each["over"]))
        spaces = [execute(sources, {**space, each["as"]: one}) for one in items]
        space = {name: [made[name] for made in spaces] for name in outputs}
    else:
        space = execute(sources, space)
    for name, path in outputs.items():
        if name not in space:
            raise NameError(f"no cell of this step bound {name}")
        store(space[name], path)
    if spec.get("spread"):
        with open(spec["spread"]["path"], "w", encoding="utf-8") as file:
            json.dump(list(range(len(list(space[spec["spread"]["over"]])))), file)


def source_of(cell, params):
    """A cell's text with the values of parameters written in."""
    return "".join(part if isinstance(part, str) else literal(params[part["param"]], part.get("float", False)) for part in cell)


def literal(value, is_float):
    """A scalar as Python writes it; a float stays one though it is whole."""
    return repr(float(value)) if is_float and isinstance(value, (int, float)) and not isinstance(value, bool) else repr(value)


def execute(sources, space):
    """Run cells in one namespace, as a notebook does; the first that fails ends it."""
    main = types.ModuleType("__main__")
    main.__dict__.update(space)
    sys.modules["__main__"] = main
    try:
        from IPython.core.interactiveshell import InteractiveShell
    except ImportError:
        for number, source in enumerate(sources, 1):
            exec(compile(source, f"<cell {number}>", "exec"), main.__dict__)
        return main.__dict__
    shell = InteractiveShell(user_module=main, user_ns=main.__dict__)
    for source in sources:
        shell.run_cell(source).raise_error()
    return shell.user_ns


def load(path):
    """The value in a file."""
    with open(path, "rb") as file:
        return pickle.load(file)


def store(value, path):
    """A value into a file, whole or not at all."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".new", "wb") as file:
        pickler.dump(value, file)
    os.replace(path + ".new", path)


def spec_of(words):
    """A spec from a command line, as containers are given one."""
    if len(words) == 1:
        with open(words[0], encoding="utf-8") as file:
            return json.load(file)
    spec = {"cells": [], "params": {}, "inputs": {}, "outputs": {}}
    given, names, words = {}, {}, list(words)
    while words:
        word = words.pop(0)
        if word in ("--input", "--output"):
            spec[word[2:] + "s"][words.pop(0)] = words.pop(0)
        elif word == "--param":
            name, value = words.pop(0), words.pop(0)
            try:
                spec["params"][name] = json.loads(value)
            except ValueError:
                spec["params"][name] = value
        elif word == "--executor_input":
            given = json.loads(words.pop(0)).get("inputs", {}).get("parameterValues", {})
        elif word == "--names":
            names = json.loads(words.pop(0))
        else:
            spec[word[2:]] = json.loads(words.pop(0))
    spec["params"].update({name: given.get(key) for name, key in names.items()})
    return spec


if __name__ == "__main__":
    run(spec_of(sys.argv[1:]))
