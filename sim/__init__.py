"""An agent-based model of movements to turn a platform firm into a cooperative of its users."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim import sources as sources  # which remembers them before any other module is imported

if TYPE_CHECKING:
    from sim.history import History
    from sim.model import MovementModel
    from sim.network import Network
    from sim.outcome import Outcome
    from sim.parameters import Parameters
    from sim.run import Run, simulate

_HOMES = {
    "History": "sim.history",
    "MovementModel": "sim.model",
    "Network": "sim.network",
    "Outcome": "sim.outcome",
    "Parameters": "sim.parameters",
    "Run": "sim.run",
    "simulate": "sim.run",
}
__all__ = ["History", "MovementModel", "Network", "Outcome", "Parameters", "Run", "simulate"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: Mesa and Numba are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
