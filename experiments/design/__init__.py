"""From an experiment to its points."""
