"""Pipelines as Python functions: `@slipway.step` and `@slipway.pipeline`.

A pipeline called as it stands runs its steps here and now, as plain functions.
While `slipway apply` builds it, calls of steps are recorded instead, and what
they give is a `Value` that may be handed to further steps.
"""

from .pipelines import Pipeline, pipeline
from .problem import DeclarationError
from .steps import Step, Value, step

__all__ = ["DeclarationError", "Pipeline", "Step", "Value", "pipeline", "step"]
