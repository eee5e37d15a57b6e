"""What a cell did to the user's namespace."""

from __future__ import annotations

from .names import is_users


class NamespaceDiff:
    """Compares a namespace with what it was at the last call.

    IPython adds a history name or two to it for every cell, so looking at
    each name each time would grow dear: the user's own names are known, and
    new ones stand at the end of the dict.
    """

    def __init__(self, namespace):
        self.namespace = namespace
        self.names = []
        self.ids = []
        self.known = set()
        self.last_key = None
        self.size = 0
        self.scan()

    def scan(self):
        """Learn the namespace anew."""
        namespace = self.namespace
        self.names = [name for name in namespace if is_users(name)]
        self._remember()

    def _remember(self):
        namespace = self.namespace
        self.known = set(self.names)
        # Identities only: holding the values would keep tables alive that a cell let go of.
        self.ids = list(map(id, map(namespace.get, self.names)))
        self.last_key = next(reversed(namespace), None)
        self.size = len(namespace)

    def take(self, certain):
        """Return the names bound since the last call (the `certain` ones that exist first) and those deleted."""
        namespace = self.namespace
        bound = [name for name in certain if name in namespace and is_users(name)]
        ids = list(map(id, map(namespace.get, self.names)))
        deleted = [] if self.known <= namespace.keys() else [name for name in self.names if name not in namespace]
        if ids != self.ids:
            gone = set(deleted)
            bound.extend(name for name, now, was in zip(self.names, ids, self.ids) if now != was and name not in gone)
        new = self._new_names(len(deleted))
        bound.extend(new)
        if deleted or new:
            self.names = [name for name in self.names if name in namespace] + new
            self._remember()
        else:
            self.ids = ids
            self.last_key = next(reversed(namespace), None)
            self.size = len(namespace)
        return list(dict.fromkeys(bound)), deleted

    def _new_names(self, deleted_count):
        found = []
        added = 0
        for key in reversed(self.namespace):
            if key == self.last_key:
                break
            added += key not in self.known
            if key not in self.known and is_users(key):
                found.append(key)
        if self.size - deleted_count + added != len(self.namespace):
            # The key it ended with was itself deleted or moved: look at all.
            found = [key for key in reversed(self.namespace) if key not in self.known and is_users(key)]
        return found[::-1]
