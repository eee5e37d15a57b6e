"""When two values of a notebook and its pipeline are the same result."""

from __future__ import annotations

import math

#: Numbers may differ by this much, relative: the contract's "same result".
RELATIVE = 1e-9


def difference(a, b):
    """None where `a` and `b` are the same, else where they differ, in words."""
    kind = type(a).__module__.split(".")[0]
    if kind == "pandas" and type(a) is type(b):
        return _tables(a, b)
    if kind == "numpy" or type(b).__module__.split(".")[0] == "numpy":
        return _arrays(a, b)
    if isinstance(a, float) and isinstance(b, (int, float)) or isinstance(a, int) and isinstance(b, float):
        return None if _close(a, b) else f"{a!r} is not {b!r}"
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return _sequences(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return _dicts(a, b)
    try:
        return None if bool(a == b) else f"{_short(a)} is not {_short(b)}"
    except Exception as error:  # noqa: BLE001 - cannot be compared is not the same
        return f"cannot be compared: {error}"


def _close(a, b):
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=0.0) or (math.isnan(a) and math.isnan(b))


def _tables(a, b):
    import pandas

    if isinstance(a, pandas.DataFrame):
        if list(a.columns) != list(b.columns):
            return f"columns {list(a.columns)} are not {list(b.columns)}"
        check = pandas.testing.assert_frame_equal
    elif isinstance(a, pandas.Series):
        check = pandas.testing.assert_series_equal
    else:
        check = pandas.testing.assert_index_equal
    if len(a) != len(b):
        return f"{len(a)} rows are not {len(b)}"
    try:
        check(a, b, rtol=RELATIVE, atol=0, **({} if check is pandas.testing.assert_index_equal else {"check_freq": False}))
        return None
    except AssertionError as error:
        return " ".join(str(error).split())[:500]


def _arrays(a, b):
    import numpy

    a, b = numpy.asarray(a), numpy.asarray(b)
    if a.shape != b.shape:
        return f"shape {a.shape} is not {b.shape}"
    if a.dtype.kind in "fciub" and b.dtype.kind in "fciub":
        same = numpy.isclose(a, b, rtol=RELATIVE, atol=0, equal_nan=True)
    else:
        same = a == b
    if numpy.all(same):
        return None
    where = tuple(int(i) for i in numpy.argwhere(~numpy.asarray(same))[0])
    count = int(numpy.size(same) - numpy.count_nonzero(same))
    return f"{count} of {a.size} values differ, first at {list(where)}: {a[where]!r} is not {b[where]!r}"


def _sequences(a, b):
    if len(a) != len(b):
        return f"{len(a)} entries are not {len(b)}"
    for i, (x, y) in enumerate(zip(a, b)):
        message = difference(x, y)
        if message is not None:
            return f"[{i}]: {message}"
    return None


def _dicts(a, b):
    if a.keys() != b.keys():
        return f"keys {sorted(map(str, a))} are not {sorted(map(str, b))}"
    for key in a:
        message = difference(a[key], b[key])
        if message is not None:
            return f"[{key!r}]: {message}"
    return None


def _short(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
