"""Clock and entropy in the user's own code, found by what its names stand for."""

from __future__ import annotations

import re
import sys
import types

_CLOCKS = {
    "time": ("time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "process_time_ns", "localtime", "gmtime", "ctime", "strftime"),
    "datetime": ("now", "utcnow", "today"),
    "pandas": ("now", "today", "utcnow"),
    "arrow": ("now", "utcnow"),
    "pendulum": ("now", "today"),
}  # fmt: skip
_ENTROPY = {
    "uuid": ("uuid1", "uuid4"),
    "secrets": ("token_bytes", "token_hex", "token_urlsafe", "choice", "randbelow", "randbits", "SystemRandom"),
    "os": ("urandom", "getrandom"),
    "random": ("SystemRandom",),
}
_UNSEEDED = re.compile(r"\b(?:RandomState|Random|default_rng)\(\s*\)")
_JUDGED = {"clock": _CLOCKS, "unseeded randomness": _ENTROPY}
_MAX_FUNCTIONS = 200


class CodeJudge:
    """Judges cells; what it found in a function is remembered by the function's code."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.by_code = {}

    def judge(self, source, names):
        """Reasons why the code of a cell that reads `names` is not reusable."""
        reasons = set()
        if _UNSEEDED.search(source):
            reasons.add("unseeded randomness")
        functions = []
        for name in names:
            value = self.namespace.get(name)
            if isinstance(value, types.FunctionType) and value.__globals__ is self.namespace:
                functions.append(value)
            elif value is not None:
                self._judge_name(name, value, source, reasons)
        self._judge_functions(functions, reasons)
        return reasons

    def _judge_name(self, name, value, source, reasons):
        module = _module_of(value)
        for reason, table in _JUDGED.items():
            attributes = table.get(module)
            if attributes is None:
                continue
            if getattr(value, "__name__", None) in attributes and not isinstance(value, (types.ModuleType, type)):
                reasons.add(reason)
            elif isinstance(value, (types.ModuleType, type)):
                pattern = r"\b%s(?:\s*\.\s*\w+)*?\s*\.\s*(?:%s)\s*\(" % (re.escape(name), "|".join(attributes))
                if re.search(pattern, source):
                    reasons.add(reason)

    def _judge_functions(self, functions, reasons):
        seen = set()
        while functions and len(seen) < _MAX_FUNCTIONS:
            code = functions.pop().__code__
            if code in seen:
                continue
            seen.add(code)
            names = self._names_of(code)
            for name in names:
                value = self.namespace.get(name)
                if isinstance(value, types.FunctionType) and value.__globals__ is self.namespace:
                    functions.append(value)
                    continue
                self._judge_attributes(value if value is not None else sys.modules.get(name), names, reasons)

    def _judge_attributes(self, value, names, reasons):
        module = _module_of(value)
        for reason, table in _JUDGED.items():
            attributes = table.get(module, ())
            if isinstance(value, (types.ModuleType, type)):
                # `time` is both the module and its function: the pair must be another name than the module's own.
                if any(a in names for a in attributes if a != getattr(value, "__name__", None)) or (module == "time" and names.get("time", 0) > 1):
                    reasons.add(reason)
            elif value is not None and getattr(value, "__name__", None) in attributes:
                reasons.add(reason)

    def _names_of(self, code):
        known = self.by_code.get(code)
        if known is None:
            known = {}
            stack = [code]
            while stack:
                each = stack.pop()
                for name in each.co_names:
                    known[name] = known.get(name, 0) + 1
                stack.extend(constant for constant in each.co_consts if isinstance(constant, types.CodeType))
            if "time" in known:
                import dis

                uses = sum(1 for i in dis.get_instructions(code) if i.argval == "time" and i.opname.startswith(("LOAD_ATTR", "LOAD_METHOD")))
                known["time"] = 1 + uses
            self.by_code[code] = known
        return known


def _module_of(value):
    if isinstance(value, types.ModuleType):
        return value.__name__.split(".")[0]
    return str(getattr(value, "__module__", None) or "").split(".")[0]
