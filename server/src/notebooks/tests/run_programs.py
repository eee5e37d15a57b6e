"""Runs programs in two ways and prints what each gives: cell by cell, and step by step.

Stdin: a JSON list of ``{"cells": {id: source}, "whole": [ids], "needed": [ids], "steps": [...]}``.
Stdout: a JSON list of ``[whole, needed, steps]``, values of ``result`` or an error in words.
"""

import contextlib
import io
import json
import sys
import types

import cloudpickle


def run(cells, ids):
    names = {"__name__": "__main__"}
    for id in ids:
        exec(compile(cells[id], id, "exec"), names)
    return names["result"]


def run_steps(cells, steps):
    """Each step has names of its own; only what it declares goes from one to the next, by value."""
    made = {}
    result = None
    for step in steps:
        names = {"__name__": "__main__"}
        for name in step["inputs"]:
            givers = [made[p][name] for p in step["after"] if name in made[p]]
            names[name] = at_home(cloudpickle.loads(givers[-1]), names)
        for id in step["cells"]:
            exec(compile(cells[id], id, "exec"), names)
        made[step["name"]] = {name: cloudpickle.dumps(names[name]) for name in step["outputs"]}
        result = names.get("result", result)
    return result


def at_home(value, names):
    """Give a function the step's names as its globals."""
    if isinstance(value, types.FunctionType):
        return types.FunctionType(value.__code__, names, value.__name__, value.__defaults__, value.__closure__)
    return value


def attempt(function, *args):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


programs = json.load(sys.stdin)
json.dump(
    [[attempt(run, p["cells"], p["whole"]), attempt(run, p["cells"], p["needed"]), attempt(run_steps, p["cells"], p["steps"])] for p in programs],
    sys.stdout,
)
