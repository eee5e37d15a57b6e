"""Environment variables that the user's own code reads."""

from __future__ import annotations

import os

from .activity import current
from .frames import is_called_by_user

_THROUGH = ("os.py", "_collections_abc.py", "hook/environ.py")
_original_class = None


class _RecordingEnviron(type(os.environ)):
    """`os.environ` that tells the running cell's activity what was asked of it."""

    def __getitem__(self, key):
        activity = current.get()
        if activity is None:
            return super().__getitem__(key)
        value = None
        try:
            value = super().__getitem__(key)
            return value
        finally:
            _note(activity, key, value)

    def __contains__(self, key):
        activity = current.get()
        found = super().__contains__(key)
        if activity is not None:
            _note(activity, key, super().__getitem__(key) if found else None)
        return found


def _note(activity, key, value):
    try:
        if isinstance(key, str) and key not in activity.env and len(activity.env) < 200 and is_called_by_user(1, _THROUGH):
            activity.env[key] = value
    except Exception:  # noqa: BLE001 - reading a variable must never fail because of us
        pass


def install():
    """Record reads from now on; the object stays the same, so every reference to it is served."""
    global _original_class
    if _original_class is None:
        _original_class = type(os.environ)
        os.environ.__class__ = _RecordingEnviron


def uninstall():
    """Give `os.environ` its class back."""
    global _original_class
    if _original_class is not None:
        os.environ.__class__ = _original_class
        _original_class = None
