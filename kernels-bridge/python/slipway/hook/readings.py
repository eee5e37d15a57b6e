"""Reads the machine: by psutil where the kernel's environment has it (ipykernel brings it), else from /proc.

Units and meaning are those of MLflow's own system metrics.
"""

from __future__ import annotations

import os

try:
    import psutil
except Exception:  # noqa: BLE001 - not there, or broken: /proc says the same
    psutil = None


def gauges():
    """Memory and disk: values of this moment, under MLflow's names without `system/`."""
    values = {}
    for read in (_memory, _disk):
        try:
            values.update(read())
        except Exception:  # noqa: BLE001 - what a machine does not tell is left out
            pass
    return values


def counters():
    """Counters since the machine started: `cpu_busy` and `cpu_total` in seconds, `received` and `sent` in bytes."""
    values = {}
    for read in (_cpu, _network):
        try:
            values.update(read())
        except Exception:  # noqa: BLE001 - as above
            pass
    return values


def _memory():
    if psutil is not None:
        memory = psutil.virtual_memory()
        total, used = memory.total, memory.used
    else:
        kilobytes = {}
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                name, _, rest = line.partition(":")
                kilobytes[name] = int(rest.split()[0])
        total = kilobytes["MemTotal"] * 1024
        used = total - kilobytes["MemAvailable"] * 1024
    return {"system_memory_usage_megabytes": used / 1e6, "system_memory_usage_percentage": used / total * 100}


def _disk():
    disk = os.statvfs(os.sep)
    used, free = (disk.f_blocks - disk.f_bfree) * disk.f_frsize, disk.f_bavail * disk.f_frsize
    return {"disk_usage_megabytes": used / 1e6, "disk_available_megabytes": free / 1e6, "disk_usage_percentage": used / (used + free) * 100 if used + free else 0.0}


def _cpu():
    if psutil is not None:
        # Not cpu_percent(): it counts from its last call, which may be the user's.
        times = psutil.cpu_times()
        total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
        return {"cpu_total": total, "cpu_busy": total - times.idle - getattr(times, "iowait", 0.0)}
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(each) for each in file.readline().split()[1:9]]
    seconds = 1 / os.sysconf("SC_CLK_TCK")
    return {"cpu_total": sum(ticks) * seconds, "cpu_busy": (sum(ticks) - ticks[3] - ticks[4]) * seconds}


def _network():
    if psutil is not None:
        network = psutil.net_io_counters()
        return {"received": network.bytes_recv, "sent": network.bytes_sent} if network else {}
    received = sent = 0
    with open("/proc/net/dev", encoding="ascii") as file:
        for line in file.readlines()[2:]:
            fields = line.partition(":")[2].split()
            received += int(fields[0])
            sent += int(fields[8])
    return {"received": received, "sent": sent}


class Gpus:
    """The GPUs by NVIDIA's own library (`nvidia-ml-py`); none where it, its driver or a GPU is missing."""

    def __init__(self):
        self.nvml = None
        self.handles = None
        self.pid = 0

    def read(self):
        """Use, memory and power of each GPU, under MLflow's names without `system/`."""
        if self.handles is None or self.pid != os.getpid():
            self._open()
        values = {}
        for index, handle in enumerate(self.handles):
            for read in (self._use, self._memory, self._power):
                try:
                    for name, value in read(handle).items():
                        values["gpu_%d_%s" % (index, name)] = value
                except Exception:  # noqa: BLE001 - a GPU that does not tell this (MIG has no utilization)
                    pass
        return values

    def _open(self):
        self.pid = os.getpid()
        self.handles = []
        try:
            import pynvml

            pynvml.nvmlInit()
            self.nvml = pynvml
            self.handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        except Exception:  # noqa: BLE001 - no library, no driver, no GPU
            pass

    def _use(self, handle):
        return {"utilization_percentage": float(self.nvml.nvmlDeviceGetUtilizationRates(handle).gpu)}

    def _memory(self, handle):
        memory = self.nvml.nvmlDeviceGetMemoryInfo(handle)
        return {"memory_usage_megabytes": memory.used / 1e6, "memory_usage_percentage": memory.used / memory.total * 100}

    def _power(self, handle):
        watts = self.nvml.nvmlDeviceGetPowerUsage(handle) / 1000
        most = self.nvml.nvmlDeviceGetEnforcedPowerLimit(handle) / 1000
        return {"power_usage_watts": watts, "power_usage_percentage": watts / most * 100}
