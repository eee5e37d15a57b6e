"""Values between steps: how each is stored, so that it comes back exactly as it was.

DataFrames as Parquet, arrays without objects as npy, what JSON keeps exactly
as JSON, all else by cloudpickle. Parquet and JSON are used only where reading
back gives the same value, types and index included.
"""

from __future__ import annotations

import json
import math
import pickle
import sys

from .functions import NotebookUnpickler

#: A longer item of a list is stored, not written into a cell.
LITERAL_CHARACTERS = 4096


def store(value, path):
    """Write `value` to `path` and return the codec used.

    Raises
    ------
    Exception
        What the pickler raised, for a value that cannot be stored.
    """
    for codec, accepts, write in ((("parquet"), _is_frame, _write_parquet), ("npy", _is_plain_array, _write_npy), ("json", _is_json_exact, _write_json)):
        if accepts(value):
            try:
                if write(value, path):
                    return codec
            except Exception:  # noqa: BLE001 - this codec cannot keep it; the last one may
                pass
    try:
        import cloudpickle as pickler
    except ImportError:
        pickler = pickle
    with open(path, "wb") as file:
        pickler.dump(value, file, protocol=5)
    return "cloudpickle"


def load(path, codec, namespace=None):
    """The value stored at `path` by `codec`; the notebook's functions in it see `namespace`, where one is given."""
    if codec == "parquet":
        import pandas

        return pandas.read_parquet(path, engine="pyarrow")
    if codec == "npy":
        import numpy

        return numpy.load(path, allow_pickle=False)
    if codec == "json":
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    if codec == "list":
        with open(path, encoding="utf-8") as file:
            return [load(f"{path}.items/{index}", item["codec"], namespace) for index, item in enumerate(json.load(file))]
    with open(path, "rb") as file:
        return pickle.load(file) if namespace is None else NotebookUnpickler(file, namespace).load()


def items(value):
    """What a step that runs for each item runs for.

    Raises
    ------
    TypeError
        For what has no items in an order.
    """
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if isinstance(value, (list, tuple, range)):
        return value
    if numpy is not None and isinstance(value, numpy.ndarray) and value.ndim > 0:
        return value.tolist() if value.ndim == 1 else list(value)
    if pandas is not None and isinstance(value, (pandas.Series, pandas.Index)):
        return value.tolist()
    raise TypeError("a step runs for each item of a list, a tuple, a range, an array or a column")


def literal(value):
    """The value as Python writes it, where it is small and reads back as the very same; else None."""
    if not _is_plain(value):
        return None
    text = repr(value)
    return text if len(text) <= LITERAL_CHARACTERS else None


def _is_plain(value, depth=0):
    kind = type(value)
    if value is None or kind in (bool, int):
        return True
    if kind is str:
        return _is_utf8(value)
    if kind is float:
        return math.isfinite(value)
    if depth > 8 or kind not in (list, tuple, dict):
        return False
    parts = [*value.keys(), *value.values()] if kind is dict else value
    return all(_is_plain(part, depth + 1) for part in parts)


def _is_frame(value):
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(value) is pandas.DataFrame


def _write_parquet(frame, path):
    """True if the frame comes back equal, index, dtypes and attributes of the index included."""
    import pandas

    frame.to_parquet(path, engine="pyarrow")
    back = pandas.read_parquet(path, engine="pyarrow")
    pandas.testing.assert_frame_equal(frame, back, check_exact=True, check_freq=True, check_flags=True)
    return list(map(type, frame.columns)) == list(map(type, back.columns)) and frame.attrs == back.attrs and not any(_has_objects(frame[c]) for c in frame.columns if frame.columns.is_unique)


def _has_objects(column):
    return column.dtype == object and any(type(v) not in (str, type(None)) for v in column)


def _is_plain_array(value):
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and not value.dtype.hasobject


def _write_npy(array, path):
    import numpy

    with open(path, "wb") as file:
        numpy.save(file, array, allow_pickle=False)
    return True


def _is_json_exact(value, depth=0):
    kind = type(value)
    if value is None or kind in (bool, str):
        return kind is not str or _is_utf8(value)
    if kind is int:
        return True
    if kind is float:
        return math.isfinite(value)
    if depth > 50:
        return False
    if kind is list:
        return all(_is_json_exact(v, depth + 1) for v in value)
    return kind is dict and all(type(k) is str and _is_utf8(k) and _is_json_exact(v, depth + 1) for k, v in value.items())


def _is_utf8(text):
    try:
        text.encode()
        return True
    except UnicodeEncodeError:
        return False


def _write_json(value, path):
    text = json.dumps(value, ensure_ascii=False)
    if json.loads(text) != value:
        return False
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return True
