"""How fast the model is, and against what: run by ``make bench``."""
