"""What runs in a step's kernel beside the user's cells.

The daemon executes, silently and in this order: `begin` with the step's job,
then the cells as a notebook would, then `finish`. Each answers by a JSON file
in the step's folder, which the daemon reads from its side of the walls.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import types

_state = {}


def begin(job):
    """Put up the walls, go to the notebook's folder and bind the inputs' names.

    Parameters
    ----------
    job : dict
        ``io`` (where inputs lie and results go), ``folder``, ``walls`` (None
        for none, or ``layer``, ``hidden``, ``keep``), ``env``, ``cpus``,
        ``inputs`` ([{name, codec}]), ``mlflowRuns`` (ids of runs that earlier
        steps opened).
    """
    from . import sandbox, values

    _state["io"] = job["io"]
    os.environ.update(job["env"])
    if job["walls"] is not None:
        sandbox.enter({"folder": job["folder"], "io": job["io"], **job["walls"]})
    else:
        os.chdir(job["folder"])
    shell = _shell()
    _limit_threads(job["cpus"])
    if sys.path[0] != job["folder"]:
        sys.path.insert(0, job["folder"])
    failed = None
    for entry in job["inputs"]:
        try:
            shell.user_ns[entry["name"]] = values.load(f"{_state['io']}/in/{entry['name']}", entry["codec"], shell.user_ns)
        except Exception as error:  # noqa: BLE001 - told with the name
            failed = {"name": entry["name"], "message": f"{type(error).__name__}: {error}"}
            break
    from slipway.hook.capture import CellCapture

    capture = _state["capture"] = CellCapture(shell, watch_steps=True)
    if failed is None and job.get("track", True):
        from . import live_metrics, logged_metrics

        capture.attach()
        live_metrics.install(shell, capture.metrics)
        logged_metrics.install(capture.metrics, _state["io"], job.get("mlflowRuns", ()))
    _reply({"inputFailed": failed})


def finish(outputs, models, spread=()):
    """Store the outputs and models, take the lists of `spread` apart, and tell what the cells did."""
    from . import models as model_files
    from . import values

    shell = _shell()
    settle()
    records = _state["capture"].take()
    _state["capture"].detach()
    _state["capture"].metrics.on_point = None
    stored, failed = [], None
    for name in outputs:
        try:
            if name not in shell.user_ns:
                raise NameError(f"no cell of this step bound `{name}`")
            stored.append({"name": name, "codec": values.store(shell.user_ns[name], f"{_state['io']}/out/{name}")})
        except Exception as error:  # noqa: BLE001 - told with the name
            kind = type(shell.user_ns.get(name)).__name__
            is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            failed = {"name": name, "type": kind, "message": f"{type(error).__name__}: {error}", "isDiskFull": is_full}
            break
    spreads = []
    if failed is None:
        spreads, failed = _spread(spread)
    logged = []
    if failed is None:
        for index, model in enumerate(models):
            result = model_files.save(shell.user_ns, model, f"{_state['io']}/models/{index}")
            if result is not None:
                logged.append({"index": index, "variable": model["variable"], **result})
    _reply({"records": records, "values": stored, "spreads": spreads, "outputFailed": failed, "models": logged})


def settle():
    """Have what the cells told MLflow in the background written; also after a cell that failed."""
    from . import logged_metrics

    logged_metrics.flush()


def _spread(names):
    """The items of each list: plain ones as Python writes them, others stored."""
    from . import values

    shell, spreads = _shell(), []
    for name in names:
        try:
            if name not in shell.user_ns:
                raise NameError(f"no cell of this step bound `{name}`")
            items = []
            folder = f"{_state['io']}/out/{name}.items"
            for index, item in enumerate(values.items(shell.user_ns[name])):
                literal = values.literal(item)
                if literal is None:
                    os.makedirs(folder, exist_ok=True)
                    items.append({"codec": values.store(item, f"{folder}/{index}")})
                else:
                    items.append({"literal": literal})
            spreads.append({"name": name, "items": items})
        except Exception as error:  # noqa: BLE001 - told with the name
            is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            return spreads, {"name": name, "type": type(shell.user_ns.get(name)).__name__, "message": f"{type(error).__name__}: {error}", "isDiskFull": is_full}
    return spreads, None


def compare(left, right):
    """Tell whether two stored values are the same; the inputs are ``in/left`` and ``in/right``."""
    from . import values
    from .equality import difference

    a, b = (values.load(f"{_state['io']}/in/{name}", codec) for name, codec in (("left", left), ("right", right)))
    message = difference(a, b)
    _reply({"isEqual": message is None, "message": message or ""})


def _shell():
    from IPython import get_ipython

    return get_ipython()


def _limit_threads(cpus):
    """Undo the single thread of the zygote: the job's CPUs are the job's."""
    count = max(1, int(cpus))
    if count == 1:
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(count)
    try:
        from threadpoolctl import threadpool_limits

        _state["threads"] = threadpool_limits(count)
    except Exception:  # noqa: BLE001 - one thread then
        pass


def _reply(message):
    path = f"{_state['io']}/reply.json"
    with open(path + ".new", "w") as file:
        json.dump(message, file)
    os.rename(path + ".new", path)


class _Decorator(types.ModuleType):
    """`slipway.step` names this package and the decorator of `slipway.declare`: the package may be called."""

    def __call__(self, function=None, **options):
        from slipway.declare import step

        return step(function, **options)


sys.modules[__name__].__class__ = _Decorator
