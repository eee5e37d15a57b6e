"""Slipway's home as a kernel sees it."""

from __future__ import annotations

import json
import os


def path():
    """`SLIPWAY_HOME`, else ``~/.slipway``."""
    return os.path.abspath(os.environ.get("SLIPWAY_HOME") or os.path.join(os.path.expanduser("~"), ".slipway"))


def spool_folder():
    """Where the records' files lie."""
    return os.path.join(path(), "spool")


def daemon_url():
    """The URL of the daemon that last got ready here, or None."""
    try:
        with open(os.path.join(path(), "daemon.json"), encoding="utf-8") as file:
            url = json.load(file).get("url")
        return url if isinstance(url, str) else None
    except (OSError, ValueError):
        return None
