"""What may be told of a value: scalars, numbers, and a bounded description of the rest."""

from __future__ import annotations

import math
import numbers

MAX_TEXT = 500
MAX_NAMES = 500
_SAFE_INTEGER = 2**53
_SHAPED = ("pandas", "numpy", "polars", "pyarrow", "scipy", "torch")


def to_number(value):
    """Return `value` as an int or float where it is a single number (0-d arrays and tensors too), else None."""
    kind = type(value)
    if kind is float or kind is int:
        return value
    if kind is bool or value is None:
        return None
    if isinstance(value, numbers.Real):
        return int(value) if isinstance(value, numbers.Integral) else float(value)
    if getattr(value, "ndim", None) == 0 and hasattr(value, "dtype"):
        try:
            item = value.item() if hasattr(value, "item") else value.numpy().item()
        except Exception:  # noqa: BLE001 - a foreign type that only looks like a number
            return None
        return None if isinstance(item, (bool, complex)) or not isinstance(item, numbers.Real) else float(item)
    return None


def to_json_number(number):
    """JSON has no NaN and infinities: those become text; integers a double cannot hold become floats."""
    if isinstance(number, float):
        if math.isnan(number):
            return "NaN"
        if math.isinf(number):
            return "Infinity" if number > 0 else "-Infinity"
        return number
    return number if -_SAFE_INTEGER <= number <= _SAFE_INTEGER else float(number)


def to_scalar(value):
    """Return ``(True, scalar)`` where `value` may be a param's value, else ``(False, None)``."""
    if value is None or value is True or value is False:
        return True, value
    if isinstance(value, str):
        return (True, str(value)) if len(value) <= MAX_TEXT else (False, None)
    try:
        number = to_number(value)
        if number is not None:
            return True, to_json_number(number)
        if type(value).__module__ == "numpy" and type(value).__name__ in ("bool", "bool_"):
            return True, bool(value)
    except Exception:  # noqa: BLE001 - overflow, or a foreign number type
        pass
    return False, None


def scalars_of(names, namespace):
    """The scalars among these names, by name."""
    found = {}
    for name in names:
        is_scalar, value = to_scalar(namespace.get(name, _MISSING))
        if is_scalar:
            found[name] = value
    return found


def types_of(names, namespace):
    """Descriptions such as ``pandas.core.frame.DataFrame (150, 5)`` by name."""
    return {name: describe(namespace[name]) for name in names if name in namespace}


def describe(value):
    """The type's full name, and the shape or length where that is cheap to ask."""
    kind = type(value)
    module = kind.__module__
    if module == "builtins":
        text = kind.__qualname__
        if kind in (list, tuple, dict, set, frozenset):
            text += " (%d)" % len(value)
        return text
    text = "%s.%s" % (module, kind.__qualname__)
    if module.split(".", 1)[0] in _SHAPED:
        try:
            shape = getattr(value, "shape", None)
            if shape is not None:
                text += " (%s)" % ", ".join(str(int(size)) for size in shape)
        except Exception:  # noqa: BLE001 - a lazy object without a shape yet
            pass
    return text[:200]


_MISSING = object()
