"""The process's audit events, turned into the activity of the running cell."""

from __future__ import annotations

import os
import sys

from .activity import current
from .frames import has_module_in_stack, is_called_by_user, is_importing

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_SHELLS = ("subprocess.py", "os.py", "pty.py", "process.py", "_process_posix.py", "_process_common.py", "core/interactiveshell.py", "ipykernel/zmqshell.py", "pexpect/pty_spawn.py", "pexpect/popen_spawn.py", "magics/script.py", "ptyprocess/ptyprocess.py")  # fmt: skip
_is_installed = False


def install():
    """Listen to audit events from now on. They cannot be unlistened: outside cells the hook returns at once."""
    global _is_installed
    if not _is_installed:
        _is_installed = True
        sys.addaudithook(_hook)


def _hook(event, arguments):
    if current.activity is None:
        return
    handler = _HANDLERS.get(event)
    if handler is None:
        return
    activity = current.get()
    if activity is None:
        return
    try:
        handler(activity, arguments)
    except Exception:  # noqa: BLE001 - raising here would forbid the event to the user
        pass


def _open(activity, arguments):
    path, mode, flags = arguments
    if isinstance(path, int):
        return
    if isinstance(mode, str):
        is_write = any(letter in mode for letter in "wax") or ("+" in mode and "r" not in mode)
    else:
        is_write = bool(flags & _WRITES)
        if flags & getattr(os, "O_DIRECTORY", 0):
            return
    activity.file(path, "write" if is_write else "read")


def _renamed(activity, arguments):
    # A file written under a passing name and moved into place: the place is what counts.
    if isinstance(arguments[1], int):
        return
    source = os.path.abspath(os.fsdecode(arguments[0]))
    if activity.files.pop(source, None) is not None:
        activity.file(arguments[1], "write")


def _listed(activity, arguments):
    path = arguments[0] if arguments else None
    if not isinstance(path, int) and not is_importing():
        activity.folder(path)


def _database(activity, arguments):
    path = str(arguments[0])
    if path not in ("", ":memory:") and not path.startswith("file::memory:"):
        path = path[5:].split("?")[0] if path.startswith("file:") else path
        activity.file(path, "read" if os.path.exists(path) else "write")


def _connected(activity, arguments):
    address = arguments[1]
    # A name without port is a unix socket: processes of this machine talking to each other.
    if isinstance(address, tuple) and len(address) >= 2 and not has_module_in_stack(("mlflow", "zmq", "ipykernel", "jupyter")):
        activity.impure("network")


def _spawned(activity, arguments):
    if is_called_by_user(2, through=_SHELLS):
        activity.impure("subprocess")


_HANDLERS = {
    "open": _open,
    "os.rename": _renamed,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "sqlite3.connect": _database,
    "socket.connect": _connected,
    "subprocess.Popen": _spawned,
    "os.system": _spawned,
    "os.posix_spawn": _spawned,
    "os.exec": _spawned,
    "os.forkpty": _spawned,
    "pty.spawn": _spawned,
}
