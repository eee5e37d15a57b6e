"""Digests of what cells opened, computed off the main thread."""

from __future__ import annotations

import hashlib
import os
import threading

#: Beyond this, a notebook's file is known by its path and size only.
NOTEBOOK_LIMIT_BYTES = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class Digests:
    """SHA-256 by path, remembered while size, time and inode stay the same."""

    def __init__(self, limit_bytes):
        self.limit_bytes = limit_bytes
        self.known = {}
        self.lock = threading.Lock()

    def of_file(self, path):
        """Return ``(digest or None, size or None)``; folders and unreadable files have neither."""
        try:
            stat = os.stat(path)
            if os.path.isdir(path):
                return None, None
            if self.limit_bytes is not None and stat.st_size > self.limit_bytes:
                return None, stat.st_size
            key = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            with self.lock:
                known = self.known.get(path)
            if known is not None and known[0] == key:
                return known[1], stat.st_size
            digest = _sha256(path)
            with self.lock:
                self.known[path] = (key, digest)
            return digest, stat.st_size
        except (OSError, ValueError):
            return None, None

    @staticmethod
    def of_listing(path):
        """SHA-256 of a folder's sorted names, or None."""
        try:
            names = sorted(os.listdir(path))
        except OSError:
            return None
        return hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def _sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while True:
            chunk = file.read(_CHUNK)  # hashing lets go of the GIL for chunks of this size
            if not chunk:
                return digest.hexdigest()
            digest.update(chunk)
