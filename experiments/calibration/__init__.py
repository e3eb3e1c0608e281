"""Calibration: what the facts of a case say of the parameters, and what they cannot say."""
