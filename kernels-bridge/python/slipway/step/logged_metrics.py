"""What a step's cells tell MLflow: metrics become the step's, the rest is read from MLflow's own books.

A step has no tracking server (Slipway's own token stays outside its walls).
Unless the user names one, MLflow keeps its books in a folder of the attempt,
which the daemon reads when the cells are done: params, tags, files, models.
Without it, MLflow would make a database in the notebook's folder.
"""

from __future__ import annotations

import functools
import os
import random
import sys
import time

from slipway.hook.imports import after_import

#: Beneath the step's exchange folder; the daemon reads it by this name.
BOOKS = "slipway-mlruns"
_CLIENT = "mlflow.tracking._tracking_service.client"
_UTILS = "mlflow.tracking._tracking_service.utils"
_STORE = "mlflow.store.tracking.file_store"


def install(metrics, folder, known_runs=()):
    """Note in `metrics` (a `MetricTransformer`) what is logged from now on; `folder` takes MLflow's own books.

    `known_runs` are the ids of runs that steps before this one opened: their
    books are not here, but cells may go on with them.
    """
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        books = "%s/%s" % (folder, BOOKS)
        os.environ["MLFLOW_TRACKING_URI"] = "file://%s" % books
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        # Runs are named at random; a server would name them, and the cells' own numbers stay what they are.
        after_import("mlflow.utils.name_utils", lambda module: setattr(module, "random", random.SystemRandom()))
        if known_runs:
            after_import(_STORE, lambda module: _adopt(module, books, frozenset(known_runs)))
    after_import(_CLIENT, lambda module: _watch(module.TrackingServiceClient, metrics))


def flush():
    """Wait for what MLflow writes in the background, so that its books are whole."""
    utils = sys.modules.get(_UTILS)
    waits = [repository.flush_async_logging for repository in list(getattr(utils, "_artifact_repos_cache", {}).values())]
    fluent = sys.modules.get("mlflow.tracking.fluent")
    if fluent is not None and hasattr(fluent, "flush_async_logging"):
        waits.append(fluent.flush_async_logging)
    for wait in waits:
        try:
            wait()
        except Exception:  # noqa: BLE001 - what is written by then is kept
            pass


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


def _adopt(module, books, known):
    """Let the store of `books` open the runs of earlier steps as they are asked for."""
    store = module.FileStore
    find = store._find_run_root

    @functools.wraps(find)
    def finding(self, run_uuid, *args, **options):
        found = find(self, run_uuid, *args, **options)
        if found[1] is None and run_uuid in known and os.path.realpath(self.root_directory) == os.path.realpath(books):
            _open_book(module, self, run_uuid)
            found = find(self, run_uuid, *args, **options)
        return found

    store._find_run_root = finding


def _open_book(module, store, run_id):
    """An empty book of the run in the experiment that is active here, where `start_run` looks for it."""
    from mlflow.entities import LifecycleStage, RunInfo
    from mlflow.tracking.fluent import _get_experiment_id

    experiment_id = _get_experiment_id() or store.DEFAULT_EXPERIMENT_ID
    folder = os.path.join(store._get_experiment_path(experiment_id, assert_exists=True), run_id)
    for name in (store.METRICS_FOLDER_NAME, store.PARAMS_FOLDER_NAME, store.ARTIFACTS_FOLDER_NAME):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    info = RunInfo(
        run_id=run_id,
        run_name="",
        experiment_id=experiment_id,
        user_id="",
        status="RUNNING",
        start_time=int(time.time() * 1000),
        end_time=None,
        lifecycle_stage=LifecycleStage.ACTIVE,
        artifact_uri=store._get_artifact_dir(experiment_id, run_id),
    )
    module.write_yaml(folder, store.META_DATA_FILE_NAME, {**module._make_persisted_run_info_dict(info), "deleted_time": None})
