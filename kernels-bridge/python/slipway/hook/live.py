"""The comm `slipway`: records as they come, for the front ends that look on."""

from __future__ import annotations

import collections
import logging
import threading

TARGET = "slipway"
KEPT = 500


class Live:
    """Holds the latest records and sends each to every open comm."""

    def __init__(self, on_notebook_path):
        self.on_notebook_path = on_notebook_path
        self.comms = {}
        self.latest = collections.deque(maxlen=KEPT)
        self.session_started = None
        self.lock = threading.Lock()
        self.manager = None

    def register(self, shell):
        """Register the target with the kernel's comm manager; a plain IPython has none."""
        kernel = getattr(shell, "kernel", None)
        self.manager = getattr(kernel, "comm_manager", None)
        if self.manager is not None:
            self.manager.register_target(TARGET, self._opened)

    def unregister(self):
        """Close what is open and withdraw the target."""
        if self.manager is not None:
            self.manager.unregister_target(TARGET, self._opened)
        for comm in list(self.comms.values()):
            comm.close()
        self.comms.clear()

    def send(self, record):
        """Send a record to all, from whatever thread."""
        with self.lock:
            self.latest.append(record)
            if record["type"] == "session_started":
                self.session_started = record
            for comm in list(self.comms.values()):
                self._send(comm, record)

    def _opened(self, comm, message):
        since = (message.get("content", {}).get("data") or {}).get("since", 0)
        comm.on_msg(self._received)
        comm.on_close(lambda _message: self.comms.pop(comm.comm_id, None))
        with self.lock:
            if self.session_started is not None:
                self._send(comm, self.session_started)
            for record in self.latest:
                if record is not self.session_started and record["seq"] >= since:
                    self._send(comm, record)
            self.comms[comm.comm_id] = comm

    def _received(self, message):
        path = (message.get("content", {}).get("data") or {}).get("notebookPath")
        if isinstance(path, str) and path:
            self.on_notebook_path(path)

    def _send(self, comm, record):
        try:
            comm.send(record)
        except Exception:  # noqa: BLE001 - a comm that broke must not hold up the others or the spool
            self.comms.pop(comm.comm_id, None)
            logging.getLogger("slipway").debug("a comm broke", exc_info=True)
