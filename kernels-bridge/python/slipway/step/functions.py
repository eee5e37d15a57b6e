"""Functions of the notebook come back as if they had been defined where they are used.

cloudpickle gives each function of ``__main__`` a private copy of the globals it
reads. In a notebook all cells share one namespace: a name bound anew before a
call is the one the function sees. So such functions are built upon the
namespace of the step that takes them, and names it lacks are filled in.
"""

from __future__ import annotations

import pickle
import types


class NotebookUnpickler(pickle.Unpickler):
    """Loads values for a step whose cells run in `namespace`."""

    def __init__(self, file, namespace):
        super().__init__(file)
        self._namespace = namespace

    def find_class(self, module, name):
        if module == "cloudpickle.cloudpickle":
            if name == "_make_function":
                return self._make_function
            if name == "_function_setstate":
                self._set_state = super().find_class(module, name)
                return self._set_function_state
        return super().find_class(module, name)

    def _make_function(self, code, own, name, defaults, closure):
        """`own` holds no more than where the function was defined; what it reads comes with its state."""
        of_notebook = own.get("__name__") == "__main__"
        own.setdefault("__builtins__", __builtins__)
        return types.FunctionType(code, self._namespace if of_notebook else own, name, defaults, closure)

    def _set_function_state(self, function, state):
        attributes, slots = state
        if function.__globals__ is self._namespace:
            for name, value in slots["__globals__"].items():
                self._namespace.setdefault(name, value)
            slots = {**slots, "__globals__": {}}
        self._set_state(function, (attributes, slots))
