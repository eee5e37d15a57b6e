"""Joins the MLflow runs a notebook opens to its session, without ever importing mlflow.

MLflow asks registered context providers for tags whenever its fluent API
starts a run: ours names the session, the cell execution and the session's run
as the parent. A run that fluent calls or autolog opened by themselves ends
with its cell, so that the next fit gets its own; one the user started by
`mlflow.start_run` is left to the user.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
from urllib.parse import urlsplit

from . import home
from .activity import current
from .imports import after_import

SESSION_TAG = "slipway.session"
EXECUTION_TAG = "slipway.execution"
PARENT_TAG = "mlflow.parentRunId"
_QUIET = "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"
_FLUENT = "mlflow.tracking.fluent"


class MlflowRuns:
    """Parameters: the session's id, the kernel's own token, and a function naming the experiment (or None)."""

    def __init__(self, session_id, token, experiment_name):
        self.session_id = session_id
        #: The session's MLflow run has the session's id, without dashes: known without asking anyone.
        self.run_id = session_id.replace("-", "")
        self.token = token
        self.experiment_name = experiment_name
        self.running_cell = lambda: None
        self.own_uri = None
        self.lazy_runs = set()
        self.is_lazy_start = False
        self.patched = []
        self.environment = {}

    def install(self, running_cell):
        """Set the environment and wait for mlflow; `running_cell` tells what runs now."""
        self.running_cell = running_cell
        self.set_environment()
        after_import("mlflow.tracking.context.registry", self._add_provider)
        after_import("mlflow.tracking.client", self._watch_client)

    def uninstall(self):
        """Take back what can be: the environment and the patches."""
        while self.patched:
            owner, name, original = self.patched.pop()
            setattr(owner, name, original)
        for name, value in self.environment.items():
            if os.environ.get(name) == value:
                del os.environ[name]
        self.environment.clear()

    def set_environment(self):
        """Point MLflow's client at the daemon, unless the user pointed it elsewhere."""
        url = home.daemon_url()
        if url is None:
            return
        chosen = os.environ.get("MLFLOW_TRACKING_URI")
        if chosen not in (None, url, self.environment.get("MLFLOW_TRACKING_URI")):
            return
        self.own_uri = url
        self._set("MLFLOW_TRACKING_URI", url)
        if not (os.environ.get("MLFLOW_TRACKING_USERNAME") or os.environ.get("MLFLOW_TRACKING_PASSWORD")):
            self._set("MLFLOW_TRACKING_TOKEN", self.token)
        experiment = self.experiment_name()
        if experiment and not os.environ.get("MLFLOW_EXPERIMENT_ID"):
            self._set("MLFLOW_EXPERIMENT_NAME", experiment)

    def _set(self, name, value):
        if os.environ.get(name) in (None, self.environment.get(name)):
            os.environ[name] = value
            self.environment[name] = value

    def _add_provider(self, registry):
        if self.own_uri is None:
            self.set_environment()  # the daemon may have come since the kernel started
        if any(type(provider).__name__ == "SlipwayRunContext" for provider in registry._run_context_provider_registry):
            return
        runs = self

        class SlipwayRunContext(registry.RunContextProvider):
            """Tags runs with the session and cell they were started in."""

            def in_context(self):
                return runs.running_cell() is not None and runs._is_ours()

            def tags(self):
                return runs._tags()

        registry._run_context_provider_registry.register(SlipwayRunContext)

    def _is_ours(self):
        get_uri = getattr(sys.modules.get("mlflow"), "get_tracking_uri", None)
        return self.own_uri is not None and get_uri is not None and get_uri().rstrip("/") == self.own_uri.rstrip("/")

    def _tags(self):
        self.is_lazy_start = _is_started_by_mlflow()
        return {
            SESSION_TAG: self.session_id,
            EXECUTION_TAG: self.running_cell().execution_id,
            PARENT_TAG: self.run_id,
            "slipway.kind": "mlflow",
        }

    def _watch_client(self, client):
        original = client.MlflowClient.create_run
        runs = self

        @functools.wraps(original)
        def create_run(self, *args, **kwargs):
            run = original(self, *args, **kwargs)
            runs._note(run)
            return run

        client.MlflowClient.create_run = create_run
        self.patched.append((client.MlflowClient, "create_run", original))

    def _note(self, run):
        try:
            activity = current.get()
            if activity is not None and run.data.tags.get(SESSION_TAG) == self.session_id:
                if self.is_lazy_start:
                    self.lazy_runs.add(run.info.run_id)
                activity.mlflow_runs.append({"runId": run.info.run_id, "isExplicit": not self.is_lazy_start})
        except Exception:  # noqa: BLE001 - the run is made: the user's call must return it
            pass

    def end_of_cell(self, activity, has_failed):
        """End the runs that fluent calls left open in this cell."""
        if not self.lazy_runs:
            return
        lazy, self.lazy_runs = self.lazy_runs, set()
        fluent = sys.modules.get(_FLUENT)
        try:
            while True:
                run = fluent.active_run()
                if run is None or run.info.run_id not in lazy:
                    return
                if self._is_reachable():
                    _end_quietly(fluent, "FAILED" if has_failed else "FINISHED")
                else:
                    # MLflow would try for minutes: the daemon ends the run itself from the cell's record.
                    fluent._active_run_stack.get().pop()
        except Exception:  # noqa: BLE001 - the cell is over; the daemon ends what is left
            pass

    def _is_reachable(self):
        address = urlsplit(self.own_uri)
        try:
            socket.create_connection((address.hostname, address.port or 80), timeout=0.3).close()
            return True
        except OSError:
            return False


def _end_quietly(fluent, status):
    """End the active run without the link MLflow prints: the user did not end it."""
    before = os.environ.get(_QUIET)
    os.environ[_QUIET] = "true"
    try:
        fluent.end_run(status)
    finally:
        if before is None:
            del os.environ[_QUIET]
        else:
            os.environ[_QUIET] = before


def _is_started_by_mlflow():
    """Whether `start_run` was called by MLflow itself (a fluent call, autolog) rather than by the user's code."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "start_run" and frame.f_globals.get("__name__") == _FLUENT:
            caller = frame.f_back
            return caller is not None and str(caller.f_globals.get("__name__", "")).startswith("mlflow")
        frame = frame.f_back
    return False
