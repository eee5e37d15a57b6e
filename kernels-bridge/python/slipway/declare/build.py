"""A traced pipeline as a pipeline file and its cells."""

from .problem import DeclarationError
from .sources import ModuleSource, module_of
from .steps import Param, Value, identifier
from .types import hints_of


class Builder:
    """Turns one pipeline into the JSON that `slipway apply` reads.

    Parameters
    ----------
    pipeline : Pipeline
    """

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.modules = {}
        self.cells = {}
        self.places = {}
        self.used_names = set()
        self.variables = {}

    def build(self):
        """The file, its cells, and the lines of its steps."""
        params, calls, returned = self.pipeline.trace()
        self._name(calls)
        for name, value in params.items():
            self._cell(f"param.{name}", f"{name} = {value!r}", "Parameter")
        for call in calls:
            self._code_cell(call)
        self._check_params(params)
        for call in calls:
            self.variables[call] = self._variable(call.name)
        steps = {call.name: self._step(call) for call in calls}
        taken = {value._call for call in calls for value in call.arguments.values() if isinstance(value, Value)}
        for call in calls:
            if call in taken or call in returned:
                kind = "list" if call.item else hints_of(call.step.function).get("return", "any")
                steps[call.name]["outputs"] = {self.variables[call]: kind}
        options = dict(self.pipeline.options)
        file = {"slipway": 1, "name": self.pipeline.name, "params": list(params), "steps": steps, **options}
        return {"file": file, "cells": list(self.cells.values()), "places": self.places, "line": self.pipeline.function.__code__.co_firstlineno}

    def _name(self, calls):
        counts = {}
        for call in calls:
            count = counts[call.step.name] = counts.get(call.step.name, 0) + 1
            call.name = call.step.name if count == 1 else f"{call.step.name}-{count}"
            if any(other.name == call.name and other is not call for other in calls):
                raise DeclarationError(f"Two steps have the name {call.name}: give one another by `name=`.", *call.place)
            self.places[call.name] = {"file": call.place[0], "line": call.place[1]}

    def _code_cell(self, call):
        function = call.step.function
        module = module_of(function)
        source = self.modules.setdefault(module.__name__, None) or ModuleSource(module)
        self.modules[module.__name__] = source
        needed = source.needed_by(function)
        self.used_names.update(name for s in needed for name in s.binds)
        self.used_names.add(function.__name__)
        parts = [s.source() for s in needed] + [source.statement_of(function).undecorated()]
        self._cell(f"{call.step.name}.code", _spaced(parts), f"What {call.step.name} rests on")

    def _check_params(self, params):
        for name in params:
            if name in self.used_names:
                code = self.pipeline.function.__code__
                raise DeclarationError(f"The parameter {name} has the name of something in the module that steps use: rename it.", code.co_filename, code.co_firstlineno)

    def _variable(self, name):
        variable = f"{identifier(name)}_value"
        while variable in self.used_names:
            variable += "_"
        self.used_names.add(variable)
        return variable

    def _step(self, call):
        hints = hints_of(call.step.function)
        cells, inputs, words = [], {}, []
        options = dict(call.step.options)
        for name, value in call.arguments.items():
            if isinstance(value, Param):
                cells.append(f"param.{value.name}")
                words.append(f"{name}={value.name}")
            elif isinstance(value, Value):
                variable = self.variables.get(value._call)
                if variable is None:
                    raise DeclarationError(f"{call.step.name} takes what a step of another pipeline gives.", *call.place)
                if call.item == name:
                    item = f"{identifier(call.name)}_item"
                    options["map"] = {**options.get("map", {}), "over": variable, "as": item}
                    inputs[variable] = "list"
                    words.append(f"{name}={item}")
                else:
                    inputs[variable] = hints.get(name, "any")
                    words.append(f"{name}={variable}")
            else:
                words.append(f"{name}={value!r}")
        self._cell(call.name, f"{self.variables[call]} = {call.step.function.__name__}({', '.join(words)})", "")
        before = [v._call.name for v in call.arguments.values() if isinstance(v, Value)] + [other.name for other in call.after]
        return {"cells": [*dict.fromkeys(cells), f"{call.step.name}.code", call.name], "after": list(dict.fromkeys(before)), "inputs": inputs, "outputs": [], **options}

    def _cell(self, cell_id, source, title):
        self.cells.setdefault(cell_id, {"id": cell_id, "title": title, "source": source})


def _spaced(parts):
    """Imports and constants close together, functions and classes apart."""
    text = ""
    for part in parts:
        is_block = "\n" in part or part.startswith(("def ", "class ", "@"))
        text += part if text == "" else (("\n\n\n" if is_block else "\n") + part)
    return text
