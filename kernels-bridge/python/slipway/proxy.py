"""The way from JupyterLab's page to the daemon, through Jupyter's own server.

The page holds no token: `jupyter-server-proxy` lets only a logged-in user
through and adds the secret that makes the request its owner's. The daemon
need not run yet, nor ever have run: home and secret are made by whoever comes
first, the daemon or this.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets

from slipway.hook import home


def setup():
    """Entry point of ``jupyter_serverproxy_servers``: ``<base_url>/slipway/…`` goes to the daemon's unix socket."""
    return {
        "unix_socket": socket_path(),
        "request_headers_override": {"X-Slipway-Proxy": proxy_secret()},
        # Asking for news is not work: it must not keep an idle server alive.
        "update_last_activity": False,
        "launcher_entry": {"enabled": False},
    }


def socket_path():
    """Where the daemon of this home listens, or will listen (``homePaths`` in the server)."""
    try:
        with open(os.path.join(home.path(), "daemon.json"), encoding="utf-8") as file:
            return json.load(file)["socket"]
    except (OSError, ValueError, KeyError):
        short = hashlib.sha256(home.path().encode()).hexdigest()[:8]
        base = os.environ.get("SLIPWAY_RUNTIME_DIR") or "/tmp"
        return os.path.join(base, f"slipway-{os.getuid()}-{short}", "daemon.sock")


def proxy_secret():
    """The secret both sides know, from a 0600 file in the home; made at first use."""
    file = os.path.join(home.path(), "proxy-secret")
    os.makedirs(home.path(), mode=0o700, exist_ok=True)
    fresh = f"{file}.{os.getpid()}.tmp"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write("slw_" + secrets.token_urlsafe(32))
    try:
        os.link(fresh, file)  # whole or not at all, and never over another's
    except FileExistsError:
        pass
    finally:
        os.unlink(fresh)
    with open(file, encoding="utf-8") as made:
        return made.read().strip()
