"""Distributions a cell imported for the first time, with their versions."""

from __future__ import annotations

import sys

_SKIPPED = frozenset(["slipway", "__main__", "__mp_main__"])


class Packages:
    """Follows `sys.modules`; the look-up of distributions happens on the worker thread."""

    def __init__(self):
        self.count = 0
        self.known = set()
        self.distributions = None
        self.told = set()

    def begin(self):
        """What is there already belongs to the kernel."""
        self.known.update(_top_level())
        self.count = len(sys.modules)

    def new_modules(self):
        """Top-level modules first seen since the last call; one comparison where there are none."""
        if len(sys.modules) == self.count:
            return ()
        self.count = len(sys.modules)
        found = _top_level() - self.known
        self.known |= found
        return found

    def versions(self, modules):
        """Distribution → version of these modules; reads metadata from disk, so never on the main thread."""
        found = {}
        for module in modules:
            if module in sys.stdlib_module_names if hasattr(sys, "stdlib_module_names") else False:
                continue
            for name in self._distributions_of(module):
                if name not in self.told:
                    version = _version(name)
                    if version:
                        self.told.add(name)
                        found[name] = version
        return found

    def _distributions_of(self, module):
        if self.distributions is None:
            try:
                from importlib.metadata import packages_distributions

                self.distributions = packages_distributions()
            except Exception:  # noqa: BLE001 - before Python 3.10, or broken metadata
                self.distributions = {}
        return self.distributions.get(module, ())


def _top_level():
    return {name.partition(".")[0] for name in list(sys.modules) if not name.startswith("_")} - _SKIPPED


def _version(name):
    try:
        from importlib.metadata import version

        return version(name)
    except Exception:  # noqa: BLE001 - no metadata
        return None
