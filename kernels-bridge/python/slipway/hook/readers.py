"""Readers in native code, which no audit event tells of: wrapped once their module is there."""

from __future__ import annotations

import functools
import os
import re
import sys

from .activity import current
from .imports import after_import

#: Functions whose first argument is what they read: a path, several, a folder or a pattern.
_PATH_FIRST = {
    "pyarrow": ["memory_map", "input_stream"],
    "pyarrow.parquet": ["read_table", "read_pandas", "read_schema", "read_metadata"],
    "pyarrow.feather": ["read_table", "read_feather"],
    "pyarrow.csv": ["read_csv", "open_csv"],
    "pyarrow.json": ["read_json", "open_json"],
    "pyarrow.orc": ["read_table"],
    "pyarrow.dataset": ["dataset"],
    "polars": ["read_csv", "read_parquet", "read_ipc", "read_json", "read_ndjson", "read_avro", "scan_csv", "scan_parquet", "scan_ipc", "scan_ndjson"],
    "duckdb": ["read_csv", "read_parquet", "read_json", "from_csv_auto", "from_parquet"],
    "tables": ["open_file"],
    "cv2": ["imread", "imreadmulti"],
    "soundfile": ["read", "info"],
    "rasterio": ["open"],
    "pyreadstat": ["read_sav", "read_dta", "read_sas7bdat", "read_por"],
    "xarray": ["open_dataset", "open_mfdataset", "open_dataarray", "open_zarr"],
    "geopandas": ["read_file", "read_parquet", "read_feather"],
}  # fmt: skip
#: Writers of the same kind; the argument that names the file.
_PATH_WRITTEN = {
    "pyarrow.parquet": {"write_table": 1, "write_metadata": 1, "write_to_dataset": 1},
    # pandas opens these through pyarrow's own file objects.
    "pandas.io.parquet": {"to_parquet": 1},
    "pandas.io.orc": {"to_orc": 1},
    "pyarrow.feather": {"write_feather": 1},
    "pyarrow.csv": {"write_csv": 1},
}
#: Classes of Python whose constructor opens the file.
_CONSTRUCTORS = {
    "pyarrow.parquet": ["ParquetFile", "ParquetDataset"],
    "h5py": ["File"],
    "xgboost": ["DMatrix"],
    "lightgbm": ["Dataset"],
}
#: Modules whose readers we cannot see: a cell that uses one is not reusable.
UNSEEN = frozenset(["netCDF4", "osgeo", "tensorflow", "torchvision", "pyodbc", "psycopg2", "psycopg", "pymysql", "pymongo", "ray", "pyspark", "dask_cudf", "cudf", "duckdb"])
_PATH_NAMES = ("path", "source", "where", "root_path", "dest", "filename", "file", "filename_or_obj", "input_file", "paths", "path_or_paths", "name", "data", "file_path", "dest_path")
_SQL_TEXT = re.compile(r"'((?:[^']|'')+)'")
_patched = []


def install():
    """Wrap each known reader as its module comes."""
    for module in sorted(set(_PATH_FIRST) | set(_PATH_WRITTEN) | set(_CONSTRUCTORS)):
        after_import(module, _wrap_module)
    after_import("duckdb", _wrap_duckdb)


def uninstall():
    """Put the originals back."""
    while _patched:
        owner, name, original = _patched.pop()
        setattr(owner, name, original)


def _wrap_module(module):
    name = module.__name__
    for function in _PATH_FIRST.get(name, ()):
        _wrap(module, function, 0, "read")
    for function, position in _PATH_WRITTEN.get(name, {}).items():
        _wrap(module, function, position, "write")
    for class_name in _CONSTRUCTORS.get(name, ()):
        constructor = getattr(module, class_name, None)
        if isinstance(constructor, type):
            _wrap(constructor, "__init__", 1, "read")


def _wrap(owner, name, position, mode):
    original = getattr(owner, name, None)
    if original is None or hasattr(original, "__slipway__"):
        return

    @functools.wraps(original)
    def wrapped(*args, **kwargs):
        source = args[position] if len(args) > position else _named(kwargs)
        opened = _mode_of(args, kwargs, position) if name == "__init__" else mode
        # A product exists, and its folder too, only after the call; an input may be gone by then.
        if opened == "read":
            note(source, opened)
        result = original(*args, **kwargs)
        if opened == "write":
            note(source, opened)
        return result

    _replace(owner, name, original, wrapped)


def _replace(owner, name, original, wrapped):
    wrapped.__slipway__ = True
    # Pickle looks a function up by its home module: both names must lead to the same object.
    home = sys.modules.get(getattr(original, "__module__", None) or "")
    for place in {id(owner): owner, id(home): home}.values():
        if place is not None and getattr(place, name, None) is original:
            setattr(place, name, wrapped)
            _patched.append((place, name, original))


def _named(kwargs):
    return next((kwargs[name] for name in _PATH_NAMES if name in kwargs), None)


def _mode_of(args, kwargs, position):
    mode = kwargs.get("mode", args[position + 1] if len(args) > position + 1 else "r")
    return "write" if isinstance(mode, str) and mode[:1] in ("w", "a", "x") else "read"


def note(source, mode="read"):
    """Take note of what a reader was given; streams and in-memory data say nothing."""
    activity = current.get()
    if activity is None:
        return
    try:
        for path in source if isinstance(source, (list, tuple)) else [source]:
            if isinstance(path, (str, bytes, os.PathLike)):
                _note_path(activity, os.fsdecode(path), mode)
    except Exception:  # noqa: BLE001 - a reader must never fail because of us
        pass


def _note_path(activity, path, mode):
    if "://" in path and not path.startswith("file://"):
        activity.impure("network")
        return
    path = path[7:] if path.startswith("file://") else path
    if any(letter in path for letter in "*?["):
        import glob

        activity.folder(os.path.dirname(path) or ".")
        for each in sorted(glob.glob(path, recursive=True)):
            activity.file(each, mode)
    elif os.path.isdir(path):
        for folder, _, names in os.walk(path):
            activity.folder(folder)
            for name in names:
                activity.file(os.path.join(folder, name), mode)
    else:
        activity.file(path, mode)


def _wrap_duckdb(module):
    for name in ("sql", "query", "execute", "from_query"):
        _wrap_sql(module, name)
    original = module.connect

    @functools.wraps(original)
    def connect(*args, **kwargs):
        database = args[0] if args else kwargs.get("database", ":memory:")
        activity = current.get()
        if activity is not None:
            if str(database).startswith(":"):
                # Its queries go through a native object: what files they read stays unseen.
                activity.impure("native reader duckdb")
            else:
                note(database)
        return original(*args, **kwargs)

    _replace(module, "connect", original, connect)


def _wrap_sql(module, name):
    original = getattr(module, name, None)
    if original is None or hasattr(original, "__slipway__"):
        return

    @functools.wraps(original)
    def wrapped(*args, **kwargs):
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, str):
                note([text for text in _SQL_TEXT.findall(argument) if os.path.exists(text) or "*" in text or "://" in text])
        return original(*args, **kwargs)

    _replace(module, name, original, wrapped)
