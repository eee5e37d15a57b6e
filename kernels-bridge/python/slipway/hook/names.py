"""Which top-level names a cell reads, binds and deletes."""

from __future__ import annotations

import ast
import re

import _symtable  # the C half of `symtable`: one parse, no wrapper objects

_CODE_MAGICS = frozenset(["time", "timeit", "prun", "capture", "memit", "mprun", "lprun"])
_OPTIONS = re.compile(r"^(?:\s*-{1,2}\w+(?:[ =]?\d+)?)+\s*")
_INTERPOLATED = re.compile(r"\{\s*([A-Za-z_]\w*)|\$([A-Za-z_]\w*)")
_SHELL_NAMES = re.compile(r"_i{0,3}|_{2,3}|_i?\d+")
_HIDDEN = frozenset(["In", "Out", "exit", "quit", "get_ipython", "open", "_ih", "_oh", "_dh", "__builtin__", "__builtins__", "__doc__", "__loader__", "__name__", "__package__", "__spec__", "__session__", "_exit_code"])


def is_users(name):
    """Whether a name in the namespace is the user's rather than IPython's own bookkeeping."""
    return name not in _HIDDEN and not (name[0] == "_" and _SHELL_NAMES.fullmatch(name))


def read_names(source):
    """Global names that the code of a transformed cell reads, those of its nested functions included."""
    found = set()
    for text in _with_magics(source):
        try:
            _collect(_symtable.symtable(text, "<cell>", "exec"), found)
        except (SyntaxError, ValueError):
            continue
    found.discard("get_ipython")
    return found


def _collect(table, found):
    is_module = table.type in ("module", _symtable.TYPE_MODULE)
    for name, flags in table.symbols.items():
        if flags & _symtable.USE:
            scope = (flags >> _symtable.SCOPE_OFF) & _symtable.SCOPE_MASK
            if is_module or scope in (_symtable.GLOBAL_IMPLICIT, _symtable.GLOBAL_EXPLICIT):
                found.add(name)
    for child in table.children:
        _collect(child, found)


def _with_magics(source):
    """The cell, and the code within magics that run it (``%%time``) or paste names in (``!cmd {x}``)."""
    yield source
    if "get_ipython()." not in source:
        return
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        kind = node.func.attr
        if kind in ("run_cell_magic", "run_line_magic") and texts and texts[0] in _CODE_MAGICS:
            yield _OPTIONS.sub("", texts[-1])
        elif kind in ("run_cell_magic", "run_line_magic", "system", "getoutput"):
            names = {a or b for text in texts for a, b in _INTERPOLATED.findall(text)}
            if names:
                yield "\n".join(names)


def certain_names(tree, before_line=None):
    """Names that the cell's top-level statements bind for sure, up to the one that holds `before_line`."""
    found = []
    for statement in tree.body:
        if before_line is not None and (statement.end_lineno or 0) >= before_line:
            break
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.extend((alias.asname or alias.name.split(".")[0]) for alias in statement.names if alias.name != "*")
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                target_names(target, found)
        elif isinstance(statement, ast.AugAssign) or (isinstance(statement, ast.AnnAssign) and statement.value is not None):
            target_names(statement.target, found)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            for item in statement.items:
                if item.optional_vars is not None:
                    target_names(item.optional_vars, found)
    return list(dict.fromkeys(found))


def target_names(target, found):
    """Append the plain names an assignment target binds."""
    if isinstance(target, ast.Name):
        found.append(target.id)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            target_names(element, found)
    elif isinstance(target, ast.Starred):
        target_names(target.value, found)
