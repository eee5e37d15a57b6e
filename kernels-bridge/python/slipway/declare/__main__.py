"""`python -m slipway.declare MODULE.py ANSWER.json`: the pipelines a module declares.

What the module prints stays on its own streams; the answer goes to a file.
"""

import importlib.util
import json
import os
import sys
import traceback


def main(path, answer):
    """Load the module and write its pipelines, or what is wrong, as JSON."""
    try:
        result = {"pipelines": [_built(p) for p in _pipelines_of(_load(path), path)]}
    except Exception as error:  # noqa: BLE001 - told to who declares
        from slipway.declare import DeclarationError

        if isinstance(error, DeclarationError):
            result = {"error": {"message": str(error), "file": error.file, "line": error.line}}
        else:
            result = {"error": {"message": f"{type(error).__name__}: {error}", **_place_of(error, path)}}
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(result, file)


def _load(path):
    folder, name = os.path.split(path)
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(os.path.splitext(name)[0], path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _pipelines_of(module, path):
    from slipway.declare import DeclarationError, Pipeline

    found = [value for value in vars(module).values() if isinstance(value, Pipeline) and value.function.__module__ == module.__name__]
    if not found:
        raise DeclarationError("The module declares no pipeline: put @slipway.pipeline above a function that calls steps.", path, 1)
    return list(dict.fromkeys(found))


def _built(pipeline):
    from slipway.declare.build import Builder

    built = Builder(pipeline).build()
    json.dumps(built, allow_nan=False)
    return built


def _place_of(error, path):
    """The innermost line of the module itself; for a syntax error, that."""
    if isinstance(error, SyntaxError) and error.filename:
        return {"file": error.filename, "line": error.lineno or 1}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if os.path.abspath(f.filename) == os.path.abspath(path)]
    return {"file": path, "line": frames[-1].lineno if frames else 1}


if __name__ == "__main__":
    main(*sys.argv[1:3])
