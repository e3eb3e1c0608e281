"""Patterns: what is known about campaigns, against which the model is judged."""
