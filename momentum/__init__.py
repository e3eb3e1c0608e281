"""The laboratory from Python: runs, sweeps and comparisons of movements for a cooperative.

Examples
--------
>>> import momentum
>>> result = momentum.sweep({"threat.base": [0.1, 0.6]}, replicates=2, workers=1, progress=False)
>>> len(result.runs)
4
"""

from experiments.errors import MomentumError
from experiments.interface import Comparison, Result, Run, compare, list_results, load, run, sweep
from sim import History, MovementModel, Network, Outcome, Parameters, simulate

__all__ = [
    "Comparison",
    "History",
    "MomentumError",
    "MovementModel",
    "Network",
    "Outcome",
    "Parameters",
    "Result",
    "Run",
    "compare",
    "list_results",
    "load",
    "run",
    "simulate",
    "sweep",
]
