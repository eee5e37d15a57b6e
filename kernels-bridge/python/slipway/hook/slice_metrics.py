"""Metrics by group: what ``df.groupby("country").apply(lambda g: accuracy_score(g.y, g.p))`` gives, as metrics of slices.

Their names are the registry's: ``METRIC/slice/COLUMN:VALUE`` (schema/src/slices.ts).
pandas is never imported here; its results are known by their shape.
"""

from __future__ import annotations

import re

from .metric_words import clean_label
from .values import to_number

_MAX_GROUPS = 100
_MAX_PART = 60
_NOISE = re.compile(r"[^\w\-. ]+")


class SliceName(str):
    """A name that is whole already: what tidies labels leaves it alone."""

    __slots__ = ()


def slices_of(label, measure, value):
    """Pairs of name and number of a Series by one named column (of a DataFrame: a metric each column), else nothing."""
    index = getattr(value, "index", None)
    column = getattr(index, "name", None)
    if not isinstance(column, str) or getattr(index, "nlevels", 0) != 1 or len(index) > _MAX_GROUPS:
        return []
    kind = type(value).__name__
    if kind == "Series":
        return _named(_metric_of(label, measure, column), column, value.items())
    if kind == "DataFrame":
        return [pair for metric in value.columns for pair in _named(str(metric), column, value[metric].items())]
    return []


def _metric_of(label, measure, column):
    """``accuracy_by_country`` measures the accuracy; of ``by_country`` only the function says what."""
    ending = "by_%s" % column
    if not isinstance(label, str) or label == ending:
        return measure
    return label[: -len(ending) - 1] if label.endswith("_" + ending) else label


def _named(metric, column, items):
    numbers = [(_part(group), to_number(item)) for group, item in items]
    if any(number is None for _, number in numbers):
        return []
    taken = {}
    pairs = []
    for group, number in numbers:
        # Two groups may look alike once they are tidied.
        taken[group] = taken.get(group, 0) + 1
        shown = group if taken[group] == 1 else "%s %d" % (group, taken[group])
        pairs.append((SliceName("%s/slice/%s:%s" % (clean_label(metric) or "metric", _part(column), shown)), number))
    return pairs


def _part(value):
    return _NOISE.sub("_", str(value)).strip(" .")[:_MAX_PART].rstrip(" .") or "_"
