"""`@slipway.step`: a function that becomes a step of a pipeline."""

import functools
import inspect
import keyword

from .names import camel_options
from .problem import DeclarationError, place_of_caller

#: The pipeline that is being built, if one is; else calls are plain calls.
_building = []

_PLAIN = (str, int, float, bool, type(None))


class Value:
    """What a step will give: handed to other steps, never looked into.

    Parameters
    ----------
    call : Call
        The call of the step that makes it.
    """

    def __init__(self, call):
        self._call = call

    def after(self, *others):
        """Wait for other steps' values as well, though none is taken.

        Returns
        -------
        Value
            This value.
        """
        for other in others:
            if not isinstance(other, Value):
                raise DeclarationError("`after` takes what other steps give.")
            self._call.after.append(other._call)
        return self

    def _refuse(self, *_args, **_kwargs):
        name = self._call.step.name
        raise DeclarationError(f"What {name} gives is not there while the pipeline is built: look into it in a step that takes it.")

    __bool__ = __iter__ = __len__ = __getitem__ = __add__ = __radd__ = __sub__ = __mul__ = __truediv__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __call__ = __float__ = __int__ = _refuse

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()


class Param:
    """A parameter of the pipeline that is being built; handed to steps as it is.

    Parameters
    ----------
    name : str
    value : str, int, float, bool or None
        Its default.
    """

    def __init__(self, name, value):
        self.name = name
        self.value = value

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise DeclarationError(f"The parameter {self.name} is set when a run starts: work with it in a step.")

    def _refuse(self, *_args):
        raise DeclarationError(f"The parameter {self.name} is set when a run starts: work with it in a step.")

    __bool__ = __iter__ = __len__ = __getitem__ = __add__ = __radd__ = __sub__ = __mul__ = __truediv__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


class Call:
    """One call of a step while a pipeline is built.

    Parameters
    ----------
    step : Step
    arguments : dict
        By parameter of the function: values, params or constants.
    item : str or None
        The parameter that takes one item of a list, with `map`.
    """

    def __init__(self, step, arguments, item):
        self.step = step
        self.arguments = arguments
        self.item = item
        self.after = []
        self.name = None
        self.place = place_of_caller()


class Step:
    """A function that is a step; called outside of `slipway apply` it runs at once.

    Parameters
    ----------
    function : callable
    options : dict
        Options of the step as the contract names them.
    """

    def __init__(self, function, name, options):
        self.function = function
        self.name = name or function.__name__
        self.options = options
        functools.update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        if not _building:
            return self.function(*args, **kwargs)
        return self._record(args, kwargs, None)

    def map(self, *args, **kwargs):
        """Run the step once for each item of the one list among its arguments.

        Returns
        -------
        list or Value
            What each item gave, in the order of the items.
        """
        if not _building:
            return self._map_here(args, kwargs)
        bound = self._bind(args, kwargs)
        lists = [name for name, value in bound.items() if isinstance(value, Value)]
        if len(lists) != 1:
            raise DeclarationError(f"{self.name}.map takes exactly one value of another step, the list; there are {len(lists)}.")
        return self._record(args, kwargs, lists[0])

    def _map_here(self, args, kwargs):
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        lists = [name for name, value in bound.arguments.items() if isinstance(value, (list, tuple))]
        if len(lists) != 1:
            raise TypeError(f"{self.name}.map takes exactly one list; there are {len(lists)}.")
        (name,) = lists
        results = []
        for item in bound.arguments[name]:
            one = inspect.signature(self.function).bind(*args, **kwargs)
            one.arguments[name] = item
            results.append(self.function(*one.args, **one.kwargs))
        return results

    def _bind(self, args, kwargs):
        try:
            return inspect.signature(self.function).bind(*args, **kwargs).arguments
        except TypeError as error:
            raise DeclarationError(f"{self.name}: {error}.") from None

    def _record(self, args, kwargs, item):
        arguments = dict(self._bind(args, kwargs))
        signature = inspect.signature(self.function)
        for name, value in list(arguments.items()):
            kind = signature.parameters[name].kind
            if kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY):
                raise DeclarationError(f"{self.name}: a step's arguments are given by name; {name} cannot be.")
            if not isinstance(value, (Value, Param)) and not is_constant(value):
                raise DeclarationError(f"{self.name}: {name} is {type(value).__name__}, which cannot be written into a cell. Give numbers, text, lists and dicts of them, or what another step gives.")
        call = Call(self, arguments, item)
        _building[-1].append(call)
        return Value(call)


def is_constant(value):
    """Whether a value can be written into a cell as it is printed."""
    if isinstance(value, float):
        return value == value and value not in (float("inf"), float("-inf"))
    if type(value) in _PLAIN:
        return True
    if type(value) in (list, tuple):
        return all(is_constant(item) for item in value)
    return type(value) is dict and all(is_constant(k) and is_constant(v) for k, v in value.items())


def step(function=None, *, name=None, **options):
    """Declare a function as a step of pipelines.

    Parameters
    ----------
    function : callable, optional
    name : str, optional
        The step's name; the function's when not given.
    **options
        Options of the step: `resources`, `engine`, `retry`, `timeout_ms`,
        `cache`, `run_if`, `when`, `branch`, `is_exit_handler`, `pool`,
        `priority`, `is_preemptible`, `rules`, `secrets`.
    """

    def declare(fn):
        if not inspect.isfunction(fn):
            raise DeclarationError(f"@slipway.step is for functions; this is {type(fn).__name__}.")
        if fn.__name__ == "<lambda>":
            raise DeclarationError("A lambda cannot be a step: write it as a function with a name.")
        if fn.__closure__:
            held = ", ".join(fn.__code__.co_freevars)
            raise DeclarationError(f"{fn.__name__} uses {held} of the function around it, which no other process can see: hand it over as a parameter, or move it to the module.")
        if "<locals>" in fn.__qualname__ or "." in fn.__qualname__:
            raise DeclarationError(f"{fn.__qualname__} is not at the top of its module: steps are functions of a module.")
        if inspect.iscoroutinefunction(fn) or inspect.isgeneratorfunction(fn):
            raise DeclarationError(f"{fn.__name__} is a coroutine or generator; a step gives its value when it returns.")
        if name is not None and (not name or len(name) > 80):
            raise DeclarationError("A step's name has 1 to 80 characters.")
        return Step(fn, name, camel_options(options))

    return declare if function is None else declare(function)


def identifier(text):
    """A Python name that resembles a text."""
    name = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in text)
    return f"_{name}" if not name or name[0].isdigit() or keyword.iskeyword(name) else name
