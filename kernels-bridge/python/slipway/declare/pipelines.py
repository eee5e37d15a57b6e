"""`@slipway.pipeline`: a function that calls steps, and thereby orders them."""

import functools
import inspect
import re

from .names import camel_options
from .problem import DeclarationError
from .steps import Param, Value, _building

_SCALARS = (str, int, float, bool, type(None))


class Pipeline:
    """A pipeline; called outside of `slipway apply` it runs its steps here, as plain functions.

    Parameters
    ----------
    function : callable
    name : str or None
    options : dict
        Options of the pipeline as the contract names them.
    """

    def __init__(self, function, name, options):
        self.function = function
        self.name = name or function.__name__
        self.options = options
        functools.update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        if _building:
            raise DeclarationError(f"{self.name} is a pipeline; a pipeline calls steps, not pipelines.")
        return self.function(*args, **kwargs)

    def trace(self):
        """Call the function with its parameters, recording the steps it calls.

        Returns
        -------
        params : dict
            Defaults by name.
        calls : list of Call
        returned : list of Call
            Those whose values the function returned.
        """
        params = {}
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.default is inspect.Parameter.empty or type(parameter.default) not in _SCALARS:
                raise self._refused(f"The parameter {parameter.name} of the pipeline {self.name} needs a default: text, a number, True, False or None.")
            params[parameter.name] = parameter.default
        calls = []
        _building.append(calls)
        try:
            result = self.function(**{name: Param(name, value) for name, value in params.items()})
        finally:
            _building.pop()
        if not calls:
            raise self._refused(f"The pipeline {self.name} calls no step.")
        returned = [value._call for value in _values_in(result)]
        return params, calls, returned

    def _refused(self, message):
        code = self.function.__code__
        return DeclarationError(message, code.co_filename, code.co_firstlineno)


def _values_in(result):
    if isinstance(result, Value):
        return [result]
    if isinstance(result, (list, tuple)):
        return [value for item in result for value in _values_in(item)]
    if isinstance(result, dict):
        return [value for item in result.values() for value in _values_in(item)]
    return []


def pipeline(function=None, *, name=None, **options):
    """Declare a function that calls steps as a pipeline.

    Parameters
    ----------
    function : callable, optional
    name : str, optional
        The pipeline's name; the function's when not given.
    **options
        `schedule`, `kernel`, `human_steps`, `max_active_runs`, `priority`,
        `timeout_ms`, `deadline_ms`, `project`, `notifications`.
    """

    def declare(fn):
        if not inspect.isfunction(fn) or fn.__name__ == "<lambda>":
            raise DeclarationError("@slipway.pipeline is for functions with a name.")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name or fn.__name__):
            raise DeclarationError(f"{name or fn.__name__} is no name for a pipeline: letters, digits, `.`, `_`, `-`, beginning with a letter or digit.")
        return Pipeline(fn, name, camel_options(options))

    return declare if function is None else declare(function)
