"""Slipway in Python: pipelines declared with `step` and `pipeline`.

Nothing is imported before it is used: the kernel's hook lives in this package too.
"""

__all__ = ["pipeline", "step"]


def __getattr__(name):
    if name == "pipeline":
        from slipway.declare import pipeline

        return pipeline
    if name == "step":
        # The package of that name is the decorator as well: see `slipway.step`.
        import importlib

        return importlib.import_module("slipway.step")
    raise AttributeError(f"module 'slipway' has no attribute {name!r}")
