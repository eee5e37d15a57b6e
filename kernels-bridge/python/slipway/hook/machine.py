"""What the machine does while a cell runs: CPU, memory, disk, network and GPUs, under MLflow's names."""

from __future__ import annotations

import os
import threading
import time

from .activity import current
from .capture import now
from .readings import Gpus, counters, gauges

#: Seconds after the cell's start of the first samples; then one every `INTERVAL_SECONDS`.
EARLY_SECONDS = (0.5, 1.5, 3.0)
INTERVAL_SECONDS = 5.0
#: A reading younger than this serves the next cell too: a run of short cells is not slowed by readings.
FRESH_SECONDS = 0.25
#: Below this the kernel's clock ticks are too coarse to tell a share of CPU time.
LEAST_CPU_SECONDS = 0.1
MOST_SAMPLES = 60
#: The thread looks so often whether a cell runs, so long after the last; then it sleeps until it is woken.
LOOK_SECONDS = 1.0
LOOKS = 5


class MachineSampler:
    """Samples on a thread of its own, only while a cell runs.

    `begin_cell` and `end_cell` are called on the worker's thread. Of a long
    cell every other sample is dropped whenever there are `MOST_SAMPLES`, and
    the interval doubled.
    """

    def __init__(self, interval_seconds=None):
        self.interval_seconds = interval_seconds or _interval()
        self.condition = threading.Condition()
        self.gpus = Gpus()
        self.window = None
        self.reading = None
        self.pid = 0
        self.is_asleep = False

    def begin_cell(self):
        """A cell has started."""
        if self.interval_seconds is None:
            return
        with self.condition:
            self.window = _Window(self._fresh_reading(), self.interval_seconds)
            if self.pid != os.getpid():
                self._start()
            elif self.is_asleep:
                self.condition.notify()

    def end_cell(self):
        """The cell has ended: its samples, `{"at", "values"}` each, oldest first."""
        with self.condition:
            window, self.window = self.window, None
            if window is None:
                return []
            reading = self._fresh_reading()
            if reading is not window.readings[-1]:
                window.readings.append(reading)
            return window.samples()

    def _fresh_reading(self):
        if self.reading is None or time.monotonic() - self.reading.monotonic > FRESH_SECONDS:
            self.reading = _Reading(self.gpus)
        return self.reading

    def _start(self):
        self.pid = os.getpid()
        thread = threading.Thread(target=self._run, name="slipway-machine", daemon=True)
        thread.start()
        current.disown_threads(thread)

    def _run(self):
        looks = 0
        with self.condition:
            while True:
                if self.window is not None:
                    looks = 0
                    self.condition.wait(min(LOOK_SECONDS, self._sample_due()))
                elif looks < LOOKS:
                    looks += 1
                    self.condition.wait(LOOK_SECONDS)
                else:
                    self.is_asleep = True
                    self.condition.wait()
                    self.is_asleep = False

    def _sample_due(self):
        """Take a sample if it is time for one; the seconds until the next."""
        window = self.window
        left = window.next_due - time.monotonic()
        if left > 0:
            return left
        self.reading = _Reading(self.gpus)
        window.add(self.reading)
        return max(window.next_due - time.monotonic(), 0.01)


class _Reading:
    """Gauges as they are, and counters that only rise."""

    __slots__ = ("at", "monotonic", "gauges", "counters")

    def __init__(self, gpus):
        self.at = now()
        self.monotonic = time.monotonic()
        self.gauges = gauges()
        self.gauges.update(gpus.read())
        self.counters = counters()


class _Window:
    """The readings of one cell; the first was taken when it began."""

    def __init__(self, first, interval_seconds):
        self.readings = [first]
        self.started = time.monotonic()
        self.interval_seconds = interval_seconds
        self.early = [seconds for seconds in EARLY_SECONDS if seconds < interval_seconds]
        self._plan()

    def add(self, reading):
        self.readings.append(reading)
        if len(self.readings) >= MOST_SAMPLES:
            self.readings = self.readings[::2]
            self.interval_seconds *= 2
        self._plan()

    def _plan(self):
        if self.early:
            self.next_due = self.started + self.early.pop(0)
        else:
            self.next_due = time.monotonic() + self.interval_seconds

    def samples(self):
        first, previous, samples = self.readings[0], None, []
        for reading in self.readings:
            values = dict(reading.gauges)
            values.update(_network(first.counters, reading.counters))
            if previous is not None and reading.monotonic - previous.monotonic >= LEAST_CPU_SECONDS:
                values.update(_cpu(previous.counters, reading.counters))
            if values:
                samples.append({"at": reading.at, "values": {name: round(value, 1) for name, value in values.items()}})
            previous = reading
        return samples


def _cpu(before, after):
    if "cpu_busy" not in before or "cpu_busy" not in after:
        return {}
    total = after["cpu_total"] - before["cpu_total"]
    busy = after["cpu_busy"] - before["cpu_busy"]
    return {"cpu_utilization_percentage": min(100.0, max(0.0, busy / total * 100))} if total > 0 else {}


def _network(first, after):
    """Since the cell began, as MLflow counts it since the run began."""
    names = {"received": "network_receive_megabytes", "sent": "network_transmit_megabytes"}
    return {name: max(0, after[key] - first[key]) / 1e6 for key, name in names.items() if key in first and key in after}


def _interval():
    """Seconds between samples; None where MLflow's own setting switches them off."""
    if os.environ.get("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "").strip().lower() in ("false", "0"):
        return None
    try:
        return min(max(float(os.environ.get("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "")), 1.0), 3600.0)
    except ValueError:
        return INTERVAL_SECONDS
