"""From a question to an answer: runs, sweeps and comparisons, also from Python.

``run``, ``sweep``, ``load``, ``compare`` and ``list_results`` do what ``momentum`` does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.interface import (
        Comparison,
        Result,
        Run,
        compare,
        list_results,
        load,
        run,
        sweep,
    )

__all__ = ["Comparison", "Result", "Run", "compare", "list_results", "load", "run", "sweep"]


def __getattr__(name: str) -> Any:
    """Load the interface when it is first used: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("experiments.interface"), name)
