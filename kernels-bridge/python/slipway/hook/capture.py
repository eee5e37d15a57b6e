"""Watches the cells of one IPython shell and makes a record of each."""

from __future__ import annotations

import builtins
import datetime
import threading
import time
import uuid

from . import audit, environ, imports, readers
from .activity import Activity, current
from .clock import CodeJudge
from .digests import NOTEBOOK_LIMIT_BYTES, Digests
from .memory import PeakMemory
from .metrics import MetricTransformer
from .names import read_names
from .namespace import NamespaceDiff
from .packages import Packages
from .randomness import Randomness
from .values import MAX_NAMES, scalars_of, types_of
from .worker import Worker

TAKE_SECONDS = 600


class _Cell:
    """What is known of the running cell before it ends."""

    __slots__ = ("execution_id", "cell_id", "source", "transformed", "started_at", "started", "activity", "depth", "nested_error")


class CellCapture:
    """Records cells of `shell`; see the package's docstring for the records' shape.

    Parameters
    ----------
    shell
        The IPython shell whose cells are watched.
    on_started, on_finished
        Called with a record, on the main thread and on the worker's; without
        `on_finished` records wait for `take`.
    watch_steps
        Also record listings, variables read, digests of any size, and what the
        machine did meanwhile; a notebook's session samples that itself.
    worker
        The thread to finish records on; made if not given.
    """

    def __init__(self, shell, on_started=None, on_finished=None, watch_steps=False, worker=None):
        self.shell = shell
        self.on_started = on_started
        self.on_finished = on_finished or self._keep
        self.watch_steps = watch_steps
        self.worker = worker or Worker()
        self.records = []
        self.cell = None
        self.main_thread = None
        namespace = shell.user_ns
        self.metrics = MetricTransformer(namespace)
        self.names = NamespaceDiff(namespace)
        self.judge = CodeJudge(namespace)
        self.packages = Packages()
        self.memory = PeakMemory()
        self.randomness = Randomness()
        self.digests = Digests(None if watch_steps else NOTEBOOK_LIMIT_BYTES)
        self.machine = _sampler() if watch_steps else None
        #: Called at the end of a cell, before its record is made, with whether it failed (MLflow's runs end there).
        self.before_finish = None

    def attach(self):
        """Start watching. To be called in the process and on the thread that runs the cells."""
        self.main_thread = threading.get_ident()
        current.disown_threads()
        audit.install()
        readers.install()
        self.randomness.install()
        if self.watch_steps:
            environ.install()
        self.packages.begin()
        self.names.scan()
        self.metrics.install()
        self.shell.ast_transformers.append(self.metrics)
        self.shell.events.register("pre_run_cell", self._before)
        self.shell.events.register("post_run_cell", self._after)

    def detach(self):
        """Stop watching and take the patches out."""
        current.end()
        self.shell.events.unregister("pre_run_cell", self._before)
        self.shell.events.unregister("post_run_cell", self._after)
        if self.metrics in self.shell.ast_transformers:
            self.shell.ast_transformers.remove(self.metrics)
        self.metrics.uninstall()
        self.randomness.uninstall()
        readers.uninstall()
        environ.uninstall()
        imports.forget()

    def take(self, seconds=TAKE_SECONDS):
        """Return the records finished since the last call, in order, once their digests are there."""
        self.worker.wait(seconds)
        taken, self.records = self.records, []
        return taken

    def _keep(self, record):
        self.records.append(record)

    def _before(self, info):
        try:
            if threading.get_ident() != self.main_thread:
                return  # a subshell's; cells of the notebook run on the main thread
            if self.cell is not None and not info.store_history:
                self.cell.depth += 1  # `%%capture` and its like run a cell within the cell
                return
            self._begin(info)
        except Exception:  # noqa: BLE001 - IPython would print it under the user's cell
            self.cell = None
            current.end()

    def _begin(self, info):
        cell = _Cell()
        cell.execution_id = str(uuid.uuid4())
        cell.cell_id = str(info.cell_id) if info.cell_id else None
        cell.source = info.raw_cell or ""
        cell.transformed = getattr(info, "transformed_cell", None)
        cell.depth = 0
        cell.nested_error = None
        cell.activity = Activity()
        imports.catch_up()
        self.metrics.begin(cell.source)
        self.randomness.begin()
        if self.on_started is not None:
            self.on_started({"executionId": cell.execution_id, "cellId": cell.cell_id, "source": cell.source})
        if self.machine is not None:
            self.worker.submit(self.machine.begin_cell)
        self.cell = cell
        cell.started_at = now()
        self.memory.begin()
        current.begin(cell.activity)
        cell.started = time.perf_counter()

    def _after(self, result):
        ended = time.perf_counter()
        try:
            cell = self.cell
            if cell is None or threading.get_ident() != self.main_thread:
                return
            error = result.error_before_exec or result.error_in_exec
            if cell.depth:
                cell.depth -= 1
                cell.nested_error = cell.nested_error or error
                return
            self.cell = None
            self._finish(cell, result, error or cell.nested_error, ended)
        except Exception:  # noqa: BLE001 - IPython would print it under the user's cell
            self.cell = None
        finally:
            if self.cell is None:
                current.end()

    def _finish(self, cell, result, error, ended):
        if self.before_finish is not None:
            self.before_finish(cell.activity, error is not None)
        current.end()
        namespace = self.shell.user_ns
        described = None if error is None else describe_error(error, namespace)
        certain = self.metrics.certain_names(None if described is None else described["line"] or 0)
        bound, deleted = self.names.take(certain)
        code = cell.transformed if cell.transformed is not None else self.shell.transform_cell(cell.source)
        read = read_names(code)
        activity = cell.activity
        # Code that calls nothing draws nothing.
        if "(" in code and self.randomness.has_moved():
            activity.impure("unseeded randomness")
        for reason in self.judge.judge(cell.source, read):
            activity.impure(reason)
        self._judge_readers(activity, read, namespace)
        bound = bound[:MAX_NAMES]
        record = {
            "executionId": cell.execution_id,
            "cellId": cell.cell_id,
            "executionCount": result.execution_count,
            "source": cell.source,
            "status": "ok" if error is None else "error",
            "error": described,
            "startedAt": cell.started_at,
            "durationMs": round((ended - cell.started) * 1000, 3),
            "bound": bound,
            "deleted": deleted[:MAX_NAMES],
            "read": sorted(name for name in read if name in namespace or not hasattr(builtins, name))[:MAX_NAMES],
            "scalars": scalars_of(bound, namespace),
            "types": types_of(bound, namespace),
            "metrics": self.metrics.take(bound),
            "peakMemoryBytes": self.memory.peak_bytes(),
            "mlflowRuns": activity.mlflow_runs,
        }
        self.worker.submit(self._complete, record, activity, self.packages.new_modules())

    def _judge_readers(self, activity, read, namespace):
        for name in read:
            value = namespace.get(name)
            module = getattr(value, "__name__", None) if type(value).__name__ == "module" else getattr(type(value), "__module__", None)
            root = str(module or "").partition(".")[0].lstrip("_")
            if root in readers.UNSEEN and not (root == "duckdb" and type(value).__name__ == "module"):
                activity.impure("native reader " + root)

    def _complete(self, record, activity, modules):
        """On the worker's thread: what has to read files."""
        data, reads = [], []
        for path, mode in activity.files.items():
            digest, size = self.digests.of_file(path)
            if size is None and digest is None:
                continue  # gone again, never there, or a folder
            data.append({"path": path, "mode": mode, "digest": digest, "sizeBytes": size})
            if mode == "read" and digest is not None:
                reads.append({"path": path, "digest": digest, "kind": "file"})
        record["data"] = data
        record["packages"] = self.packages.versions(modules)
        record["impurities"] = list(activity.impurities)
        if self.watch_steps:
            listings = ((path, self.digests.of_listing(path)) for path in sorted(activity.folders))
            record["reads"] = reads + [{"path": path, "digest": digest, "kind": "listing"} for path, digest in listings if digest]
            record["envRead"] = activity.env
            record["machine"] = self.machine.end_cell()
        self.on_finished(record)


def _sampler():
    from .machine import MachineSampler  # it takes the time from here

    return MachineSampler()


def describe_error(error, namespace):
    """Name, message and the cell's line an exception came from."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    traceback = error.__traceback__
    while traceback is not None and line is None:
        frame = traceback.tb_frame
        # The cell's own frame: module level, in the user's namespace.
        if frame.f_code.co_name in ("<module>", "<cell line: 1>") or frame.f_code.co_name.startswith("<cell line"):
            if frame.f_globals is namespace or frame.f_globals.get("__name__") == "__main__":
                line = traceback.tb_lineno
        traceback = traceback.tb_next
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - an exception that cannot say itself
        message = ""
    return {"name": type(error).__name__, "message": message[:2000], "line": line}


def now():
    """This instant as ISO 8601 in UTC with milliseconds."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
