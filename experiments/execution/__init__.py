"""Runs and sweeps, carried out."""
