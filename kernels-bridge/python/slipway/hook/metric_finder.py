"""Judges which expressions of a cell are measurements."""

from __future__ import annotations

import ast
import types
from typing import NamedTuple

from .metric_words import constant_text, dotted


_PER_GROUP = frozenset(["apply", "agg", "aggregate"])


class Found(NamedTuple):
    """A measuring expression: ``call`` measures anew, ``sliced`` each group of a ``groupby``, ``derived`` computes from a name bound to a measurement."""

    kind: str
    #: Its name where nothing better is known: the function's, or the name it derives from.
    name: str
    #: The name a derived expression hangs on.
    base: str = ""


class MetricFinder:
    """Knows, over the cells of one kernel, what import aliases mean and which names hold measurements."""

    def __init__(self, words, namespace):
        self.words = words
        self.namespace = namespace
        self.aliases = {}
        self.measured = set()
        self.functions = set()

    def learn_import(self, statement):
        """Take in what an import statement makes names mean."""
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                name = alias.asname or alias.name.split(".")[0]
                self.aliases[name] = alias.name if alias.asname else name
            elif statement.module and not statement.level:
                self.aliases[alias.asname or alias.name] = "%s.%s" % (statement.module, alias.name)

    def learn_function(self, statement):
        """A function that returns a measurement is itself one to its callers."""
        inner = MetricFinder(self.words, self.namespace)
        inner.aliases, inner.functions = dict(self.aliases), self.functions
        measures = False
        for node in ast.walk(statement):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                inner.learn_import(node)
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign) and inner.find(node.value):
                inner.measured.update(target.id for target in node.targets if isinstance(target, ast.Name))
        for node in ast.walk(statement):
            if isinstance(node, ast.Return) and node.value is not None:
                parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                measures = measures or any(inner.find(part) or _is_measured(part, inner.measured) for part in parts)
        (self.functions.add if measures else self.functions.discard)(statement.name)
        self.measured.discard(statement.name)

    def find(self, node):
        """Return what kind of measurement `node` is, or None."""
        if isinstance(node, ast.Call):
            return self._find_call(node)
        if isinstance(node, ast.Subscript):
            return self._find_history(node) or self._through(node.value)
        if isinstance(node, ast.Attribute):
            return self._through(node.value)
        if isinstance(node, ast.UnaryOp):
            return self._through(node.operand)
        if isinstance(node, ast.BinOp):
            if constant_text(node.left) is not None:
                return None
            return self._through(node.left) or self._through(node.right)
        if isinstance(node, ast.Await):
            return self.find(node.value)
        return None

    def _through(self, node):
        if isinstance(node, ast.Name):
            return Found("derived", node.id, node.id) if node.id in self.measured else None
        return self.find(node)

    def _find_call(self, node):
        function = node.func
        if isinstance(function, ast.Name):
            name = function.id
            if name in self.functions:
                return Found("call", name)
            path = self._path_of(name)
            if path is not None and self.words.is_metric_path(path):
                return Found("call", path.rsplit(".", 1)[-1])
            if name in self.words.functions or (path or "").rsplit(".", 1)[-1] in self.words.functions:
                return Found("call", (path or name).rsplit(".", 1)[-1])
            return self._through(node.args[0]) if name in self.words.see_through and node.args else None
        if not isinstance(function, ast.Attribute):
            return None
        return self._find_method(node, function)

    def _find_method(self, node, function):
        path = dotted(function)
        if path is not None:
            head, _, rest = path.partition(".")
            known = self._path_of(head)
            if known is not None:
                path = "%s.%s" % (known, rest)
                if self.words.is_metric_path(path):
                    return Found("call", function.attr)
        if function.attr in _PER_GROUP and node.args and self._is_grouped(function.value):
            return self._find_per_group(node.args[0])
        if function.attr in self.words.methods or (function.attr in self.words.functions):
            return Found("call", function.attr)
        if function.attr in self.words.see_through:
            return self._through(function.value) or (self._through(node.args[0]) if node.args else None)
        return None

    def _is_grouped(self, node):
        """Whether `node` is ``….groupby(…)``, columns of it, or a name that holds one."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            node = node.value
        if isinstance(node, ast.Name):
            return type(self.namespace.get(node.id)).__name__ in ("DataFrameGroupBy", "SeriesGroupBy")
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and (node.func.attr == "groupby" or self._is_grouped(node.func.value))

    def _find_per_group(self, function):
        """What the function given to each group measures; it may give several metrics, as a Series."""
        if isinstance(function, ast.Lambda):
            nodes = [node for node in ast.walk(function.body) if isinstance(node, ast.expr)]
            found = self.find(function.body) or next(filter(None, map(self.find, nodes)), None)
        else:
            found = self.find(ast.Call(function, [], [])) if isinstance(function, (ast.Name, ast.Attribute)) else None
        return Found("sliced", found.name) if found is not None and found.kind == "call" else None

    def _find_history(self, node):
        """``history.history['val_loss'][-1]``: a point of a training history."""
        inner = node.value
        if isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Attribute) and inner.value.attr == "history":
            key = constant_text(inner.slice)
            return Found("call", key) if key else None
        return None

    def _path_of(self, name):
        path = self.aliases.get(name)
        if path is None:
            value = self.namespace.get(name)
            if isinstance(value, types.ModuleType):
                path = value.__name__
            elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
                module = getattr(value, "__module__", None)
                path = "%s.%s" % (_public(module), value.__name__) if module and module != "__main__" else None
        return path


def _public(module):
    """``sklearn.metrics._classification`` → ``sklearn.metrics``: users import from the public package."""
    return ".".join(part for part in module.split(".") if not part.startswith("_"))


def _is_measured(node, measured):
    return isinstance(node, ast.Name) and node.id in measured
