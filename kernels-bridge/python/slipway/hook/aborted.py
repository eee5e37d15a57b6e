"""Cells that never ran because one before them failed: the kernel answers `aborted` without running them."""

from __future__ import annotations

import uuid

from .capture import now


def watch(kernel, on_aborted):
    """Call ``on_aborted(record)`` for each aborted execution; returns a function that stops it."""
    original = getattr(kernel, "_send_abort_reply", None)
    if original is None:
        return lambda: None

    def send_abort_reply(stream, message, idents):
        try:
            if message["header"]["msg_type"].startswith("execute") and not message["content"].get("silent"):
                on_aborted(_record(message))
        except Exception:  # noqa: BLE001 - the front end waits for the reply
            pass
        return original(stream, message, idents)

    kernel._send_abort_reply = send_abort_reply

    def stop():
        if kernel.__dict__.get("_send_abort_reply") is send_abort_reply:
            del kernel._send_abort_reply

    return stop


def _record(message):
    cell_id = (message.get("metadata") or {}).get("cellId")
    return {
        "executionId": str(uuid.uuid4()),
        "cellId": str(cell_id) if cell_id else None,
        "executionCount": None,
        "source": message["content"].get("code", ""),
        "status": "aborted",
        "error": None,
        "startedAt": now(),
        "durationMs": 0,
        "bound": [],
        "deleted": [],
        "read": [],
        "scalars": {},
        "types": {},
        "metrics": [],
        "data": [],
        "packages": {},
        "peakMemoryBytes": None,
        "mlflowRuns": [],
        "impurities": [],
    }
