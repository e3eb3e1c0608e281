"""The interface from Python, which the package `momentum` re-exports."""

from experiments.interface.functions import compare, list_results, load, run, sweep
from experiments.interface.objects import Comparison, Result, Run

__all__ = ["Comparison", "Result", "Run", "compare", "list_results", "load", "run", "sweep"]
