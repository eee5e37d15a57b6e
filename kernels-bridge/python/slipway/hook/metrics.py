"""Metrics of the running cell: IPython's tree passes through here, measured values are collected."""

from __future__ import annotations

import ast
import builtins

from .metric_finder import MetricFinder
from .metric_rewriter import WRAPPER, MetricRewriter
from .metric_words import MetricWords, clean_label
from .names import certain_names
from .slice_metrics import SliceName, slices_of
from .values import to_json_number, to_number, to_scalar

MAX_POINTS = 10_000


class MetricTransformer(ast.NodeTransformer):
    """An IPython ``ast_transformers`` entry; `begin` and `take` bracket a cell."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.finder = MetricFinder(MetricWords(), namespace)
        self.sites = {}
        self.points = []
        self.next_id = 1
        self.tree_count = 0
        self.is_magic = False
        self.cell_tree = None
        #: Called with each point (name, value, step) as it is measured.
        self.on_point = None

    def begin(self, source):
        """Forget the cell before."""
        self.sites = {}
        self.points = []
        self.tree_count = 0
        self.cell_tree = None
        self.is_magic = source.startswith("%%")

    def install(self):
        """Make the wrapper known to all code; a builtin, so that it is in no user's namespace."""
        setattr(builtins, WRAPPER, self.observe)

    def uninstall(self):
        """Leave a wrapper that only passes values on: code already compiled may still call it."""
        setattr(builtins, WRAPPER, lambda _site, value, *_names: value)

    def visit(self, tree):
        """Rewrite a cell's module; called by IPython, also for the body of ``%%time``."""
        if not isinstance(tree, ast.Module):
            return tree
        self.tree_count += 1
        if self.tree_count == 1:
            self.cell_tree = tree
        try:
            # The body of a cell magic starts on the cell's second line.
            MetricRewriter(self.finder, self._add_site, 1 if self.is_magic and self.tree_count > 1 else 0).rewrite(tree)
        except Exception:  # noqa: BLE001 - a cell of unforeseen shape runs without metrics
            pass
        return tree

    def certain_names(self, before_line):
        """Top-level names the cell bound for sure."""
        return [] if self.cell_tree is None else certain_names(self.cell_tree, before_line)

    def _add_site(self, site):
        site_id = self.next_id
        self.next_id += 1
        self.sites[site_id] = site
        return site_id

    def observe(self, site_id, value, *local_values):
        """Take note of a measured value and return it."""
        site = self.sites.get(site_id)
        if site is not None:
            try:
                self._note(site, value, local_values)
            except Exception:  # noqa: BLE001 - the cell must not notice us
                pass
        return value

    def _note(self, site, value, local_values):
        if len(self.points) >= MAX_POINTS:
            return
        if site.base is not None and to_number(self.namespace.get(site.base)) is not None:
            return
        step = site.count if site.is_looped else 0
        if site.per_group is not None and to_number(value) is None:
            pairs = slices_of(site.names, site.per_group, value)
        elif isinstance(site.names, list):
            pairs = list(zip(site.names, value)) if isinstance(value, (tuple, list)) else []
        elif isinstance(value, dict):
            pairs = [("%s.%s" % (site.names, key), item) for key, item in list(value.items())[:100] if isinstance(key, str)]
        else:
            pairs = [(site.names, value)]
        seen = False
        for name, item in pairs:
            number = to_number(item)
            if name is not None and number is not None:
                self._add((name, to_json_number(number), step, site.line, self._loop(site, local_values)))
                seen = True
        site.count += seen

    def _add(self, point):
        self.points.append(point)
        if self.on_point is not None:
            self.on_point(_tidy(point[0]), point[1], point[2])

    def note_logged(self, name, value, step):
        """Take note of what the cell told a tracking library, unless it was seen when it was measured."""
        number = to_number(value)
        if number is None or len(self.points) >= MAX_POINTS:
            return
        value = to_json_number(number)
        if not any(_tidy(point[0]) == name and point[1] == value and point[2] == step for point in self.points[-20:]):
            self._add((SliceName(name), value, step, None, {}))

    def _loop(self, site, local_values):
        values = [(name, self.namespace.get(name, self)) for name in site.loop_names]
        values.extend(zip(site.local_names, local_values))
        scalars = ((name, to_scalar(value)) for name, value in values)
        return {name: value for name, (is_scalar, value) in scalars if is_scalar}

    def take(self, bound):
        """The cell's metrics as the contract has them; training histories among `bound` included."""
        points = self.points
        self.points = []
        for name in bound:
            self._add_history(self.namespace.get(name), points)
        return [
            {"name": _tidy(name), "value": value, "step": step, "line": line or 1, "loop": loop, **({} if line else {"isLogged": True})}
            for name, value, step, line, loop in points
        ]

    @staticmethod
    def _add_history(value, points):
        """Keras and its like: an object named History whose ``history`` holds a list a metric."""
        if type(value).__name__ != "History" or not isinstance(getattr(value, "history", None), dict):
            return
        for name, series in value.history.items():
            for step, item in enumerate(series if isinstance(series, (list, tuple)) else ()):
                number = to_number(item)
                if number is not None and len(points) < MAX_POINTS:
                    points.append((str(name), to_json_number(number), step, 1, {}))


def _tidy(name):
    return name if isinstance(name, SliceName) else clean_label(str(name)) or "metric"
