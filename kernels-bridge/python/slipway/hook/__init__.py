"""What happens in a kernel, recorded while it happens.

Standard library only: a user's kernel may have nothing else. Nothing here
may slow a cell (22-41 us is the floor, 0.2 ms the ceiling for a trivial one),
change what it computes, alter its traceback, or raise into it.

In notebooks
------------
Loaded at kernel start through IPython's configuration
(``c.InteractiveShellApp.extensions = ["slipway.hook"]``), or silently into a
kernel already running::

    import sys; sys.path.insert(0, PATH); import slipway.hook; slipway.hook.load()

or, where the kernel sees no file of ours, by executing the text that
`inline_source` returns. Loading twice does nothing.

Each session appends its records (``schema/src/hook.ts``, one JSON object a
line) to ``HOME/spool/<sessionId>.jsonl``, where HOME is ``SLIPWAY_HOME`` or
``~/.slipway``, from a thread of its own. A full or missing disk keeps them in
memory, bounded, until it can write again.

The comm ``slipway``
--------------------
The kernel registers the comm target ``slipway``; the front end opens it, with
``{}`` or ``{"since": SEQ}`` as data. The kernel answers with the session's
latest ``session_started`` and the records it still holds from ``SEQ`` on (the
last 500 at most), then sends each new one; the data of every message from the
kernel is exactly one record. Records may come twice: (sessionId, seq) names
one. The front end may send ``{"notebookPath": PATH}`` when it knows better
than the kernel which notebook this is: a further ``session_started`` follows.
Any number of front ends may be connected.

In pipeline steps
-----------------
`slipway.hook.capture.CellCapture` does the same without spool and comm::

    capture = CellCapture(shell, watch_steps=True)
    capture.attach()                        # after the last fork
    shell.run_cell(source, store_history=True, cell_id="a1b2")
    for record in capture.take():           # waits for the digests
        ...
    capture.detach()

A record is a dict with the fields of ``cell_executed`` (without ``type``,
``sessionId``, ``seq``, ``at``), and with ``watch_steps=True`` also

- ``reads``: ``[{"path", "digest", "kind": "file" | "listing"}]``, digests of
  whatever size; folders by the SHA-256 of their sorted names;
- ``envRead``: ``{NAME: value or None}`` of variables the user's code read.

``impurities`` lists what forbids the reuse of the results, in words.
"""

from __future__ import annotations

__all__ = ["load", "unload", "load_ipython_extension", "unload_ipython_extension", "inline_source"]


def load_ipython_extension(shell):
    """IPython's entry point: ``%load_ext slipway.hook``."""
    load(shell)


def unload_ipython_extension(shell):
    """IPython's counterpart: ``%unload_ext slipway.hook``."""
    unload()


def load(shell=None):
    """Start recording this kernel's cells; does nothing where it runs already, or outside IPython.

    Never raises: a kernel without a working hook is still a kernel.
    """
    import os

    if os.environ.get("SLIPWAY_STEP"):
        return  # a step's kernel has a capture of its own and no session
    try:
        if shell is None:
            from IPython import get_ipython

            shell = get_ipython()
        if shell is not None:
            from .session import start

            start(shell)
    except Exception as error:  # noqa: BLE001 - the kernel goes on without us
        import logging

        logging.getLogger("slipway").warning("Slipway's hook did not start: %s", error)


def unload():
    """End the session and take every patch that can be taken back out of the kernel."""
    from .session import stop

    stop()


def inline_source():
    """Return Python text that loads this package from itself, for kernels on other machines."""
    from .inline import build

    return build()
