"""One thread off the main one, which does what takes time."""

from __future__ import annotations

import logging
import os
import queue
import threading

from .activity import current

PATIENCE_SECONDS = 0.03
BATCH = 100


class Worker:
    """Runs tasks in order; started by the first task, anew in a forked process.

    `settle` is called after each run of tasks, `idle` when there were none for a while.
    """

    def __init__(self, settle=None, idle=None, idle_seconds=15.0):
        self.settle = settle or _nothing
        self.tasks = queue.SimpleQueue()
        self.idle = idle
        self.idle_seconds = idle_seconds
        self.pid = 0
        self.lock = threading.Lock()
        self.hurry = threading.Event()
        self.waiting = []

    def submit(self, task, *arguments):
        """Have ``task(*arguments)`` run on the thread."""
        if self.pid != os.getpid():
            self._start()
        self.tasks.put((task, arguments))

    def wait(self, seconds):
        """Block until all that was submitted has run and settled, at most so long; tells whether it has."""
        done = threading.Event()
        self.hurry.set()
        self.submit(self.waiting.append, done)
        is_done = done.wait(seconds)
        self.hurry.clear()
        return is_done

    def _start(self):
        with self.lock:
            if self.pid != os.getpid():
                self.pid = os.getpid()
                self.tasks = queue.SimpleQueue()
                thread = threading.Thread(target=self._run, name="slipway", daemon=True)
                thread.start()
                current.disown_threads(thread)

    def _run(self):
        tasks = self.tasks
        while True:
            try:
                batch = [tasks.get(timeout=self.idle_seconds if self.idle else None)]
                # Let a run of short cells pass before competing with it for the interpreter.
                self.hurry.wait(PATIENCE_SECONDS)
            except queue.Empty:
                batch = [(self.idle, ())]
            while batch:
                for task, arguments in batch:
                    _run(task, arguments)
                _run(self.settle, ())
                while self.waiting:
                    self.waiting.pop().set()
                batch = [tasks.get() for _ in range(min(tasks.qsize(), BATCH))]


def _run(task, arguments):
    try:
        task(*arguments)
    except Exception:  # noqa: BLE001 - one record lost must not lose those after it
        logging.getLogger("slipway").debug("a task of the hook failed", exc_info=True)


def _nothing():
    pass
