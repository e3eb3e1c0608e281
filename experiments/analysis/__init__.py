"""Analyses: pure functions from tables to tables, one method a file."""
