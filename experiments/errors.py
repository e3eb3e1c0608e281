"""Errors and warnings for the user, and the nearest name; all are defined beside the model."""

from sim.errors import MomentumError, MomentumWarning, did_you_mean, nearest, warn

__all__ = ["MomentumError", "MomentumWarning", "did_you_mean", "nearest", "warn"]
