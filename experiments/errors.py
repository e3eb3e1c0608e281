"""A user's mistake: the base class and the suggestion of a name, both defined beside the model."""

from sim.errors import MomentumError, did_you_mean, nearest

__all__ = ["MomentumError", "did_you_mean", "nearest"]
