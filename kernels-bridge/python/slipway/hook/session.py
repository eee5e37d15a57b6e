"""The session of one kernel: its id, its records in order, its end."""

from __future__ import annotations

import atexit
import getpass
import hashlib
import json
import os
import re
import secrets
import socket
import sys
import threading
import uuid

from . import aborted, home, mlflow_runs
from .capture import CellCapture, now
from .live import Live
from .machine import MachineSampler
from .spool import Spool
from .worker import Worker

HEARTBEAT_SECONDS = 15.0
_session = None


def start(shell):
    """Begin the session of this kernel, unless it has begun."""
    global _session
    if _session is None:
        session = Session(shell)
        session.begin()
        _session = session


def stop():
    """End the session."""
    global _session
    if _session is not None:
        session, _session = _session, None
        session.end()


class Session:
    """Numbers the records and hands them to spool and comm."""

    def __init__(self, shell):
        self.shell = shell
        self.id = str(uuid.uuid4())
        self.pid = os.getpid()
        self.token = secrets.token_hex(32)
        self.seq = 0
        self.seq_lock = threading.Lock()
        self.is_over = False
        self.notebook_path = _notebook_path(shell)
        self.spool = Spool(home.spool_folder(), self.id)
        self.live = Live(self._learn_path)
        self.worker = Worker(settle=self.spool.flush, idle=self.spool.beat, idle_seconds=HEARTBEAT_SECONDS)
        self.capture = CellCapture(shell, self._started, self._finished, worker=self.worker)
        self.mlflow = mlflow_runs.MlflowRuns(self.id, self.token, self._experiment_name)
        self.capture.before_finish = self.mlflow.end_of_cell
        self.machine = MachineSampler()
        self.stop_aborted = lambda: None

    def begin(self):
        """Attach to the shell and tell that the session is there."""
        self.mlflow.install(lambda: self.capture.cell)
        self.live.register(self.shell)
        self.capture.attach()
        self.stop_aborted = aborted.watch(getattr(self.shell, "kernel", None), lambda record: self._later("cell_executed", record))
        self._announce()
        atexit.register(self.end)

    def end(self):
        """Tell that the session is over and write out what is left; once, and only in the kernel's own process."""
        if self.is_over or os.getpid() != self.pid:
            return
        self.is_over = True
        atexit.unregister(self.end)
        self.stop_aborted()
        self.capture.detach()
        self.mlflow.uninstall()
        self._later("session_ended", {})
        self.worker.wait(5)
        self.live.unregister()

    def _announce(self):
        self._later(
            "session_started",
            {
                "kernelId": _kernel_id(),
                "language": "python",
                "notebookPath": self.notebook_path,
                "cwd": os.getcwd(),
                "pid": self.pid,
                "python": sys.executable or None,
                "tokenSha256": hashlib.sha256(self.token.encode()).hexdigest(),
                "user": _user(),
                "host": socket.gethostname(),
            },
        )

    def _learn_path(self, path):
        path = os.path.join(os.getcwd(), path)
        if path != self.notebook_path:
            self.notebook_path = path
            self.mlflow.set_environment()
            self._announce()

    def _experiment_name(self):
        name = os.path.splitext(os.path.basename(self.notebook_path or ""))[0]
        return name or None

    def _started(self, cell):
        self._later("cell_started", cell)
        self.worker.submit(self.machine.begin_cell)

    def _finished(self, record):
        # Already on the worker's thread.
        record["machine"] = self.machine.end_cell()
        self._write(self._numbered("cell_executed", record))

    def _later(self, kind, fields):
        self.worker.submit(self._write_numbered, kind, fields, now())

    def _write_numbered(self, kind, fields, at):
        self._write(self._numbered(kind, fields, at))

    def _numbered(self, kind, fields, at=None):
        # Numbered on the worker's thread alone: the file's order is the numbers' order.
        with self.seq_lock:
            seq = self.seq
            self.seq += 1
        record = {"sessionId": self.id, "seq": seq, "at": at or now(), "type": kind}
        record.update(fields)
        return record

    def _write(self, record):
        line = json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        self.spool.append(line.encode("ascii") + b"\n")
        self.live.send(record)


def _kernel_id():
    """The Jupyter server names connection files ``kernel-<id>.json``."""
    try:
        from ipykernel.connect import get_connection_file

        name = os.path.basename(get_connection_file())
    except Exception:  # noqa: BLE001 - no kernel, a plain IPython
        return "pid-%d" % os.getpid()
    match = re.fullmatch(r"kernel-(.+)\.json", name)
    return match.group(1) if match else os.path.splitext(name)[0]


def _notebook_path(shell):
    # Jupyter's server sets the first for kernels of notebooks, VS Code the second.
    path = os.environ.get("JPY_SESSION_NAME") or shell.user_ns.get("__vsc_ipynb_file__")
    return os.path.join(os.getcwd(), path) if isinstance(path, str) and path.endswith(".ipynb") else None


def _user():
    try:
        return getpass.getuser()
    except Exception:  # noqa: BLE001 - a uid without a name (containers)
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
