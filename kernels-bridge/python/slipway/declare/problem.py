"""What is told of a declaration that cannot become a pipeline, with its place."""

import sys


class DeclarationError(Exception):
    """A declaration that cannot be carried out.

    Parameters
    ----------
    message : str
        What is wrong, and what to do.
    file, line : str, int, optional
        Where; the nearest frame outside this package when not given.
    """

    def __init__(self, message, file=None, line=None):
        super().__init__(message)
        if file is None:
            file, line = place_of_caller()
        self.file = file
        self.line = line


def place_of_caller():
    """File and line of the nearest frame that is not this package's."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("slipway."):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("<unknown>", 1)
