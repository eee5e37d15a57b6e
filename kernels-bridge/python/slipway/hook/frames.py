"""Whose code is running: the user's own, or a library's."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile

_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def _library_prefixes():
    paths = set(sysconfig.get_paths().get(key) for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    paths.update(getattr(site, "getsitepackages", list)())
    paths.add(getattr(site, "getusersitepackages", str)())
    paths.add(os.path.dirname(os.__file__))
    return tuple({os.path.abspath(path) + os.sep for path in paths if path} | {_OWN})


LIBRARY_PREFIXES = _library_prefixes()
_CELL_MARKS = ("<ipython-input", "<cell", os.path.join(tempfile.gettempdir(), "ipykernel_"))
_is_user_file = {}


def is_user_file(filename):
    """Whether code of this file name is a cell's or a module of the user's own."""
    known = _is_user_file.get(filename)
    if known is None:
        if filename.startswith("<"):
            known = filename.startswith(_CELL_MARKS)
        else:
            known = not os.path.abspath(filename).startswith(LIBRARY_PREFIXES)
        _is_user_file[filename] = known
    return known


def is_called_by_user(depth, through=()):
    """Whether the frame `depth` above the caller is the user's, looking through files ending in `through`."""
    frame = sys._getframe(depth + 1)
    while frame is not None and through and frame.f_code.co_filename.endswith(through):
        frame = frame.f_back
    return frame is not None and is_user_file(frame.f_code.co_filename)


def is_importing(limit=12):
    """Whether the import system is at work within the nearest frames."""
    frame = sys._getframe(1)
    while frame is not None and limit:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
        limit -= 1
    return False


def has_module_in_stack(prefixes, limit=200):
    """Whether code of one of these modules (``mlflow``) is among the callers."""
    frame = sys._getframe(1)
    while frame is not None and limit:
        if str(frame.f_globals.get("__name__", "")).startswith(prefixes):
            return True
        frame = frame.f_back
        limit -= 1
    return False
