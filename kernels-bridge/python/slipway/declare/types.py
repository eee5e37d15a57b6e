"""Type hints as the types of values between steps."""

import inspect
import types
import typing

_PLAIN = {str: "text", int: "integer", float: "number", bool: "boolean", dict: "mapping", list: "list", tuple: "list", set: "list", object: "any", type(None): "any"}


def hints_of(function):
    """Types by parameter, `return` among them; what is not annotated, or cannot be read, is left out."""
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - a name that is there for type checkers only
        hints = {name: hint for name, hint in inspect.get_annotations(function).items() if not isinstance(hint, str)} if hasattr(inspect, "get_annotations") else {}
    return {name: kind for name, hint in hints.items() if (kind := type_of(hint)) is not None}


def type_of(hint):
    """A hint's type; None where it says nothing that could be checked."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return type_of(typing.get_args(hint)[0])
    if origin is typing.Union or origin is getattr(types, "UnionType", typing.Union):
        return "any"
    if hint is typing.Any:
        return "any"
    kind = origin if inspect.isclass(origin) else hint
    if not inspect.isclass(kind):
        return None
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind.__module__.startswith("collections.abc"):
        return {"Mapping": "mapping", "MutableMapping": "mapping", "Sequence": "list", "MutableSequence": "list"}.get(kind.__name__)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return {"pandas.core.frame.DataFrame": "dataframe", "pandas.DataFrame": "dataframe", "pandas.core.series.Series": "series", "pandas.Series": "series", "numpy.ndarray": "array"}.get(name, name)
