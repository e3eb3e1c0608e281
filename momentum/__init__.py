"""The laboratory from Python: runs, sweeps and comparisons of movements for a cooperative.

Examples
--------
>>> import momentum
>>> result = momentum.sweep({"threat.base": [0.1, 0.6]}, replicates=2, workers=1, progress=False)
>>> len(result.runs)
4
"""

from typing import TYPE_CHECKING, Any

from experiments.errors import MomentumError
from experiments.interface import Comparison, Result, Run, compare, list_results, load, run, sweep
from sim import History, Network, Outcome, Parameters, simulate

if TYPE_CHECKING:
    from sim import MovementModel

__all__ = [
    "Comparison", "History", "MomentumError", "MovementModel", "Network", "Outcome", "Parameters",
    "Result", "Run", "compare", "list_results", "load", "run", "simulate", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the model with agents when it is first used: Mesa is slow to import."""
    if name != "MovementModel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sim import MovementModel

    return MovementModel
