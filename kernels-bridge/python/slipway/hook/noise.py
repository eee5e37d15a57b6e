"""Which opened files say nothing about a cell's data."""

from __future__ import annotations

import os
import re
import sys
import tempfile

from .frames import LIBRARY_PREFIXES


def _home(*parts):
    return os.path.join(os.path.expanduser("~"), *parts)


_PREFIXES = LIBRARY_PREFIXES + tuple(
    path.rstrip(os.sep) + os.sep
    for path in (
        "/proc", "/sys", "/dev", "/etc", "/run", "/usr/share", "/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/System", "/Library",
        os.path.join(sys.prefix, "share"), os.path.join(sys.prefix, "etc"), os.path.join(sys.prefix, "lib"),
        os.path.join(sys.base_prefix, "lib"), os.path.join(tempfile.gettempdir(), "ipykernel_"),
        _home(".ipython"), _home(".jupyter"), _home(".cache"), _home(".config"), _home(".local", "share", "jupyter"), _home(".slipway"),
        os.environ.get("IPYTHONDIR", _home(".ipython")), os.environ.get("MPLCONFIGDIR", _home(".config", "matplotlib")),
        os.environ.get("SLIPWAY_HOME", _home(".slipway")),
        # Where Jupyter was told to keep its own files, a kernel's connection file among them.
        *filter(None, map(os.environ.get, ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"))),
    )
)  # fmt: skip
# scikit-learn's bundled data lies in site-packages and is data all the same; it belongs to the package's version.
_SUFFIXES = (".py", ".pyc", ".pyi", ".so", ".ttf", ".otf", ".afm", ".egg-info", ".dist-info", ".pth", ".mplstyle")
_PARTS = ("/__pycache__/", "/.git/", "/.ipynb_checkpoints/", "/.mypy_cache/", "/fontlist-", "/slipway-mlruns/")
# What `tempfile` makes: scratch of a library (joblib's pickles, MLflow's uploads), gone before anyone could look.
_SCRATCH = re.compile(re.escape(tempfile.gettempdir()) + r"/(?:tmp[a-z0-9_]{8}|joblib_|pymp-|ipykernel)")


def is_noise(path):
    """Whether an absolute path is the interpreter's or a library's own business."""
    if path.startswith(_PREFIXES) or path.endswith(_SUFFIXES) or any(part in path for part in _PARTS):
        return True
    # The traceback printer looks for the source of code that has no file.
    if os.path.basename(path).startswith("<"):
        return True
    return bool(_SCRATCH.match(path)) and not path.startswith(os.getcwd() + os.sep)
