"""From a question to an answer: runs, sweeps, comparisons; Python imports them from `momentum`."""
