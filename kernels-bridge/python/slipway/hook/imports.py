"""Runs a function once a module has been imported, without importing it."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
import threading


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self):
        self.callbacks = {}
        self.searching = threading.local()

    def find_spec(self, name, path=None, target=None):
        if name not in self.callbacks or getattr(self.searching, "name", None) == name:
            return None
        self.searching.name = name
        try:
            spec = importlib.util.find_spec(name)
        except Exception:  # noqa: BLE001 - the import itself will say what is wrong
            return None
        finally:
            self.searching.name = None
        loader = getattr(spec, "loader", None)
        if loader is None or not hasattr(loader, "exec_module"):
            return spec
        _run_after(loader, name, self.callbacks)
        return spec


def _run_after(loader, name, callbacks):
    original = loader.exec_module

    def exec_module(module):
        original(module)
        for callback in callbacks.pop(name, ()):
            _quietly(callback, module)

    try:
        loader.exec_module = exec_module
    except AttributeError:
        pass  # a loader of C or frozen code: `catch_up` finds the module later


_finder = _Finder()


def after_import(name, callback):
    """Call ``callback(module)`` when `name` has been imported; at once where it is already."""
    module = sys.modules.get(name)
    if module is not None:
        _quietly(callback, module)
        return
    _finder.callbacks.setdefault(name, []).append(callback)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def catch_up():
    """Serve callbacks of modules that came in some other way; cheap, called between cells."""
    for name in [name for name in _finder.callbacks if name in sys.modules]:
        for callback in _finder.callbacks.pop(name, ()):
            _quietly(callback, sys.modules[name])


def forget():
    """Take the finder out again."""
    _finder.callbacks.clear()
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


def _quietly(callback, module):
    try:
        callback(module)
    except Exception:  # noqa: BLE001 - an import must never fail because of us
        pass
