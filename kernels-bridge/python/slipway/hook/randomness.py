"""Global random state that moved without ever having been seeded."""

from __future__ import annotations

import ctypes
import functools
import random
import sys

from .activity import current
from .frames import is_called_by_user
from .imports import after_import


class Randomness:
    """Compares the global generators' states before and after a cell."""

    def __init__(self):
        self.seeded = set()
        self.before = {}
        self.patched = []

    def install(self):
        """Notice seeding, and generators made without a seed."""
        self._watch_seed(random, "seed", "random")
        after_import("numpy.random", self._watch_numpy)
        after_import("torch.random", lambda module: self._watch_seed(module, "manual_seed", "torch"))

    def uninstall(self):
        """Put the originals back."""
        while self.patched:
            owner, name, original = self.patched.pop()
            setattr(owner, name, original)

    def begin(self):
        """Remember the states, unless the last cell left them known."""
        if not self.before:
            self.before = _states(self.seeded)

    def has_moved(self):
        """Whether a generator that was never seeded has moved since the last cell."""
        before, self.before = self.before, _states(self.seeded)
        return any(name in before and before[name] != state for name, state in self.before.items())

    def _watch_numpy(self, module):
        self._watch_seed(module, "seed", "numpy")
        original = module.default_rng

        @functools.wraps(original)
        def default_rng(seed=None):
            activity = current.get()
            if seed is None and activity is not None and is_called_by_user(1):
                activity.impure("unseeded randomness")
            return original(seed)

        self._replace(module, "default_rng", original, default_rng)

    def _watch_seed(self, owner, name, generator):
        original = getattr(owner, name)

        @functools.wraps(original)
        def seed(*args, **kwargs):
            value = args[0] if args else next(iter(kwargs.values()), None)
            (self.seeded.discard if value is None else self.seeded.add)(generator)
            return original(*args, **kwargs)

        self._replace(owner, name, original, seed)

    def _replace(self, owner, name, original, wrapped):
        home = sys.modules.get(getattr(original, "__module__", None) or "")
        parent = sys.modules.get(owner.__name__.rpartition(".")[0])
        for place in {id(place): place for place in (owner, home, parent) if place is not None}.values():
            if getattr(place, name, None) is original:
                setattr(place, name, wrapped)
                self.patched.append((place, name, original))


def _states(seeded):
    """Cheap fingerprints of the generators not seeded yet; of those not imported, nothing."""
    states = {}
    if "random" not in seeded:
        state = random.getstate()[1]
        states["random"] = (state[-1], state[0], state[1])
    if "numpy" not in seeded:
        numpy_random = sys.modules.get("numpy.random.mtrand")
        if numpy_random is not None:
            states["numpy"] = _numpy_state(numpy_random._rand._bit_generator)
    if "torch" not in seeded:
        torch_random = sys.modules.get("torch.random")
        if torch_random is not None:
            states["torch"] = bytes(torch_random.get_rng_state().numpy().tobytes())
    return states


def _numpy_state(generator):
    """The generator's memory where its layout is known (MT19937: 624 words and a position), which is cheaper to ask for."""
    if type(generator).__name__ == "MT19937":
        return ctypes.string_at(generator.ctypes.state_address, 2500)
    return repr(generator.state)
