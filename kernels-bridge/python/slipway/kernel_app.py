"""The Jupyter kernel of a step: ipykernel's, without what only a command line or an interactive user needs."""

from __future__ import annotations

from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

OPTIONS = {"IPKernelApp": {"extensions": [], "extra_extensions": []}, "HistoryManager": {"enabled": False}, "InteractiveShell": {"history_length": 0}}


class StepKernelApp(IPKernelApp):
    """Set up by `OPTIONS` and the user's IPython files alone."""

    def parse_command_line(self, argv=None):
        """There is none; making its parser takes a tenth of a kernel's start."""


def initialized(connection_file):
    """Bind the sockets that `connection_file` names; the kernel then waits for `start`."""
    app = StepKernelApp.instance(config=Config(OPTIONS), connection_file=connection_file)
    app.initialize([])
    return app
