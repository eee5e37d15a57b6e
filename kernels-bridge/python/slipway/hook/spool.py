"""The session's spool file: records on their way to the daemon, which may be away."""

from __future__ import annotations

import os

MAX_HELD_BYTES = 64 * 1024 * 1024
MAX_WRITE_LINES = 200


class Spool:
    """Appends lines, all on the worker's thread; holds them in memory while the disk takes none."""

    def __init__(self, folder, session_id):
        self.folder = folder
        self.path = os.path.join(folder, session_id + ".jsonl")
        self.fd = None
        self.held = []
        self.held_bytes = 0
        self.dropped = 0

    def append(self, line):
        """Hold a line (bytes with its line feed) until the next `flush`."""
        self.held.append(line)
        self.held_bytes += len(line)
        while self.held_bytes > MAX_HELD_BYTES and len(self.held) > 1:
            # The oldest but the first: that one may be half written.
            self.held_bytes -= len(self.held.pop(1))
            self.dropped += 1

    def flush(self):
        """Write what is held; leaves it held where the disk is full or the folder cannot be made."""
        if not self.held:
            return
        try:
            self._open()
            while self.held:
                # One write for all: each gives the interpreter away, and a running cell takes its time with it.
                data = b"".join(self.held[:MAX_WRITE_LINES])
                rest = data[os.write(self.fd, data) :]
                self.held[:MAX_WRITE_LINES] = [rest] if rest else []
                self.held_bytes = sum(map(len, self.held))
        except OSError:
            self._close()

    def beat(self):
        """Show that the kernel lives: the file's time is its heartbeat."""
        self.flush()
        try:
            if self.fd is not None:
                os.utime(self.fd)
        except OSError:
            self._close()

    def _open(self):
        # The daemon removes the file of a session it took for dead, all of it stored: go on in a new one.
        if self.fd is not None and os.fstat(self.fd).st_nlink == 0:
            self._close()
        if self.fd is None:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self.fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)

    def _close(self):
        if self.fd is not None:
            try:
                os.close(self.fd)
            except OSError:
                pass
            self.fd = None
