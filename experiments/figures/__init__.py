"""Figures: pure functions from tables to drawings, one figure a file."""
