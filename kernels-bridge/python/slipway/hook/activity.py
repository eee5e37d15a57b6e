"""What one cell touches while it runs, as reported by audit events and wrapped readers."""

from __future__ import annotations

import os
import threading

from .noise import is_noise

MAX_PATHS = 1_000


class Activity:
    """Files, folders, variables and impurities of the running cell."""

    def __init__(self):
        self.files = {}
        self.folders = set()
        self.env = {}
        self.impurities = {}
        self.mlflow_runs = []

    def file(self, path, mode):
        """Take note of an opened file; `mode` is ``read`` or ``write``."""
        path = _absolute(path)
        if path is not None and len(self.files) < MAX_PATHS and not is_noise(path):
            # Once written, a file stays a product of the cell: reading it back adds nothing.
            self.files.setdefault(path, mode)

    def folder(self, path):
        """Take note of a folder whose names were listed."""
        path = _absolute("." if path is None else path)
        if path is not None and len(self.folders) < MAX_PATHS and not is_noise(path + os.sep):
            self.folders.add(path)

    def impure(self, reason):
        """Take note of something that forbids the reuse of the cell's results."""
        self.impurities.setdefault(reason)


def _absolute(path):
    if isinstance(path, int) or path is None:
        return None
    try:
        return os.path.abspath(os.fsdecode(path))
    except (TypeError, ValueError):
        return None


class Current:
    """The activity of the cell that runs now, and the threads that are not the cell's."""

    def __init__(self):
        self.activity = None
        self.pid = 0
        self.foreign_threads = frozenset()

    def begin(self, activity):
        """From here on, what user threads do is this activity's."""
        self.pid = os.getpid()
        self.activity = activity

    def end(self):
        """No cell runs."""
        self.activity = None

    def get(self):
        """The activity, if the calling thread belongs to the cell: not the kernel's own, not a forked child's."""
        activity = self.activity
        if activity is None or threading.get_ident() in self.foreign_threads or os.getpid() != self.pid:
            return None
        return activity

    def disown_threads(self, *more):
        """Threads alive now (history saver, heartbeat, IOPub) are the kernel's."""
        main = threading.main_thread().ident
        alive = {thread.ident for thread in threading.enumerate()} | {thread.ident for thread in more}
        self.foreign_threads = frozenset(self.foreign_threads | alive) - {main}


current = Current()
