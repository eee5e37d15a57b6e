"""Which calls yield metrics: the list shared with the static analysis, and the labels metrics are printed under."""

from __future__ import annotations

import ast
import json
import os
import pkgutil
import re

_LABEL_NOISE = re.compile(r"[^\w\-. /]+")
_MAX_NAME = 100


class MetricWords:
    """The shared list of metric functions, read once."""

    def __init__(self):
        words = json.loads(_read_list())
        self.modules = tuple(words["modules"])
        self.functions = frozenset(words["functions"])
        self.methods = frozenset(words["methods"])
        self.see_through = frozenset(words["seeThrough"])

    def is_metric_path(self, path):
        """Whether a dotted path such as ``sklearn.metrics.f1_score`` lies in a metric module."""
        return any(path.startswith(module + ".") for module in self.modules)


def _read_list():
    beside = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "metric_functions.json")
    if os.path.exists(beside):
        with open(beside, encoding="utf-8") as file:
            return file.read()
    return (pkgutil.get_data(__package__.rpartition(".")[0], "metric_functions.json") or b"{}").decode("utf-8")


def clean_label(text):
    """``"\\nTest accuracy: "`` → ``Test accuracy``; empty where nothing of a name is left."""
    last_line = text.rstrip().rsplit("\n", 1)[-1]
    words = _LABEL_NOISE.sub(" ", last_line).strip(" -./")
    return re.sub(r"\s+", " ", words)[:_MAX_NAME]


def label_before_field(text):
    """The label of a field that follows `text`, e.g. ``", F1: "`` between two fields of an f-string."""
    return clean_label(re.split(r"[,;|\n\t]", text.rstrip(" "))[-1])


def percent_labels(text):
    """Labels of each ``%`` or ``{}`` field of a format string, in order."""
    parts = re.split(r"%[-+ #0-9.]*[diouxXeEfFgGrsa]|\{[^{}]*\}", text)
    return [label_before_field(part) for part in parts[:-1]]


def constant_text(node):
    """The text of a string literal, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def dotted(node):
    """``a.b.c`` of a chain of attributes on a name, else None."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))
