"""Metrics that a step's cells tell MLflow: they become the pipeline run's.

A step has no tracking server (Slipway's own token stays outside its walls).
Unless the user names one, MLflow keeps its own books in a folder of the
attempt that nobody reads again; without it, it would make a database in the
notebook's folder.
"""

from __future__ import annotations

import functools
import os

from slipway.hook.imports import after_import

_CLIENT = "mlflow.tracking._tracking_service.client"


def install(metrics, folder):
    """Note in `metrics` (a `MetricTransformer`) what is logged from now on; `folder` takes MLflow's own books."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        os.environ["MLFLOW_TRACKING_URI"] = "file://%s/slipway-mlruns" % folder
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    after_import(_CLIENT, lambda module: _watch(module.TrackingServiceClient, metrics))


def _watch(client, metrics):
    log_metric, log_batch = client.log_metric, client.log_batch

    @functools.wraps(log_metric)
    def noting_metric(self, run_id, key, value, timestamp=None, step=None, *args, **options):
        result = log_metric(self, run_id, key, value, timestamp, step, *args, **options)
        _note(metrics, key, value, step)
        return result

    @functools.wraps(log_batch)
    def noting_batch(self, run_id, batch=(), *args, **options):
        batch = options.pop("metrics", batch)
        result = log_batch(self, run_id, batch, *args, **options)
        for each in batch:
            _note(metrics, each.key, each.value, each.step)
        return result

    client.log_metric, client.log_batch = noting_metric, noting_batch


def _note(metrics, key, value, step):
    try:
        metrics.note_logged(str(key), value, int(step or 0))
    except Exception:  # noqa: BLE001 - it is logged: the user's call must return
        pass
