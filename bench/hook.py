"""What the hook adds to a trivial cell; prints its figures, then one line of JSON.

Usage: python bench/hook.py [CELLS]
"""

import json
import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kernels-bridge", "python"))
os.environ["SLIPWAY_HOME"] = tempfile.mkdtemp()

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402


def run_cells(shell, count):
    """Milliseconds of each of `count` executions of a trivial cell."""
    times = []
    for i in range(count):
        source = "x = %d" % i
        started = time.perf_counter()
        shell.run_cell(source, store_history=True, cell_id="bench")
        times.append((time.perf_counter() - started) * 1000)
    return times


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    shell = InteractiveShell.instance()
    shell.run_cell("import numpy, pandas\n" + "\n".join("name_%d = %d" % (i, i) for i in range(100)), store_history=True)
    without, with_hook = [], []
    import slipway.hook

    # In turns, so that what else the machine does falls on both.
    for _ in range(5):
        run_cells(shell, 50)
        without += run_cells(shell, count // 5)
        slipway.hook.load(shell)
        run_cells(shell, 50)
        with_hook += run_cells(shell, count // 5)
        slipway.hook.unload()
    added = statistics.median(with_hook) - statistics.median(without)
    print("a trivial cell in IPython: %.3f ms; with the hook: %.3f ms; added: %.3f ms (p50, 100 names in the namespace)" % (statistics.median(without), statistics.median(with_hook), added))
    print(json.dumps({"cells": count, "baseP50Ms": round(statistics.median(without), 4), "hookP50Ms": round(statistics.median(with_hook), 4), "addedP50Ms": round(added, 4)}))


main()
