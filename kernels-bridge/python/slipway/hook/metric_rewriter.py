"""Wraps the measuring expressions of a cell's tree, so that their values are seen as they pass by.

``f(x)`` becomes ``__slipway_metric__(ID, f(x))``, a call that returns its
second argument and cannot fail. It is evaluated after ``f(x)``, in the same
place of the source: what ``f(x)`` raises has the traceback it always had.
Bodies of functions are left alone, so that a function pickled to another
process never needs us there.
"""

from __future__ import annotations

import ast

from .metric_finder import Found
from .metric_words import constant_text, label_before_field, percent_labels
from .names import target_names

WRAPPER = "__slipway_metric__"
_SHOWS = frozenset(["print", "display"])


class Site:
    """One measuring expression of the running cell."""

    __slots__ = ("names", "line", "is_looped", "loop_names", "local_names", "base", "per_group", "count")

    def __init__(self, names, line, is_looped, loop_names, local_names, base, per_group):
        self.names = names
        self.line = line
        self.is_looped = is_looped
        self.loop_names = loop_names
        self.local_names = local_names
        #: Set where the value counts only if the name `base` does not hold the number itself.
        self.base = base
        #: What measures, where the value holds a number for each group of the data.
        self.per_group = per_group
        self.count = 0


class MetricRewriter:
    """Rewrites one tree; `add_site` takes a `Site` and returns its id."""

    def __init__(self, finder, add_site, line_offset=0):
        self.finder = finder
        self.add_site = add_site
        self.line_offset = line_offset
        self.loops = []
        self.locals = []
        self.line = 1

    def rewrite(self, tree):
        """Wrap what measures in `tree`, in place."""
        self._block(tree.body)

    def _block(self, statements):
        for statement in statements:
            self.line = statement.lineno + self.line_offset
            self._statement(statement)

    def _statement(self, s):
        finder = self.finder
        if isinstance(s, (ast.Import, ast.ImportFrom)):
            finder.learn_import(s)
        elif isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)):
            finder.learn_function(s)
        elif isinstance(s, ast.Assign):
            self._assign(s)
        elif isinstance(s, (ast.AnnAssign, ast.AugAssign)):
            if s.value is not None:
                name = _target_label(s.target)
                s.value = self._value(s.value, name, assigned=isinstance(s.target, ast.Name))
        elif isinstance(s, ast.Expr):
            s.value = self._value(s.value, None)
        elif isinstance(s, (ast.For, ast.AsyncFor, ast.While)):
            names = []
            if not isinstance(s, ast.While):
                target_names(s.target, names)
            self.loops.append(names)
            self._block(s.body)
            self.loops.pop()
            self._block(s.orelse)
        else:
            for field in ("body", "orelse", "finalbody"):
                self._block(getattr(s, field, ()) if not isinstance(s, ast.ClassDef) else ())
            for handler in getattr(s, "handlers", ()):
                self._block(handler.body)
            for case in getattr(s, "cases", ()):
                self._block(case.body)

    def _assign(self, s):
        found = self.finder.find(s.value)
        target = s.targets[0]
        is_alias = isinstance(s.value, ast.Name) and s.value.id in self.finder.measured
        if isinstance(target, (ast.Tuple, ast.List)):
            self._assign_tuple(s, target, found)
        else:
            s.value = self._value(s.value, _target_label(target), assigned=isinstance(target, ast.Name))
        names = []
        for each in s.targets:
            target_names(each, names)
        is_number = found is not None and found.kind != "sliced"
        (self.finder.measured.update if is_number or is_alias else self.finder.measured.difference_update)(names)

    def _assign_tuple(self, s, target, found):
        labels = [element.id if isinstance(element, ast.Name) and element.id != "_" else None for element in target.elts]
        if found is not None and not any(isinstance(element, ast.Starred) for element in target.elts):
            s.value = self._wrap(s.value, labels, found)
        elif isinstance(s.value, ast.Tuple) and len(s.value.elts) == len(labels):
            s.value.elts = [self._value(value, label, assigned=True) for value, label in zip(s.value.elts, labels)]
        else:
            s.value = self._value(s.value, None)

    def _value(self, node, label, assigned=False):
        """Return `node` with what measures in it wrapped; `label` names it where it is the measurement itself."""
        found = self.finder.find(node)
        if found is not None:
            return self._wrap(node, label or found.name, found, assigned)
        if isinstance(node, ast.Dict):
            for i, (key, value) in enumerate(zip(node.keys, node.values)):
                text = constant_text(key)
                node.values[i] = self._value(value, ".".join(filter(None, [label, text])) or None)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            node.elts = [self._value(element, None) for element in node.elts]
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.JoinedStr):
            self._fields(node)
        elif isinstance(node, ast.FormattedValue):
            node.value = self._value(node.value, label)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and constant_text(node.left) is not None:
            node.right = self._arguments(node.right, percent_labels(node.left.value))
        elif isinstance(node, ast.IfExp):
            node.body, node.orelse = self._value(node.body, label), self._value(node.orelse, label)
        elif isinstance(node, ast.NamedExpr):
            node.value = self._value(node.value, node.target.id, assigned=True)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            self._comprehension(node, label)
        return node

    def _call(self, node):
        function = node.func
        labels = [None] * len(node.args)
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        text = constant_text(getattr(function, "value", None))
        if name in _SHOWS or name == "log_metric":
            for i in range(1, len(node.args)):
                before = constant_text(node.args[i - 1])
                labels[i] = label_before_field(before) if before else None
        elif name == "format" and text is not None:
            labels = (percent_labels(text) + labels)[: len(labels)]
        node.args = [self._value(argument, label) for argument, label in zip(node.args, labels)]
        for keyword in node.keywords:
            keyword.value = self._value(keyword.value, keyword.arg)

    def _fields(self, node):
        before = ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self._value(part.value, label_before_field(before) or None)
                before = ""
            else:
                before = constant_text(part) or ""

    def _arguments(self, node, labels):
        if isinstance(node, ast.Tuple):
            node.elts = [self._value(e, labels[i] if i < len(labels) else None) for i, e in enumerate(node.elts)]
            return node
        return self._value(node, labels[0] if labels else None)

    def _comprehension(self, node, label):
        names = []
        for generator in node.generators:
            target_names(generator.target, names)
        self.locals.append(names)
        field = "value" if isinstance(node, ast.DictComp) else "elt"
        setattr(node, field, self._value(getattr(node, field), label))
        self.locals.pop()

    def _wrap(self, node, label, found: Found, assigned=False):
        if found.kind == "derived" and isinstance(node, ast.Name):
            return node
        names = label if isinstance(label, list) else [label]
        local_names = [name for names_ in self.locals for name in names_]
        site = Site(
            names if isinstance(label, list) else names[0],
            self.line,
            bool(self.loops or self.locals),
            [name for loop in self.loops for name in loop],
            local_names,
            found.base if found.kind == "derived" and not assigned else None,
            found.name if found.kind == "sliced" else None,
        )
        arguments = [ast.Constant(self.add_site(site)), node] + [ast.Name(name, ast.Load()) for name in local_names]
        call = ast.Call(ast.Name(WRAPPER, ast.Load()), arguments, [])
        for new in (call, call.func, *arguments):
            if new is not node:
                ast.copy_location(new, node)
        return call


def _target_label(target):
    """``acc`` → acc, ``scores['rf']`` → scores.rf, ``scores[name]`` → scores, ``self.acc`` → self.acc."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        key = target.slice.value if isinstance(target.slice, ast.Constant) else None
        return target.value.id if key is None else "%s.%s" % (target.value.id, key)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return "%s.%s" % (target.value.id, target.attr)
    return None
