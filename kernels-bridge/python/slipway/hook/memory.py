"""Peak memory of one cell."""

from __future__ import annotations

import os
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None


class PeakMemory:
    """Uses the process's high-water mark, which Linux resets on request; elsewhere it only ever rises."""

    def __init__(self):
        self.pid = 0
        self.reset = None
        self.before = 0

    def begin(self):
        """Start a new peak."""
        if self.pid != os.getpid():
            self._open()
        if self.reset is not None:
            try:
                os.pwrite(self.reset, b"5", 0)
            except OSError:
                self.reset = None
        self.before = _peak()

    def peak_bytes(self):
        """The peak since `begin`, or None where it cannot be told."""
        peak = _peak()
        # A mark that cannot be reset and did not move was another cell's.
        return peak if peak and (self.reset is not None or peak > self.before) else None

    def _open(self):
        self.pid = os.getpid()
        if self.reset is not None:
            try:
                os.close(self.reset)
            except OSError:
                pass
        try:
            self.reset = os.open("/proc/self/clear_refs", os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            self.reset = None


def _peak():
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
