"""The source a step's function rests on, cut out of its module."""

import ast
import builtins
import linecache
import sys

from .problem import DeclarationError

_BUILTINS = set(dir(builtins)) | {"__name__", "__file__", "__doc__"}


class ModuleSource:
    """A module's top-level statements by the names they bind.

    Parameters
    ----------
    module : module
    """

    def __init__(self, module):
        self.module = module
        self.file = module.__file__
        self.text = "".join(linecache.getlines(self.file))
        self.statements = [Statement(node, self.text) for node in ast.parse(self.text, self.file).body]
        self.by_name = {}
        for statement in self.statements:
            for name in statement.binds:
                self.by_name.setdefault(name, []).append(statement)

    def needed_by(self, function):
        """Statements a function rests on, in the order of the module, without itself.

        Raises
        ------
        DeclarationError
            Where a name is bound nowhere, or by what is no plain statement.
        """
        own = self.statement_of(function)
        found = set()
        pending = [(name, own.node.lineno) for name in own.uses]
        while pending:
            name, line = pending.pop()
            statements = self.by_name.get(name)
            if statements is None:
                if name not in _BUILTINS and "*" not in self.by_name:
                    raise DeclarationError(f"{function.__name__} uses {name}, which its module does not bind.", self.file, line)
                continue
            for statement in statements:
                if statement is not own and statement not in found:
                    if statement.is_declaration:
                        raise DeclarationError(f"{function.__name__} uses {name}, which is a step or a pipeline: steps are called by pipelines only.", self.file, line)
                    found.add(statement)
                    pending.extend((used, statement.node.lineno) for used in statement.uses)
        return [s for s in self.statements if s in found or s.is_future or (s.binds == {"*"})]

    def statement_of(self, function):
        line = function.__code__.co_firstlineno
        for statement in self.statements:
            if isinstance(statement.node, ast.FunctionDef) and statement.node.name == function.__name__ and statement.first <= line <= statement.last:
                return statement
        raise DeclarationError(f"The source of {function.__name__} is not at the top of {self.file}.", self.file, line)


class Statement:
    """A top-level statement: what it binds, what it uses, its text.

    Parameters
    ----------
    node : ast.stmt
    text : str
        Of the whole module.
    """

    def __init__(self, node, text):
        self.node = node
        decorators = getattr(node, "decorator_list", [])
        self.first = min([node.lineno, *(d.lineno for d in decorators)])
        self.last = node.end_lineno
        self.lines = text.splitlines()
        self.binds = _binds(node)
        self.uses = _uses(node)
        self.is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        self.is_declaration = any(_is_ours(d) for d in decorators)

    def source(self):
        return "\n".join(self.lines[self.first - 1 : self.last])

    def undecorated(self):
        """The function without our decorators."""
        ours = [d for d in self.node.decorator_list if _is_ours(d)]
        dropped = {line for d in ours for line in range(d.lineno, d.end_lineno + 1)}
        return "\n".join(self.lines[i - 1] for i in range(self.first, self.last + 1) if i not in dropped)


def _is_ours(decorator):
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
    return name in ("step", "pipeline")


def _binds(node):
    names = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            names.add(inner.id)
        elif isinstance(inner, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in inner.names)
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(inner.name)
    return names


def _uses(node):
    """Names read anywhere within, our decorators left out; names of inner scopes count too, which only adds."""
    skipped = {id(n) for d in getattr(node, "decorator_list", []) if _is_ours(d) for n in ast.walk(d)}
    read, bound = set(), set()
    for inner in ast.walk(node):
        if id(inner) in skipped:
            continue
        if isinstance(inner, ast.Name):
            (read if isinstance(inner.ctx, ast.Load) else bound).add(inner.id)
        elif isinstance(inner, ast.arg):
            bound.add(inner.arg)
        elif isinstance(inner, ast.ExceptHandler) and inner.name:
            bound.add(inner.name)
        elif isinstance(inner, (ast.Import, ast.ImportFrom)) and inner is not node:
            bound.update((alias.asname or alias.name).split(".")[0] for alias in inner.names)
        elif isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and inner is not node:
            bound.add(inner.name)
    is_scope = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return (read - bound) if is_scope else read


def module_of(function):
    """The module of a function, with its source."""
    module = sys.modules.get(function.__module__)
    if module is None or getattr(module, "__file__", None) is None:
        raise DeclarationError(f"The module of {function.__name__} has no file.")
    return module
