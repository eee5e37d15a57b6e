"""Tells the daemon metrics while a cell still runs, by messages of their own on the kernel's IOPub channel."""

from __future__ import annotations

import threading

MESSAGE = "slipway_metrics"
#: Points of so many seconds go together: a loop may measure thousands of times a second.
GATHER_SECONDS = 0.05


def install(shell, metrics):
    """Send what `metrics` (a `MetricTransformer`) measures from now on; a plain IPython has nobody to tell."""
    kernel = getattr(shell, "kernel", None)
    if kernel is not None and getattr(kernel, "iopub_socket", None) is not None:
        sender = _Sender(kernel)
        shell.events.register("pre_run_cell", sender.begin)
        shell.events.register("post_run_cell", sender.end)
        metrics.on_point = sender.add


class _Sender:
    def __init__(self, kernel):
        self.kernel = kernel
        self.parent = None
        self.waiting = []
        self.timer = None
        self.lock = threading.Lock()

    def begin(self, *_):
        self.parent = self.kernel.get_parent("shell")

    def end(self, *_):
        self._send()

    def add(self, name, value, step):
        with self.lock:
            self.waiting.append([name, value, step])
            if self.timer is None:
                self.timer = threading.Timer(GATHER_SECONDS, self._send)
                self.timer.daemon = True
                self.timer.start()

    def _send(self):
        with self.lock:
            points, self.waiting, self.timer = self.waiting, [], None
        if points:
            try:
                self.kernel.session.send(self.kernel.iopub_socket, MESSAGE, {"points": points}, parent=self.parent)
            except Exception:  # noqa: BLE001 - the step's record has them too; the cell must not notice
                pass
